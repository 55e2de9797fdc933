// Before the first paint: dark when the person chose it, or chose nothing and the machine is dark.
(function () {
  "use strict";
  var root = document.documentElement;
  var chosen = (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
  if (chosen) root.classList.add(chosen);
  else if (!root.className && window.matchMedia("(prefers-color-scheme: dark)").matches) root.classList.add("dark");
})();
