// The floor: looks again when something of the desk happened, and every 3 s. A row whose reason is being written stays.
(function () {
  "use strict";
  var liandong = window.liandong;
  liandong.wake = async function () {
    var answer = await liandong.send("GET", "/floor/");
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok) await liandong.around(answer.text);
  };
  setInterval(function () { liandong.wake(); }, 3000);
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "approvals") location.href = "/register/";
  });
  liandong.key = function (key) {
    if (key === "Ctrl K") { location.href = "/matters/"; return true; }
    return false;
  };
})();
