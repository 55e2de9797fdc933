// A page that is looked at: looks again when anything of the city happened, at most once a second, and every 5 s. It also
// prints.
(function () {
  "use strict";
  var liandong = window.liandong, asking = false, last = 0, later = 0, kept = liandong.wake;
  async function look() {
    if (asking) return;
    asking = true;
    last = Date.now();
    var answer = await liandong.send("GET", document.querySelector("[data-look]").dataset.look);
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok) await liandong.around(answer.text);
    asking = false;
  }
  liandong.wake = function () {
    if (kept) kept(); // what is reckoned for a month is looked at in its own, longer time
    clearTimeout(later);
    later = setTimeout(look, Math.max(0, 1000 - (Date.now() - last)));
  };
  setInterval(look, 5000);
  // The command room's screen is drawn for 1920 × 1080 and stands whole on any other: all of it smaller, or larger. What is
  // held in a hand reads it as one column.
  var WIDE = 1920, HIGH = 1080, HELD = 1000;
  function fit() {
    var wall = document.body.classList.contains("wall") && innerWidth >= HELD;
    var scale = Math.floor(1e4 * Math.min(innerWidth / WIDE, innerHeight / HIGH)) / 1e4;
    document.body.style.zoom = wall ? scale : "";
    document.body.style.width = wall ? Math.floor(innerWidth / scale) + "px" : "";
    document.body.style.height = wall ? Math.floor(innerHeight / scale) + "px" : "";
  }
  fit();
  window.addEventListener("resize", fit);
  // A chart that is wider than the screen begins where it is now.
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".chart-box").forEach(function (box) {
      var now = box.querySelector(".today.now");
      if (now) box.scrollLeft += now.getBoundingClientRect().right - box.getBoundingClientRect().right + 48;
    });
  });
  // The circular says when it was printed, not when the page was opened.
  window.addEventListener("beforeprint", function () {
    var at = document.getElementById("printed");
    if (at) at.textContent = new Date().toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Shanghai" });
  });
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "print") window.print();
  });
})();
