// The wall: looks again when anything of the city happened, at most once a second, and every 5 s.
(function () {
  "use strict";
  var liandong = window.liandong, asking = false, last = 0, later = 0;
  async function look() {
    if (asking) return;
    asking = true;
    last = Date.now();
    var answer = await liandong.send("GET", "/wallboard/");
    liandong.reached(answer.ok);
    if (answer.ok) await liandong.put(answer.text);
    asking = false;
  }
  liandong.wake = function () {
    clearTimeout(later);
    later = setTimeout(look, Math.max(0, 1000 - (Date.now() - last)));
  };
  setInterval(look, 5000);
})();
