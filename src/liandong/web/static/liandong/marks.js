// The marks that lie behind letters being typed: [start, end, what, number], in UTF-16 units of the box's own text.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});

  // Offsets of the platform count characters; a string of this language counts UTF-16 units.
  function units(text, offset) {
    var n = 0, i = 0;
    for (; i < text.length && n < offset; n++) i += text.codePointAt(i) > 0xffff ? 2 : 1;
    return i;
  }

  liandong.behind = {
    // The marks the platform gave (data-spans) for the text it read.
    given: function (spans, text) {
      return JSON.parse(spans || "[]").map(function (s) { return [units(text, s[0]), units(text, s[1]), s[2], s[3]]; });
    },
    // The marks stay on their words while the text around them changes.
    moved: function (spans, last, text) {
      var before = 0, most = Math.min(last.length, text.length);
      while (before < most && last[before] === text[before]) before++;
      var after = 0;
      while (after < most - before && last[last.length - 1 - after] === text[text.length - 1 - after]) after++;
      var by = text.length - last.length, end = last.length - after;
      return spans.filter(function (s) { return s[1] <= before || s[0] >= end; }).map(function (s) {
        return s[0] >= end ? [s[0] + by, s[1] + by, s[2], s[3]] : s;
      });
    },
    paint: function (box, spans) {
      var mirror = box && box.parentElement.querySelector(".mirror");
      if (!mirror) return;
      var text = box.value, at = 0, parts = [];
      spans.slice().sort(function (a, b) { return a[0] - b[0]; }).forEach(function (s) {
        if (s[0] < at || s[1] > text.length) return;
        parts.push(text.slice(at, s[0]));
        var mark = document.createElement("mark"), ref = document.createElement("span");
        mark.className = s[2];
        ref.className = "ref" + (s[2] === "danger" ? " danger" : "");
        ref.textContent = s[3];
        mark.append(text.slice(s[0], s[1]), ref);
        parts.push(mark);
        at = s[1];
      });
      parts.push(text.slice(at) + "\n");
      mirror.replaceChildren.apply(mirror, parts);
    },
  };
})();
