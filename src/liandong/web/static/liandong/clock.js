// Time runs: the clock of the masthead, time left, time since. Server time, whatever this machine's clock says.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  var shift = new Date(document.body.dataset.now).getTime() - Date.now();
  liandong.now = function () { return Date.now() + shift; };

  function size(ms) {
    var s = Math.floor(ms / 1000);
    if (s < 60) return [s, liandong.say("秒")];
    if (s < 3600) return [Math.floor(s / 60), liandong.say("分")];
    if (s < 259200) return [Math.floor(s / 3600), liandong.say("小时")];
    return [Math.floor(s / 86400), liandong.say("天")];
  }
  function running(ms) {
    var s = Math.max(0, Math.floor(ms / 1000)), h = Math.floor(s / 3600);
    var two = function (n) { return String(n).padStart(2, "0"); };
    if (h) return h + " " + liandong.say("小时") + " " + Math.floor((s % 3600) / 60) + " " + liandong.say("分");
    return two(Math.floor(s / 60)) + ":" + two(s % 60);
  }
  // Beside clock times 10:48 would be taken for one of them.
  function long(ms) { return ms < 3600000 ? size(Math.max(0, ms)).join(" ") : running(ms); }
  function put(element, text) { if (element.textContent !== text) element.textContent = text; }

  function tick() {
    var now = liandong.now();
    document.querySelectorAll("[data-clock] b").forEach(function (b) {
      var told = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(now);
      var seconds = b.querySelector("i"), short = told.slice(0, 5);
      if (!seconds) { put(b, told); return; }
      put(seconds, told.slice(5));
      if (b.firstChild.data !== short) b.firstChild.data = short;
    });
    document.querySelectorAll("[data-since]").forEach(function (b) {
      if (b.dataset.since) put(b, ("long" in b.dataset ? long : running)(now - new Date(b.dataset.since)));
    });
    document.querySelectorAll("[data-after]").forEach(function (f) { f.hidden = new Date(f.dataset.after) > now; });
    document.querySelectorAll(".meter[data-to]").forEach(function (line) {
      var to = new Date(line.dataset.to), whole = to - new Date(line.dataset.from);
      line.querySelector("rect").setAttribute("width", whole > 0 ? Math.max(0, Math.min(1000, Math.round(1000 * (to - now) / whole))) : 0);
    });
    document.querySelectorAll("[data-until]").forEach(function (f) {
      if (new Date(f.dataset.until) < now) f.hidden = true;
    });
    document.querySelectorAll("[data-due]").forEach(function (box) {
      var ms = new Date(box.dataset.due) - now, over = ms < 0, words = box.querySelector("[data-left]");
      var left = size(Math.abs(ms)), lead = liandong.say(over ? "超 " : "剩 ");
      if (!words) return;
      var text = lead + left[0] + " " + left[1];
      if (words.textContent !== text) {
        words.replaceChildren(lead, Object.assign(document.createElement("b"), { textContent: left[0] }), " " + left[1]);
      }
    });
  }
  setInterval(tick, 500);
  document.addEventListener("liandong:put", tick);
  tick();
})();
