// Which of the two keys was pressed goes with the form: a trial, or keeping.
document.addEventListener("click", function (event) {
  "use strict";
  var key = event.target.closest("[data-what]");
  if (key) document.getElementById("import-what").value = key.dataset.what;
}, true);
