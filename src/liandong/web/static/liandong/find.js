// The finding page: Ctrl K goes to the box, and a chosen filter asks at once. Its tabs are counted when the rows stand, and
// again whenever the page has looked.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  liandong.key = function (key) {
    if (key !== "Ctrl K") return false;
    var box = document.getElementById("q");
    box.focus();
    box.select();
    return true;
  };
  async function count() {
    var answer = await liandong.send("GET", document.getElementById("tabs").dataset.counts);
    if (answer.ok) await liandong.around(answer.text);
  }
  document.addEventListener("DOMContentLoaded", count);
  document.addEventListener("liandong:looked", count);
  // What is empty says nothing: it stays out of the address.
  document.addEventListener("submit", function (event) {
    if (!event.target.classList.contains("asking")) return;
    var blank = Array.from(event.target.elements).filter(function (field) { return field.name && !field.value; });
    blank.forEach(function (field) { field.disabled = true; });
    setTimeout(function () { blank.forEach(function (field) { field.disabled = false; }); }, 0);
  });
})();
