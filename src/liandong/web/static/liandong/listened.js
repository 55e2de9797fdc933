// 值班长在听: what the seat has been shown is said back, once.
(function () {
  "use strict";
  var liandong = window.liandong, said = {};
  function tell() {
    var mark = document.querySelector(".listened[data-listening]");
    if (!mark || mark.dataset.seen === "1" || said[mark.dataset.listening]) return;
    said[mark.dataset.listening] = true;
    liandong.send("POST", "/listenings/" + mark.dataset.listening + "/sight/", new FormData(), liandong.freshKey());
  }
  document.addEventListener("liandong:put", tell);
  document.addEventListener("DOMContentLoaded", tell);
})();
