// The desk: one page. It shows the board or one matter; it opens by itself when something rings this seat.
(function () {
  "use strict";
  var liandong = window.liandong;
  var screen = document.getElementById("screen");
  // Milliseconds until what failed is tried again; for which the answer to a press is as good as a look.
  var SOON = 1000, FRESH = 300, SLOW = 2100; // after SLOW a press keeps nobody from looking
  var fresh = -FRESH, later = 0;
  var typed = "", wanted = "", left = "", asking = false, keyed = false, again = null, held = null, receipts = {}, revealed = null;

  var title = document.title;
  function call() { return document.getElementById("call"); }
  function shown() { return call() ? call().dataset.matter : ""; }
  // What the board on the screen was read from: a change since then is fetched, however soon it came.
  function stamp() { var board = document.getElementById("board"); return board ? board.dataset.stamp : ""; }
  function news() { var board = document.getElementById("board"); return board ? board.dataset.news : ""; }
  function writing() { return document.querySelector("#panel form") || shown(); }

  // `unless`: what may begin while the answer is on its way and must then not be replaced.
  async function show(url, unless, ahead) {
    var answer = await (ahead || liandong.send("GET", url));
    if (unless && unless()) return false;
    if (!answer.ok) {
      if (answer.status === 0) liandong.reached(false);
      else liandong.fault("打不开这件事。", "没有改动。", "回到列表再找。");
      soon(answer);
      return false;
    }
    liandong.lay();
    screen.innerHTML = answer.text;
    document.dispatchEvent(new CustomEvent("liandong:put"));
    return true;
  }
  // What could not be shown now is asked for again, for nobody tells of it twice.
  function soon(answer) { if (answer.status === 0 || answer.status >= 500) setTimeout(liandong.wake, SOON); }
  function page(matter) { return "/matters/" + matter + "/call/"; }
  // `ahead`: the page of this matter, when it is under way already.
  async function open(matter, ahead) {
    if (!matter || matter === shown()) return;
    if (shown()) await liandong.typing.flush();
    if (!(await show(page(matter), null, ahead))) return;
    left = "";
    revealed = null;
    typed = "";
    history.replaceState(null, "", "#" + matter);
    liandong.listen(call().dataset.ticket);
    liandong.typing.begin();
    var words = document.getElementById("words");
    if (words) { words.focus(); words.setSelectionRange(words.value.length, words.value.length); }
    presence();
    receipt();
  }
  async function back() {
    left = wanted === shown() ? wanted : ""; // what no longer waits here may be offered again, and opens then
    await liandong.typing.flush();
    var seat = document.body.dataset.seat, state = document.getElementById("presence");
    if (seat && state && state.dataset.presence === "wrapping") await setPresence("free");
    history.replaceState(null, "", "/desk/");
    await show("/desk/board/");
    presence();
  }
  async function setPresence(to) {
    var data = new FormData();
    data.set("presence", to);
    var answer = await liandong.send("POST", "/seats/" + document.body.dataset.seat + "/presence/", data, liandong.freshKey());
    if (!answer.ok) await liandong.put(answer.text);
    return answer.ok;
  }
  var NAMES = { off: "离席", free: "空闲", ringing: "来电", talking: "通话中", wrapping: "整理", "break": "小休" };
  function presence(to) {
    var mark = document.getElementById("presence");
    if (!mark) return;
    if (to) mark.dataset.presence = to;
    mark.querySelector("span").textContent = liandong.say(NAMES[mark.dataset.presence]) || mark.dataset.presence;
  }

  // The other side sees three receipts; the first two are this page's to give.
  async function receipt() {
    var offer = call() && call().dataset.offer;
    if (!offer) return;
    await receive(offer, ["delivered", "seen"]);
  }
  async function receive(offer, whats) {
    var given = (receipts[offer] = receipts[offer] || {});
    for (var what of whats) {
      if (given[what] || (what === "seen" && document.visibilityState !== "visible")) continue;
      given[what] = true;
      var data = new FormData();
      data.set("what", what);
      var answer = await liandong.send("POST", "/transfers/" + offer + "/receipts/", data);
      if (answer.ok || answer.status === 404) continue;
      given[what] = false; // the other desk must not believe that nobody has it
      if (answer.status === 0 || answer.status >= 500) setTimeout(receive, SOON, offer, whats);
      return;
    }
  }
  document.addEventListener("visibilitychange", receipt);

  async function parts() {
    var matter = shown();
    if (!matter) return;
    var answer = await liandong.send("GET", "/matters/" + matter + "/parts/");
    if (answer.ok && shown() === matter) await liandong.put(answer.text);
    soon(answer);
    if (answer.status === 404) { liandong.fault("这件事不在你这里了。", "写的字已存。", "按 F2 回到等来电。"); }
    return answer.ok;
  }
  // After every swap: the page may have changed from reading to writing, or a new offer may stand on it.
  document.addEventListener("liandong:put", function () {
    var mode = document.getElementById("mode"), now = call();
    if (!mode || !now || mode.dataset.matter !== now.dataset.matter) return;
    if (Number(mode.dataset.seq) < Number(now.dataset.seq)) return; // left from when this matter was here before
    now.dataset.seq = mode.dataset.seq;
    now.toggleAttribute("data-follows", "follows" in mode.dataset);
    now.toggleAttribute("data-followed", "followed" in mode.dataset);
    now.toggleAttribute("data-late", "late" in mode.dataset);
    if (mode.dataset.offer) { now.dataset.offer = mode.dataset.offer; receipt(); } else delete now.dataset.offer;
    if (now.dataset.mode !== mode.dataset.mode && !("late" in mode.dataset)) {
      now.dataset.mode = mode.dataset.mode;
      liandong.typing.begin();
      var words = document.getElementById("words");
      if (words) words.focus();
    }
  });

  function focusWords() {
    var words = document.getElementById("words");
    if (words) words.focus();
  }
  // 更多 stays open through every refresh of the page and shuts when something of it was chosen.
  liandong.more = function (open) {
    var column = document.querySelector(".col.decide");
    if (!column) return;
    column.toggleAttribute("data-more", open);
    var first = open && document.querySelector("#more .option");
    if (first) first.focus();
  };
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest("#more")) return;
    var all = Array.from(document.querySelectorAll("#more .option")), next = all[all.indexOf(event.target) + step];
    event.preventDefault();
    if (next) next.focus();
  });

  // What is pressed here answers with all that it changed: the page looks after that, and leaves the machine to the other
  // desk, which waits for what was pressed, a moment longer. What rings says itself that it waits here: it does not wait for
  // the look as well.
  liandong.wake = async function (rings) {
    if (asking) { again = rings || again || ""; return; }
    var rest = fresh + FRESH - performance.now();
    if ((!rings || rings === shown()) && rest > 0) { clearTimeout(later); later = setTimeout(liandong.wake, Math.ceil(rest) + 1); return; }
    if (liandong.pressing()) { held = rings || held || ""; setTimeout(release, SLOW); return; }
    asking = true;
    try { await look(rings); } finally { asking = false; } // whatever an answer holds, the page looks again
    if (again !== null) { var next = again; again = null; liandong.wake(next); }
  };
  async function look(rings) {
    if (rings && !shown() && rings !== left) {
      var ahead = liandong.send("GET", page(rings));
      if (/^\s*<\w+ id="call"[^>]* data-rings/.test((await ahead).text) && !shown()) { wanted = rings; await open(rings, ahead); }
    }
    var data = new FormData();
    data.set("matter", shown());
    data.set("news", news());
    if (keyed) data.set("writing", "1");
    keyed = false;
    var answer = await liandong.send("POST", "/desk/pulse/", data);
    liandong.reached(answer.ok, answer.asked);
    if (!answer.ok) return;
    var told = JSON.parse(answer.text);
    wanted = told.open;
    presence(told.seat);
    liandong.marks(told.marks);
    if (left && left !== wanted) left = "";
    document.title = (wanted && document.hidden ? liandong.say("有一件在等你") + " · " : "") + title;
    if (!shown() && wanted && wanted !== left) await open(wanted);
    else if (shown() && (call().dataset.seq !== told.seq || typed !== told.typed)) { if (await parts()) typed = told.typed; }
    else if (!shown() && stamp() !== told.board && !writing()) await show("/desk/board/?news=" + encodeURIComponent(told.news), writing); // what a panel holds back comes when it shuts
    var knock = document.getElementById("knock");
    var asks = wanted && wanted !== shown() ? wanted : told.knock; // danger knocks through a talk, and covers nobody who rings
    if (told.offer) receive(told.offer, ["delivered"]); // it stands here as a notice; nobody has seen what it says
    if (asks !== told.knock) told.danger = "";
    if (knock) { knock.hidden = !asks || asks === shown(); knock.dataset.matter = asks; knock.dataset.key = "Alt 9"; knock.querySelector("b").textContent = told.danger; knock.toggleAttribute("data-danger", !!told.danger); }
  }
  // Who still writes has not wrapped up: nothing rings here meanwhile.
  document.addEventListener("input", function () { keyed = true; });
  function release() { if (held !== null) { var next = held; held = null; liandong.wake(next); } }
  document.addEventListener("liandong:landed", function () { fresh = performance.now(); release(); });
  liandong.again = function () { parts(); };
  setInterval(function () { if (liandong.due()) liandong.wake(); }, 5000);
  // Words being typed are no act, so nothing announces them: who must decide by them asks.
  setInterval(function () { if (shown() && "follows" in call().dataset && !document.hidden) liandong.wake(); }, 700);

  document.addEventListener("liandong:act", async function (event) {
    var act = event.detail.act, button = event.detail.button;
    if (button.dataset.panel) {
      liandong.more(false);
      var here = shown(), answer = await liandong.send("GET", "/matters/" + here + "/panels/" + button.dataset.panel + "/");
      if (shown() !== here) return; // the form of a matter that was left meanwhile
      if (answer.ok) {
        await liandong.put(answer.text);
        var first = document.querySelector("#panel input:not([type=hidden]), #panel select, #panel textarea");
        if (first) first.focus();
        document.querySelector("#panel .foot").scrollIntoView({ block: "nearest" });
      } else if (answer.status === 0) liandong.fault("没连上平台。", "没有改动，写的字都在。", "再按一次。");
      else { liandong.fault("这一步已经过了。", "没有改动，写的字都在。", "看清这一页再按。"); parts(); }
      return;
    }
    if (act === "more") liandong.more(!document.querySelector("[data-more]"));
    if (act === "olds") call().toggleAttribute("data-olds");
    if (act === "close-more") { liandong.more(false); focusWords(); }
    if (act === "open" || act === "knock") { if (act === "knock") { left = ""; } open(button.dataset.matter); }
    if (act === "back") back();
    if (act === "threeway") return goes("/matters/" + shown() + "/three-way/");
    if (act === "close-panel") {
      document.getElementById("panel").replaceChildren();
      document.getElementById("fault").replaceChildren(); // it spoke of the panel
      focusWords();
    }
    if (["break", "wrap", "off", "free"].includes(act)) {
      if (await setPresence(button.dataset.presence)) { presence(button.dataset.presence); await show("/desk/board/"); liandong.wake(); }
    }
  });
  // What was typed is kept before the page is left.
  async function goes(url) { await liandong.typing.flush(); location.href = url; }
  // A number that was revealed stays readable while this matter is open here, whatever else is put in place.
  function number() {
    var box = document.getElementById("number");
    if (box && revealed && revealed.matter === shown() && box.textContent !== revealed.number) box.textContent = revealed.number;
  }
  document.addEventListener("liandong:put", number);
  document.addEventListener("liandong:pressed", function (event) {
    if (event.detail.ok && /\/number\/$/.test(event.detail.form.action)) {
      revealed = { matter: shown(), number: document.getElementById("number").textContent };
    }
    if (event.detail.ok && event.detail.goes) { goes(event.detail.goes); return; }
    fresh = performance.now();
    liandong.wake();
    // The switch does it a moment later, and nobody tells of a caller who is held.
    if (/\/talk\/$/.test(event.detail.form.action)) [700, 2500].forEach(function (after) { setTimeout(liandong.wake, after); });
  });
  liandong.key = function (key) {
    if (key === "Ctrl K") { window.open("/matters/", "_blank", "noopener"); return true; } // the desk stays: it rings here
    if (key === "Alt T" && shown()) { window.open("/matters/" + shown() + "/", "_blank", "noopener"); return true; }
    return false;
  };
  document.addEventListener("DOMContentLoaded", async function () {
    var named = location.hash.slice(1);
    if (/^[0-9a-f-]{36}$/.test(named)) await open(named); // what was asked for first; what waits here knocks
    liandong.wake();
  });
})();
