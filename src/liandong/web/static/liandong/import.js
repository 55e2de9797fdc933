// Old records in. Which of the two keys was pressed goes with the form: a trial, or keeping. The rows to mend may be taken
// along as a table, no cell of which is run as a formula.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var key = event.target.closest("[data-what]");
    if (key) document.getElementById("import-what").value = key.dataset.what;
  }, true);

  function cell(text) {
    text = text.trim();
    if (/^[=+\-@\t\r＝＋－＠]/.test(text)) text = "'" + text;
    return '"' + text.replace(/"/g, '""') + '"';
  }
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act !== "keep-problems") return;
    var lines = Array.from(document.querySelectorAll("#report tr"), function (row) {
      return Array.from(row.cells, function (c) { return cell(c.textContent); }).join(",");
    });
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv;charset=utf-8" }));
    link.download = window.liandong.say("要改的行") + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  });
})();
