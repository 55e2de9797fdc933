// A page that has no script of its own for it is kept as things are now. Told, it reads itself anew: what only speaks
// (data-stands) changes in its place; of what is listed or pressed (data-kept, its rows data-entry) it says how much changed and
// shows it on a key, so that nothing moves under the hand. Hidden, it waits until it is seen.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  // Milliseconds: between two looks while nobody tells it anything; what takes longer to make rests as long in any case.
  var LOOK = 5000, HEAVY = 60000;
  var main = document.querySelector("main"), rest = 1000 * (main && main.dataset.rest || 2);
  var RUNS = "[data-stands], .left, .chip.over, .chip.wait, [data-since], [name=csrfmiddlewaretoken]";

  function id(page, name) { return page.querySelector("#" + CSS.escape(name)); }
  function text(piece) {
    var copy = piece.cloneNode(true);
    copy.querySelectorAll(RUNS).forEach(function (e) { e.remove(); });
    return copy.innerHTML.replace(/\s+/g, " ");
  }
  // Every row, and every part without one, by its name.
  function pieces(page) {
    var found = new Map();
    page.querySelectorAll("[data-kept]").forEach(function (part) {
      var rows = part.querySelectorAll("[data-entry]");
      (rows.length ? Array.from(rows) : [part]).forEach(function (piece) { found.set(piece.id, text(piece)); });
    });
    return found;
  }
  function differences(was, is) {
    var names = new Set(Array.from(was.keys()).concat(Array.from(is.keys()))), n = 0;
    names.forEach(function (name) { if (was.get(name) !== is.get(name) && !empty(name, was, is)) n++; });
    return n;
  }
  // A list that was empty and has rows now: the rows are the change.
  function empty(name, was, is) { return was.has(name) !== is.has(name) && id(document, name) && id(document, name).matches("[data-kept]"); }

  var shown = pieces(document), newest = null, asking = false, missed = false, later = 0, gone = false;
  var last = 0; // since the page was asked for: what it was made with is fresh
  var every = document.querySelector("[data-every]");

  async function look() {
    if (asking || document.hidden) { missed = true; return; }
    asking = true;
    missed = false;
    last = performance.now();
    var here = location.pathname + location.search, answer = await liandong.send("GET", here);
    asking = false;
    liandong.reached(answer.ok, answer.asked);
    if (answer.status === 404 || answer.ok && answer.redirected) lost();
    else if (answer.ok) {
      await bring(new DOMParser().parseFromString(answer.text, "text/html"));
      document.dispatchEvent(new CustomEvent("liandong:looked"));
    }
    if (missed) wake();
  }
  function lost() {
    if (!gone) liandong.fault("这一页现在没有了。", "写的字都在。", "按左上角回到你的页。");
    gone = true;
  }
  async function bring(page) {
    var now = Array.from(page.querySelectorAll("[data-stands]")).filter(function (e) {
      return id(document, e.id) && !e.parentElement.closest("[data-stands]");
    });
    var marks = id(page, "marks");
    await put(marks ? now.concat(marks) : now);
    newest = page;
    say(differences(shown, pieces(page)));
  }
  function put(pieces) {
    var texts = pieces.map(function (piece) {
      piece = piece.cloneNode(true);
      piece.setAttribute("hx-swap-oob", "outerMorph");
      return piece.outerHTML;
    });
    return texts.length ? liandong.around(texts.join("")) : null;
  }
  function say(n) { liandong.changes(n ? liandong.say("有 # 处变化").replace("#", n) : ""); }
  // Shown when it is asked for: the newest answer is there already.
  async function show() {
    if (!newest) return;
    var page = newest;
    liandong.changes("");
    await put(Array.from(page.querySelectorAll("[data-kept]")));
    shown = pieces(page);
    document.body.dispatchEvent(new CustomEvent("shown"));
  }

  liandong.changes = function (words) {
    var bar = document.getElementById("changes");
    bar.querySelector("b").textContent = words;
    bar.hidden = !words;
  };
  document.addEventListener("liandong:act", function (event) { if (event.detail.act === "show-changes") show(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden && missed) wake(); });
  document.addEventListener("toggle", function (event) { if (event.target.closest && event.target.closest("[data-stands]")) wake(); }, true);
  function pause() { return rest < HEAVY && liandong.untold() ? Math.min(rest, LOOK) : rest; }
  function wake() {
    clearTimeout(later);
    later = setTimeout(look, Math.max(0, last + pause() - performance.now()));
  }
  liandong.wake = wake;
  setInterval(function () { if (liandong.untold()) wake(); }, LOOK);
  if (every) setInterval(look, 1000 * every.dataset.every);
})();
