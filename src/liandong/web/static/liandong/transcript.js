// What an outside recogniser hears, beside the form: it grows by itself, is read with what is typed, and goes into the record by
// one key. The last line stays in view unless somebody reads further up.
(function () {
  "use strict";
  var liandong = window.liandong, UNTOLD = 2000; // milliseconds between two looks while nobody can tell
  var below = true, adopted = {};

  function box() { return document.getElementById("transcript"); }
  function lines() { return document.getElementById("lines"); }
  function stay() {
    var list = lines();
    if (list && below) list.scrollTop = list.scrollHeight;
  }
  document.addEventListener("scroll", function (event) {
    if (event.target.id === "lines") below = event.target.scrollHeight - event.target.scrollTop - event.target.clientHeight < 24;
  }, true);
  document.addEventListener("liandong:put", stay);

  // Told by the event stream that a line came: what stands here is read with it, as when somebody typed.
  liandong.heard = function () {
    if (!box()) return;
    if (document.getElementById("words")) liandong.typing.again();
    else if (liandong.again) liandong.again();
  };
  setInterval(function () { if (lines() && liandong.untold()) liandong.heard(); }, UNTOLD);

  // 写进记录: what the caller said and is not in the box yet, behind what stands there. It is the writer's from then on.
  function adopt() {
    var words = document.getElementById("words"), call = document.getElementById("call");
    if (!words || !call) return;
    var taken = (adopted[call.dataset.matter] = adopted[call.dataset.matter] || {}), fresh = [];
    document.querySelectorAll("#lines [data-words]").forEach(function (line) {
      var id = line.dataset.lineId;
      if (taken[id] || words.value.indexOf(line.dataset.words) >= 0) return;
      taken[id] = true;
      fresh.push(line.dataset.words);
    });
    if (!fresh.length) { liandong.hint("听写的都在记录里了"); return; }
    var end = words.value.length, before = words.value && !/\s$/.test(words.value) ? "\n" : "";
    words.setRangeText(before + fresh.join("\n"), end, end, "end");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
    words.scrollTop = words.scrollHeight;
  }
  document.addEventListener("liandong:act", function (event) { if (event.detail.act === "adopt") adopt(); });
})();
