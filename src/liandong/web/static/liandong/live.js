// Being told: server-sent events from the live process; asked every few seconds when it is away, or silent: whoever would
// tell gives a sign of life every two seconds.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  var body = document.body, source = null, ticket = "", lost = 0, lostAt = 0, told = 0, toldAt = Infinity, likely = "", looked = 0, heard = 0, cut = false;
  // Milliseconds. EACH: what every page that is told of the same adds to the time over which they look, up to WIDEST, so
  // that a desk of fifty asks no more in a second than a desk of ten.
  var EACH = 80, SPREAD = 300, WIDEST = 5000, BACK = 2000, SIGN_OF_LIFE = 15000, SILENT = 7000, AGAIN = 3000;

  function address() {
    var port = body.dataset.livePort;
    return (port ? location.protocol + "//" + location.hostname + ":" + port : "") + "/live/?ticket=" + encodeURIComponent(ticket);
  }
  // `rings`: the matter that is likely to open here, so that it is asked for at once and not after the look.
  function wake(after, rings) {
    likely = rings || likely;
    var at = performance.now() + after;
    if (at >= toldAt) return;
    clearTimeout(told);
    toldAt = at;
    told = setTimeout(function () { toldAt = Infinity; if (liandong.wake) liandong.wake(likely); likely = ""; }, after);
  }
  function seat() { return "seat:" + body.dataset.seat; }
  function ringing(said) {
    var offer = said.topics.indexOf(seat()) >= 0 && said.events.find(function (event) { return event[1] === "transfer.offered"; });
    return offer ? offer[0] : "";
  }
  // Whom it concerns looks at once: this seat, the matter that is open here, and everybody when there is danger or a leader
  // must decide. The colleagues' boards follow within seconds, each at its own moment, so that they do not stand in the way.
  function concerned(said) {
    return said.topics.some(function (topic) { return topic === seat() || /^matter:/.test(topic); }) ||
      said.events.some(function (event) { return /^((danger|demand|dispatch|designation|duty)\.|transfer\.led$)/.test(event[1]); });
  }
  function here() {
    var silent = performance.now() - heard > SILENT;
    heard = performance.now();
    if (silent) { line(true); all(); } // nobody knows what was not told meanwhile
  }
  function hear(event) {
    var said = JSON.parse(event.data), spread = Math.min(WIDEST, Math.max(SPREAD, EACH * said.among));
    here();
    var lines = said.events.filter(function (event) { return event[1] === "transcript.grew"; }).length;
    if (lines && liandong.heard) liandong.heard();
    if (lines && lines === said.events.length) return; // no act: nothing else has moved
    if (!body.dataset.seat || concerned(said)) wake(5, ringing(said));
    else if (toldAt === Infinity) wake(50 + Math.random() * spread); // a look that is coming will see this too
  }
  function all() { wake(Math.random() * (cut ? BACK : SPREAD)); cut = false; }
  function again() { cut = true; all(); } // everybody is told at once
  liandong.listen = function (next) {
    if (!next || next === ticket) return;
    ticket = next;
    connect();
  };
  function connect() {
    if (source) source.close();
    var mine = (source = new EventSource(address()));
    source.addEventListener("open", function () { heard = performance.now(); line(true); all(); });
    source.addEventListener("here", here);
    source.addEventListener("wake", hear);
    source.addEventListener("marks", stands);
    source.addEventListener("again", again);
    source.addEventListener("error", function () {
      cut = true;
      line(false);
      // A line that was merely cut is taken up again by the browser; one that was refused, by whatever stands between, is not.
      if (mine.readyState === 2) setTimeout(function () { if (source === mine) connect(); }, AGAIN + Math.random() * BACK);
    });
  }
  liandong.isLive = function () {
    var open = source !== null && source.readyState === 1, live = open && performance.now() - heard < SILENT;
    if (open && !live) line(false);
    return live;
  };
  // Whether nobody can tell this page anything; and whether to ask although nobody did: then, and to show that it is alive.
  liandong.untold = function () { return !liandong.isLive() || lost > 0; };
  liandong.due = function () { return liandong.untold() || performance.now() - looked > SIGN_OF_LIFE; };

  function line(up) {
    var state = document.querySelector("[data-line]");
    if (state) {
      state.textContent = liandong.say(up ? "连着" : "每 5 秒看一次");
      state.parentElement.classList.toggle("broken", !up && lost > 0);
      state.parentElement.classList.toggle("fine", up);
    }
  }
  // What stands at the top of every page: [id, icon, words, bad] of each mark. The stream tells all but who waits, and is newer
  // than what a look brings.
  var marks = null;
  function standing() {
    return Array.from(document.querySelectorAll("#marks > [data-mark]"), function (box) {
      var icon = box.querySelector("use").getAttribute("href").slice(3);
      return [box.dataset.mark, icon, box.lastElementChild.textContent, box.classList.contains("bad")];
    });
  }
  function who(mark) { return mark[0] === "queue"; }
  function draw(told) {
    var line = document.getElementById("marks");
    if (!line || JSON.stringify(told) === JSON.stringify(standing())) return;
    line.replaceChildren.apply(line, told.map(function (mark) {
      var box = document.createElement("span");
      box.dataset.mark = mark[0];
      box.classList.toggle("bad", mark[3]);
      box.innerHTML = '<svg class="icon s" aria-hidden="true"><use/></svg><svg class="icon s" aria-hidden="true"><use href="#i-broken"/></svg><span></span>';
      box.querySelector("use").setAttribute("href", "#i-" + mark[1]);
      box.lastElementChild.textContent = mark[2];
      return box;
    }));
  }
  function over(told) { return marks && !liandong.untold() ? marks.concat(told.filter(who)) : told; }
  liandong.marks = function (told) { draw(over(told)); };
  function stands(event) { marks = JSON.parse(event.data); draw(over(standing())); }
  document.addEventListener("liandong:put", function () { if (marks) draw(over(standing())); });
  // The page knows that it is old only when neither way brings anything.
  // An answer to what was `asked` before something failed says nothing of the line as it is now.
  liandong.reached = function (ok, asked) {
    var slot = document.getElementById("stale");
    if (ok && lost && asked < lostAt) return;
    looked = performance.now();
    if (ok) {
      if (lost) {
        lost = 0;
        if (slot) slot.replaceChildren();
        document.querySelectorAll(".fault.network").forEach(function (f) { f.remove(); });
        line(liandong.isLive());
        if (liandong.again) liandong.again();
      }
      return;
    }
    if (!lost) { lost = liandong.now(); lostAt = performance.now(); }
    var age = Math.round((liandong.now() - lost) / 1000);
    if (!slot || age < 4) return;
    if (!slot.firstChild) {
      slot.innerHTML = '<div class="fault"><svg class="icon" aria-hidden="true"><use href="#i-wait"/></svg><div><b></b><span></span></div></div>';
      slot.querySelector("span").textContent = liandong.say("正在重连。写的字都在，先别刷新。");
    }
    slot.querySelector("b").textContent = liandong.say("这一页旧了 ") + age + liandong.say(" 秒");
    line(false);
  };
  // The browser knows at once that its own line is gone, or back: the page looks, and then says what it saw.
  ["offline", "online"].forEach(function (name) { window.addEventListener(name, function () { wake(5); }); });
  // A line that fell silent is said within a second; what a page is given anew does not say otherwise.
  function known() { if (heard || cut) line(!liandong.untold()); }
  setInterval(known, 1000);
  document.addEventListener("liandong:put", known);
  document.addEventListener("DOMContentLoaded", function () { liandong.listen(body.dataset.ticket); });
})();
