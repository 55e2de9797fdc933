// Being told: server-sent events from the live process; asked every few seconds when it is silent or away.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  var body = document.body, source = null, ticket = "", lost = 0, told = 0;

  function address() {
    var port = body.dataset.livePort;
    return (port ? location.protocol + "//" + location.hostname + ":" + port : "") + "/live/?ticket=" + encodeURIComponent(ticket);
  }
  function wake() {
    clearTimeout(told);
    told = setTimeout(function () { if (liandong.wake) liandong.wake(); }, 30);
  }
  liandong.listen = function (next) {
    if (!next || next === ticket) return;
    ticket = next;
    if (source) source.close();
    source = new EventSource(address());
    source.addEventListener("open", function () { line(true); wake(); });
    source.addEventListener("wake", wake);
    source.addEventListener("again", wake);
    source.addEventListener("error", function () { line(false); });
  };
  liandong.isLive = function () { return source !== null && source.readyState === 1; };

  function line(up) {
    var state = document.querySelector("[data-line]");
    if (state) {
      state.textContent = up ? "连着" : "每 5 秒看一次";
      state.parentElement.classList.toggle("broken", !up && lost > 0);
    }
  }
  // The page knows that it is old only when neither way brings anything.
  liandong.reached = function (ok) {
    var slot = document.getElementById("stale");
    if (ok) {
      if (lost) { lost = 0; if (slot) slot.replaceChildren(); line(liandong.isLive()); if (liandong.again) liandong.again(); }
      return;
    }
    lost = lost || liandong.now();
    var age = Math.round((liandong.now() - lost) / 1000);
    if (!slot || age < 4) return;
    if (!slot.firstChild) {
      slot.innerHTML = '<div class="fault"><svg class="icon" aria-hidden="true"><use href="#i-wait"/></svg><div><b></b>正在重连。写的字都在，先别刷新。</div></div>';
    }
    slot.querySelector("b").textContent = "这一页旧了 " + age + " 秒";
    line(false);
  };
  document.addEventListener("DOMContentLoaded", function () { liandong.listen(body.dataset.ticket); });
})();
