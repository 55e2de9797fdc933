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
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "print") window.print();
  });
})();
