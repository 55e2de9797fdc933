// Before the first paint: dark when the person chose it; who chose nothing has what the machine has, also when that changes.
(function () {
  "use strict";
  var root = document.documentElement, machine = window.matchMedia("(prefers-color-scheme: dark)");
  var chosen = (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
  function follow() { root.classList.toggle("dark", machine.matches); }
  if (chosen) root.classList.add(chosen);
  else if (!root.className) {
    follow();
    machine.addEventListener("change", follow);
  }
})();
