// A call at the duty office's telephone: how it stands is looked at again whenever anything happens; what is being written stays, and
// is kept within two seconds.
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
  var form = document.getElementById("take-form"), SAVE = 1000, save = 0, kept = written();
  function written() { return JSON.stringify(Array.from(new FormData(form))); }
  async function keep() {
    clearTimeout(save);
    save = 0;
    var now = written();
    if (gone || now === kept) return;
    var answer = await liandong.send("POST", "/duty/calls/" + main.dataset.call + "/draft/", new FormData(form));
    if (answer.ok) { kept = now; document.getElementById("saved").textContent = liandong.say("已存"); }
    if (!save && (!answer.ok && (answer.status === 0 || answer.status >= 500) || answer.ok && written() !== now)) save = setTimeout(keep, SAVE);
  }
  form.addEventListener("input", function () {
    document.getElementById("saved").textContent = "";
    if (!save) save = setTimeout(keep, SAVE);
  });
  // As the desk's own words are (typing.js): a page that goes answers nobody any more.
  addEventListener("beforeunload", function () {
    if (gone || written() === kept) return;
    var data = new FormData(form);
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon("/duty/calls/" + main.dataset.call + "/draft/", data);
  });
  document.addEventListener("liandong:pressed", function () { [700, 2500].forEach(function (after) { setTimeout(liandong.wake, after); }); });
  setInterval(function () { liandong.wake(); }, 2000);
})();
