// 交班: the panel of the board. What is handed over comes back as the board itself.
(function () {
  "use strict";
  var liandong = window.liandong;
  document.addEventListener("liandong:act", async function (event) {
    if (event.detail.act !== "shift") return;
    var answer = await liandong.send("GET", "/shift/");
    if (!answer.ok) { liandong.fault("没连上平台。", "没有改动。", "再按一次。"); return; }
    await liandong.put(answer.text);
    var note = document.getElementById("note");
    if (note) note.focus();
  });
})();
