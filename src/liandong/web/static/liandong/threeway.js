// The three-way page: the one writer's words go over as they are typed; both seats look again as soon as something changed.
(function () {
  "use strict";
  var liandong = window.liandong;
  var main = document.getElementById("threeway");
  var base = "/matters/" + main.dataset.matter + "/three-way/";
  var box = document.getElementById("record-words");
  var spans = [], last = box ? box.value : "";
  var timer = 0, composing = false, asking = false, again = false, dirty = false;

  function state() { return document.getElementById("three-state"); }
  function note(text) { document.getElementById("saved").textContent = liandong.say(text); }

  async function send() {
    if (!box || composing) return;
    dirty = false;
    var data = new FormData();
    data.set("said", box.value);
    data.set("answers", box.dataset.answers || "{}");
    var answer = await liandong.send("POST", base + "words/", data);
    if (answer.status === 0 || answer.status >= 500) { dirty = true; note("没连上，字还在这里"); timer = setTimeout(send, 2000); return; }
    if (!answer.ok) { dirty = true; note("没存下，字还在这里"); return; }
    if (!dirty) note("已存，对方看到了");
    await liandong.put(answer.text);
  }
  if (box) {
    box.addEventListener("compositionstart", function () { composing = true; });
    box.addEventListener("compositionend", function () { composing = false; changed(); });
    box.addEventListener("input", changed);
  }
  // The platform's marks belong to the text it read; while it reads on, the marks follow their words.
  function paint(fresh) {
    var heard = document.getElementById("three-heard");
    if (!box || !heard) return;
    if (fresh && heard.dataset.chars === String(Array.from(box.value).length)) spans = liandong.behind.given(heard.dataset.spans, box.value);
    else spans = liandong.behind.moved(spans, last, box.value);
    last = box.value;
    liandong.behind.paint(box, spans);
  }
  document.addEventListener("liandong:put", function () { paint(true); });
  paint(true);
  if (box && state().dataset.state === "open") { box.focus(); box.setSelectionRange(box.value.length, box.value.length); } // one writes on
  function changed() {
    paint(false);
    dirty = true;
    note("");
    clearTimeout(timer);
    if (!composing) timer = setTimeout(send, 250);
  }

  liandong.wake = async function () {
    if (asking) { again = true; return; }
    asking = true;
    try { await look(); } finally { asking = false; } // whatever an answer holds, the page looks again
    if (again) { again = false; liandong.wake(); }
  };
  async function look() {
    var answer = await liandong.send("GET", base + "?stamp=" + encodeURIComponent(state().dataset.stamp));
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok && answer.status !== 204) await liandong.put(answer.text);
    if (answer.status === 404) liandong.fault("这件事不在你这里了。", "写的字已存。", "回到本席再看。");
    if (state().dataset.state === "open" || composing) return;
    if (dirty) { clearTimeout(timer); await send(); } // what was typed last goes along, before the box goes
    if (dirty) return;
    if (box) box.parentElement.hidden = true; // read beside it now, by both
    var writes = document.getElementById("note-form");
    if (writes) writes.remove(); // what is over takes no note
  }
  // Words being typed are no act, so nothing announces them: while the talk is on, the page asks for them.
  setInterval(function () { if (state().dataset.state === "open" && !document.hidden) liandong.wake(); }, 700);
  setInterval(function () { liandong.wake(); }, 5000);

  function count() {
    document.querySelectorAll("[data-countdown]").forEach(function (b) {
      var s = Math.max(0, Math.floor((new Date(b.dataset.countdown) - liandong.now()) / 1000));
      var text = liandong.say("剩 ") + Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
      if (b.textContent !== text) b.textContent = text;
    });
  }
  setInterval(count, 500);
  document.addEventListener("liandong:put", count);
  count();

  document.addEventListener("liandong:act", function (event) {
    var act = event.detail.act;
    if (act === "to-desk" || act === "lower") location.href = "/desk/#" + main.dataset.matter;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.id === "note" && !event.isComposing && event.target.value.trim()) {
      document.getElementById("note-form").requestSubmit();
    }
  });
  document.addEventListener("liandong:pressed", function (event) {
    var written = document.getElementById("note"); // gone when the talk ended meanwhile
    if (written && event.detail.ok && event.detail.form.id === "note-form") written.value = "";
    liandong.wake();
  });
  liandong.key = function (key) {
    if (key === "Ctrl K") { window.open("/matters/", "_blank", "noopener"); return true; }
    if (key === "Alt T") { window.open("/matters/" + main.dataset.matter + "/", "_blank", "noopener"); return true; }
    if (key === "Alt R" && document.getElementById("note")) { document.getElementById("note").focus(); return true; }
    return false;
  };
})();
