// What is said: typed once. Marks lie behind the letters; the words are read at once and again while they grow, one reading
// at a time; nothing is asked in the middle of a composition, and no answer ever touches what is being typed.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  // Milliseconds: what one key does to the box is gathered; two readings begin this far apart; one that is not answered.
  var PAUSE = 16, APART = 100, UNANSWERED = 4000, SAVE = 1000, PAUSED = 2500;
  var composing = false, unsettled = null, timer = 0, save = 0, began = -APART, running = null, reading = null, behind = false, leaving = false;
  var spans = [], last = "", savedAt = 0, dirty = false, dirtyAt = 0, keyAt = -PAUSED, refused = false;
  var of = ""; // the matter whose words these are
  var shared = ""; // the words as another window at this matter has them too (windows.js)
  liandong.answers = {};

  function words() { return document.getElementById("words"); }

  liandong.typing = {
    begin: function () {
      var box = words(), call = document.getElementById("call"), matter = call ? call.dataset.matter : "";
      if (!box || matter !== of) { composing = false; unsettled = null; } // a box that went took its composition along
      // The page may turn to writing while somebody types already: what stands there unread is read and kept all the same.
      var typing = dirty && box && matter === of;
      of = matter;
      clearTimeout(timer); clearTimeout(save);
      timer = 0; behind = false;
      if (running) running.abort(); // of the matter that was here before
      spans = []; last = shared = box ? box.value : ""; dirty = typing;
      liandong.answers = box ? JSON.parse(box.dataset.answers || "{}") : {};
      marks();
      if (typing) soon(PAUSE);
      else if (box) written({ asks: true }); // the other may hold what is not kept yet
    },
    answer: function (id, value) { liandong.answers[id] = value; written({ answers: liandong.answers }); touched(); read(); },
    // What another window of this person has written, or answered: put here where the two had the same before, or, of one
    // that was here first (`was` is null), where nothing is written yet.
    takes: function (was, now, answers) {
      var box = words();
      if (answers) { liandong.answers = answers; soon(PAUSE); return; }
      if (box.value === now) { shared = now; return; }
      if (composing || (was === null ? dirty : box.value !== was)) { note("另一个窗口也在写这件"); return; }
      var from = box.selectionStart, to = box.selectionEnd;
      box.value = shared = now;
      box.setSelectionRange(from, to);
      follow(now);
      paint();
      soon(PAUSE);
    },
    // Something else that is read with the words has grown.
    again: function () { soon(0); },
    // What stands in the box without the letters an input method has not made into words yet.
    settled: function () {
      var text = words().value, at = unsettled;
      return at ? text.slice(0, at.from) + text.slice(at.from + at.length) : text;
    },
    // Before the page goes on to something else; letters that are no words yet do not hold it up.
    flush: function () {
      if (!dirty) return;
      if (composing) return draft();
      leaving = true;
      return read();
    },
    // Whether somebody is writing here now: a word is being composed, or not kept yet, or the last key was a moment ago.
    busy: function () {
      var box = words();
      return !!box && (composing || dirty || (document.activeElement === box && performance.now() - keyAt < PAUSED));
    },
  };

  function follow(text) { spans = liandong.behind.moved(spans, last, text); last = text; }
  function paint() { liandong.behind.paint(words(), spans); }

  // The server's marks belong to the text it read; they are shown when that is still what stands here.
  function marks(text) {
    var heard = document.getElementById("heard"), box = words();
    if (!heard || !box) return;
    var was = text === undefined ? box.value : text;
    spans = liandong.behind.given(heard.dataset.spans, was); last = was;
    if (box.value !== was) follow(box.value);
    paint();
  }

  // Never two at once: what is typed meanwhile is read next, so that a slow platform is asked less often, not more, and
  // whoever types on still sees the decision follow.
  function read() {
    clearTimeout(timer);
    timer = 0;
    if (reading) { behind = true; return reading; }
    reading = once().finally(function () {
      reading = null;
      if (behind) { behind = false; return read(); }
    });
    return reading;
  }
  function soon(pause) {
    if (!timer) timer = setTimeout(read, Math.max(pause, began + APART - performance.now()));
  }

  async function once() {
    var call = document.getElementById("call"), box = words();
    if (!call || !box || composing) return;
    var mine = (running = new AbortController()), text = box.value, matter = call.dataset.matter, late = false;
    var patience = setTimeout(function () { late = true; mine.abort(); }, UNANSWERED);
    began = performance.now();
    var data = typed(text);
    var saves = leaving || "followed" in call.dataset || Date.now() - savedAt > SAVE;
    leaving = false;
    if (saves) data.set("save", "1");
    var answer = await liandong.send("POST", "/matters/" + matter + "/reading/", data, "", mine.signal);
    clearTimeout(patience);
    if (running === mine) running = null;
    var now = document.getElementById("call");
    if (answer.status === -1 && !late || !now || now.dataset.matter !== matter || composing) return;
    if (answer.status <= 0) { note("没连上，字还在这里"); soon(2000); return; }
    await liandong.put(answer.text);
    if (!answer.ok) { refused = true; return; }
    if (refused) { refused = false; document.getElementById("fault").replaceChildren(); }
    marks(text);
    if (saves) { savedAt = Date.now(); dirty = box.value !== text; note("已存"); }
    else { clearTimeout(save); save = setTimeout(keep, SAVE); }
  }
  function keep() { if (dirty) { savedAt = 0; read(); } }
  // All that stands on the page: the words, the answers, the fields below.
  function typed(text) {
    var data = new FormData();
    data.set("said", text);
    data.set("answers", JSON.stringify(liandong.answers));
    document.querySelectorAll("#record [name]").forEach(function (f) { data.set(f.name, f.value); });
    return data;
  }
  // Who types without a pause, or composes for long, is never read in between; what stands there is saved all the same.
  var saving = false;
  setInterval(function () {
    var call = document.getElementById("call");
    if (call && "late" in call.dataset && !liandong.typing.busy()) { call.removeAttribute("data-late"); liandong.again(); }
    if (dirty && !saving && !running && Date.now() - Math.max(savedAt, dirtyAt) >= SAVE) draft();
  }, 300);
  async function draft() {
    var call = document.getElementById("call"), box = words();
    if (!call || !box) return;
    saving = true;
    var text = liandong.typing.settled(), answer = await liandong.send("POST", "/matters/" + call.dataset.matter + "/draft/", typed(text));
    saving = false;
    if (!answer.ok || words() !== box) return;
    savedAt = Date.now();
    if (box.value === text) dirty = false;
    note("已存");
  }
  function note(text) { var n = document.getElementById("saved"); if (n) n.textContent = liandong.say(text); }

  function written(what) { document.dispatchEvent(new CustomEvent("liandong:written", { detail: what })); }
  function touched() { if (!dirty) dirtyAt = Date.now(); dirty = true; }

  function changed() {
    keyAt = performance.now();
    follow(words().value);
    paint();
    touched();
    note("");
    if (composing) return;
    written({ was: shared, now: last });
    shared = last;
    soon(PAUSE);
  }
  // Parts that were asked for before the last words were kept speak of fewer words: what stands here is read again.
  document.addEventListener("liandong:put", function () {
    var heard = document.getElementById("heard"), box = words();
    if (!heard || !box || reading || composing) return;
    if (heard.dataset.chars && heard.dataset.chars !== String(Array.from(box.value).length)) soon(PAUSE);
  });
  document.addEventListener("compositionstart", function (event) {
    if (event.target.id !== "words") return;
    composing = true;
    unsettled = { from: Math.min(event.target.selectionStart, event.target.selectionEnd), length: 0 };
    clearTimeout(timer);
    timer = 0;
  });
  document.addEventListener("compositionupdate", function (event) { if (event.target.id === "words" && unsettled) unsettled.length = event.data.length; });
  document.addEventListener("compositionend", function (event) {
    if (event.target.id !== "words") return;
    composing = false;
    unsettled = null;
    changed();
  });
  document.addEventListener("input", function (event) {
    if (event.target.id === "words") changed();
    else if (event.target.closest("#record")) { touched(); written({ name: event.target.name, value: event.target.value }); }
  });
  document.addEventListener("change", function (event) { if (event.target.closest("#record") && event.target.name === "district") read(); });
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "ask") liandong.typing.answer(event.detail.button.dataset.ask, event.detail.button.dataset.answer);
  });
  window.addEventListener("beforeunload", function () {
    var call = document.getElementById("call");
    if (!dirty || !call || !words()) return;
    var data = typed(liandong.typing.settled());
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon("/matters/" + call.dataset.matter + "/draft/", data);
  });
})();
