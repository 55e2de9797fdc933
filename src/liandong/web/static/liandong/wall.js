// A page that is looked at: looks again when anything of the city happened, at most once a second, and every 5 s; never while
// somebody writes there. It also prints.
(function () {
  "use strict";
  var liandong = window.liandong, asking = false, last = 0, later = 0;
  function writing() { return document.querySelector("[data-look] details[open]") !== null; }
  async function look() {
    if (asking) return;
    asking = true;
    last = Date.now();
    var answer = await liandong.send("GET", document.querySelector("[data-look]").dataset.look);
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok && !writing()) await liandong.put(answer.text);
    asking = false;
  }
  liandong.wake = function () {
    clearTimeout(later);
    later = setTimeout(look, Math.max(0, 1000 - (Date.now() - last)));
  };
  setInterval(look, 5000);
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "print") window.print();
  });
})();
