// The duty office: looks again when something is asked, never while a reason is being written.
(function () {
  "use strict";
  var liandong = window.liandong;
  liandong.wake = async function () {
    var why = document.getElementById("why");
    if (why && why.value) return;
    if (document.querySelector("#duty details[open]")) return;
    var answer = await liandong.send("GET", "/duty/");
    liandong.reached(answer.ok);
    if (answer.ok) await liandong.put(answer.text);
  };
  setInterval(function () { liandong.wake(); }, 5000);
})();
