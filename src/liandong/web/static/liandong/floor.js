// The floor: looks again when something of the desk happened, and every 3 s. A row whose reason is being written stays.
(function () {
  "use strict";
  var liandong = window.liandong;
  function writing() {
    return document.querySelector("#floor details[open]") !== null;
  }
  liandong.wake = async function () {
    var answer = await liandong.send("GET", "/floor/");
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok) await liandong.around(answer.text);
  };
  setInterval(function () { liandong.wake(); }, 3000);
  document.addEventListener("toggle", function (event) {
    var first = event.target.open && event.target.querySelector("input:not([type=hidden])");
    if (first) first.focus();
  }, true);
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "approvals") location.href = "/register/";
  });
  liandong.key = function (key) {
    if (key === "Escape" && writing()) {
      document.querySelector("#floor details[open]").open = false;
      return true;
    }
    if (key === "Ctrl K") { location.href = "/matters/"; return true; }
    return false;
  };
})();
