// The finding page: Ctrl K goes to the box, and a chosen filter asks at once.
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
  // What is empty says nothing: it stays out of the address.
  document.addEventListener("submit", function (event) {
    if (!event.target.classList.contains("asking")) return;
    var blank = Array.from(event.target.elements).filter(function (field) { return field.name && !field.value; });
    blank.forEach(function (field) { field.disabled = true; });
    setTimeout(function () { blank.forEach(function (field) { field.disabled = false; }); }, 0);
  });
})();
