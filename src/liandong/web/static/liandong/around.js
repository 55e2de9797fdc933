// What somebody has open or writes in stays as it is while everything around it is put anew, also when its row is gone.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  var PIECE = "[data-entry], [data-stands], [data-kept], [data-held]";

  function changed(field) {
    if (field.type === "hidden" || field.id === "q") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    var options = Array.from(field.options), chosen = options.some(function (o) { return o.defaultSelected; });
    return options.some(function (o, n) { return o.selected !== (chosen || field.multiple ? o.defaultSelected : n === 0); });
  }
  function busy() {
    var fields = Array.from(document.querySelectorAll("input, select, textarea")).filter(function (f) {
      return changed(f) || f === document.activeElement && f.type !== "search";
    });
    return fields.concat(Array.from(document.querySelectorAll("details[open]:not(.menu, .earlier), form[data-begun]")));
  }
  // Whether somebody has anything open, or written, in this part of the page.
  liandong.writes = function (part) { return busy().some(function (one) { return part.contains(one); }); };
  // The pieces of this page that are held, each the smallest around what is open or written in.
  function held() {
    var found = new Set();
    busy().forEach(function (one) {
      var piece = one.closest(PIECE);
      if (piece && piece.id) found.add(piece);
    });
    return found;
  }
  // Whether words stand in the open panel that nobody has signed.
  liandong.unsigned = function () {
    var form = document.querySelector("#panel form");
    return !!form && Array.from(form.elements).some(function (f) { return /^(textarea|text)$/.test(f.type) && changed(f); });
  };
  function named(box, id) { return box.content.querySelector("#" + CSS.escape(id)); }
  // A row that others have finished stays until it is let go; where its whole list is gone, the part stays that held it.
  function keep(piece, box) {
    var list = piece.parentElement, there = list.id && named(box, list.id);
    if (there) {
      there.insertBefore(piece.cloneNode(true), there.children[Array.from(list.children).indexOf(piece)] || null);
      return piece;
    }
    while (list && !(list.id && named(box, list.id))) list = list.parentElement;
    return list;
  }
  // What is written about one thing (data-of) stays beside it: parts of another thing's are not put under its words, and
  // those of the same are put around them.
  function apart(piece, box, pressed) {
    var whole = piece.closest("[data-of]"), there = whole && named(box, whole.id);
    if (!there) return false;
    if (there.dataset.of !== whole.dataset.of) { there.remove(); return true; }
    there.setAttribute("hx-swap-oob", "outerMorph");
    if (pressed && whole.contains(pressed)) pressed.reset(); // it is done, and would keep its words
    return false;
  }
  // `pressed`: the form this answers; what it stands in is let go.
  liandong.around = async function (text, pressed) {
    var box = document.createElement("template"), stay = new Set();
    box.innerHTML = text;
    var panel = named(box, "panel");
    if (panel && liandong.unsigned() && !(pressed && pressed.closest("#panel"))) panel.remove();
    held().forEach(function (piece) {
      if (pressed && piece.contains(pressed) || apart(piece, box, pressed)) return;
      var left = named(box, piece.id) ? piece : keep(piece, box);
      if (left) stay.add(left);
    });
    stay.forEach(function (piece) { piece.setAttribute("hx-morph-skip", ""); });
    await liandong.put(box.innerHTML);
    stay.forEach(function (piece) { piece.removeAttribute("hx-morph-skip"); });
  };
})();
