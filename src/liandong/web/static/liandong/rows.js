// ↑ ↓ go from row to row of the lists whose rows have no key of their own; Enter does what stands on the row, as on any
// button, and Esc shuts what it opened there.
(function () {
  "use strict";
  var ROWS = ".mine [data-act=open], .listen > summary, .pick .option:enabled", at = "";

  function rows() {
    return Array.from(document.querySelectorAll(ROWS)).filter(function (row) { return row.offsetParent !== null; });
  }
  function named(row) { return row.matches && row.matches(ROWS) ? row.dataset.matter || row.closest("[id]").id : ""; }
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, select, textarea, #more, #panel")) return;
    var all = rows(), here = all.indexOf(document.activeElement), next = here < 0 && step < 0 ? null : all[here + step];
    if (!all.length) return;
    event.preventDefault();
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  // The list is told anew under the hand: the focus stays with its row, and never slips to what came in its place.
  document.addEventListener("focusin", function (event) { at = named(event.target); });
  document.addEventListener("pointerdown", function () { at = ""; });
  document.addEventListener("liandong:put", function () {
    var here = document.activeElement, row;
    if (!at || here !== document.body && (!named(here) || named(here) === at)) return;
    row = rows().find(function (r) { return named(r) === at; });
    if (row) row.focus(); else here.blur();
  });
  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && !event.isComposing && document.querySelector(".listen[open]");
    if (!open) return;
    event.preventDefault();
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("toggle", function (event) {
    var first = event.target.open && event.target.matches(".listen") && event.target.querySelector("input:not([type=hidden])");
    if (first) first.focus();
  }, true);
})();
