// The demo's telephone: shows what the call is doing.
(function () {
  "use strict";
  var liandong = window.liandong, last = "";
  setInterval(async function () {
    var box = document.getElementById("dialled");
    if (!box || !box.dataset.call || box.dataset.state === "ended") return;
    var said = box.querySelector(".say-line");
    var answer = await liandong.send("GET", "/demo/phone/?call=" + box.dataset.call);
    if (!answer.ok || answer.text === last) return; // what stands is not put anew: the focus stays on it
    last = answer.text;
    await liandong.put(answer.text);
    var now = document.getElementById("dialled");
    if (said && now && !now.querySelector(".say-line")) now.querySelector(".told").after(said);
  }, 1000);
})();
