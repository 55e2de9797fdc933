// A call at the duty office's telephone: how it stands is looked at again whenever anything happens; what is being written stays.
(function () {
  "use strict";
  var liandong = window.liandong, main = document.getElementById("duty-telephone"), gone = false;
  if (!main) return;
  liandong.wake = async function () {
    if (gone) return;
    var answer = await liandong.send("GET", "/duty/calls/" + main.dataset.call + "/");
    liandong.reached(answer.ok || answer.status === 404, answer.asked);
    if (answer.status === 404 && !liandong.pressing()) {
      gone = true;
      var said = document.getElementById("said");
      if (!said.value.trim()) { location.href = "/duty/"; return; }
      document.getElementById("lit").setAttribute("aria-disabled", "true");
      liandong.fault("这通电话不在你这里了。", "你写的字都在。", "要留就抄到“接报”里。");
    }
    if (answer.ok) await liandong.around(answer.text);
  };
  document.addEventListener("liandong:pressed", function () { [700, 2500].forEach(function (after) { setTimeout(liandong.wake, after); }); });
  setInterval(function () { liandong.wake(); }, 2000);
})();
