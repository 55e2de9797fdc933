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
      // Where it was said that this is decided (data-over), what is emptied is done with, wherever the cursor stands.
      return changed(f) || f === document.activeElement && f.type !== "search" && !f.closest("[data-over]");
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
  // What is written in a panel whose place something takes that does not wait is there again when that panel is opened again.
  var drafts = {};
  function draft(form) { return form.dataset.panelName + " " + form.action; }
  function ticked(field) { return field.type === "checkbox" || field.type === "radio"; }
  liandong.lay = function () {
    var form = liandong.unsigned() && document.querySelector("#panel form");
    if (form) drafts[draft(form)] = Array.from(form.elements).filter(changed);
  };
  document.addEventListener("liandong:put", function () {
    var form = document.querySelector("#panel form"), kept = form && drafts[draft(form)];
    if (!kept) return;
    delete drafts[draft(form)];
    kept.forEach(function (was) {
      var field = Array.from(form.elements).find(function (f) { return f.name === was.name && (!ticked(f) || f.value === was.value); });
      if (!field) return;
      if (ticked(field)) field.checked = was.checked; else field.value = was.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
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
    var whole = piece.closest("[data-of][id]"), there = whole && named(box, whole.id);
    if (!there) return false;
    if (pressed && whole.contains(pressed)) { pressed.reset(); delete pressed.dataset.begun; } // it is done, and would keep its words
    if (there.dataset.of !== whole.dataset.of) { there.remove(); return true; }
    there.setAttribute("hx-swap-oob", "outerMorph");
    return false;
  }
  // What was pressed leads on to the next thing: what lies open beside it, with nothing written in it, does not hold that back.
  function fold(pressed, box) {
    var whole = pressed && pressed.closest("[data-of][id]"), next = whole && named(box, whole.id);
    if (!next || next.dataset.of === whole.dataset.of) return;
    whole.querySelectorAll("details[open]").forEach(function (part) {
      if (Array.from(part.querySelectorAll("input, select, textarea")).some(changed) || part.querySelector("form[data-begun]")) return;
      part.open = false;
      if (part.contains(document.activeElement)) document.activeElement.blur();
    });
  }
  // `pressed`: the form this answers; what it stands in is let go.
  liandong.around = async function (text, pressed) {
    var box = document.createElement("template"), stay = new Set();
    box.innerHTML = text;
    var panel = named(box, "panel");
    if (panel && liandong.unsigned() && !(pressed && pressed.closest("#panel"))) panel.remove();
    fold(pressed, box);
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
