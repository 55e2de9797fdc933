// Pressing: F2 and the mouse are one way. A press is sent once; a decision younger than 0.4 s waits for a fresh press.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});
  var YOUNG = 400, SOON = 2000; // milliseconds
  var shown = "", since = 0, held = null, flying = new Map(), keys = new WeakMap();

  function lit() { return document.getElementById("lit"); }
  function watch() {
    var now = lit() ? lit().dataset.signature || "" : "";
    if (now !== shown) { shown = now; since = performance.now(); }
  }
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-signature"] });
  document.addEventListener("DOMContentLoaded", function () { watch(); since = -YOUNG; });

  // True when this button may act now. Only the lit button is guarded: the others do not change by themselves.
  function ripe(button) {
    watch();
    if (button.id !== "lit") return true;
    if (performance.now() - since < YOUNG) { hint("刚变了，看清再按一次"); return false; }
    if (held !== null && held !== shown) { hint("刚变了，看清再按一次"); return false; }
    return true;
  }
  function hint(text) {
    var why = lit() && lit().querySelector(".why");
    if (why) why.textContent = liandong.say(text);
  }
  liandong.hint = hint;
  // What is written in an open panel is signed or put away before anything else is decided. Danger never waits for it.
  function free(button) {
    var form = button.form, leaves = "leaves" in button.dataset; // the panel goes with the page
    var decides = leaves || button.id === "lit" || button.dataset.panel || form && form.hasAttribute("data-record");
    if (!decides || button.closest("#panel, [data-danger]") || form && form.closest("[data-danger]") || !liandong.unsigned || !liandong.unsigned()) return true;
    liandong.fault("写的这段还没署名。", "别的都没动，字都在。", "按 Ctrl ↵ 署名，或按 Esc 收起。");
    return false;
  }

  // The lit signature as the hand went down; a click that ends on another decision does nothing.
  document.addEventListener("pointerdown", function (event) {
    watch();
    held = event.target.closest("#lit") ? shown : null;
  }, true);
  document.addEventListener("click", function () { setTimeout(function () { held = null; }, 0); });

  liandong.collect = function (form) {
    var data = new FormData(form);
    if (form.hasAttribute("data-record")) {
      var words = document.getElementById("words");
      if (words) {
        data.set("said", liandong.typing ? liandong.typing.settled() : words.value);
        data.set("answers", JSON.stringify(liandong.answers || {}));
        document.querySelectorAll("#record [name]").forEach(function (f) { data.set(f.name, f.value); });
      }
    }
    return data;
  };

  // Whether a press is on its way that will be answered any moment; a slow one keeps nobody from looking.
  liandong.pressing = function () {
    return Array.from(flying.values()).some(function (since) { return performance.now() - since < SOON; });
  };

  liandong.press = async function (form) {
    if (flying.has(form.action)) return;
    flying.set(form.action, performance.now());
    var goes = form.dataset.goes; // the answer makes another button of this one
    form.setAttribute("aria-busy", "true");
    // A press that got no answer is asked again under its own key, so that it is done once.
    var kept = keys.get(form), key = kept && kept.action === form.action ? kept.key : liandong.freshKey();
    keys.set(form, { action: form.action, key: key });
    var file = form.enctype === "multipart/form-data"; // old records of years take minutes, and say so themselves
    var answer = await liandong.send("POST", form.action, liandong.collect(form), key, file ? new AbortController().signal : null);
    flying.delete(form.action);
    form.removeAttribute("aria-busy");
    setTimeout(function () { document.dispatchEvent(new CustomEvent("liandong:landed")); }, 0); // what it brought stands first
    // Whoever stands between cannot say whether it was done, either.
    if (answer.status === 0 || answer.status >= 502 && answer.status <= 504) {
      if (answer.late || answer.status) liandong.fault("平台没有回答。", "办成没有还不知道，写的字都在。", "再按一次，不会办两次。");
      else liandong.fault("没连上平台。", "没有改动，写的字都在。", "再按一次，或先用电话办。");
      return;
    }
    if (answer.status === 401) return; // what is said, and that nothing is lost, stands on the page
    keys.delete(form);
    if (answer.redirected) { location.href = answer.url; return; }
    if (answer.status === 403 && !/id="fault"/.test(answer.text)) {
      liandong.fault("登录过期了。", "没有改动，写的字都在。", "另开一页登录，再按一次。");
      return;
    }
    if (answer.status === 404) { liandong.fault("这件事不在你这里了。", "没有改动。", "按 F2 回到列表。"); return; }
    if (answer.status >= 500) { liandong.fault("平台出了错。", "没有改动，写的字都在。", "再按一次，还不行就打电话转。"); return; }
    await liandong.around(answer.text, form);
    if (!answer.ok) point(form);
    document.dispatchEvent(new CustomEvent("liandong:pressed", { detail: { form: form, ok: answer.ok, status: answer.status, goes: goes } }));
  };

  // What is wrong stands where it is seen, and the field it is about takes the focus; writing there takes the mark away.
  function point(form) {
    var fault = document.getElementById("fault"), name = fault && fault.dataset.field;
    if (!fault || !fault.firstChild) return;
    fault.scrollIntoView({ block: "nearest" });
    var field = name && Array.from(form.elements).find(function (e) { return e.name === name && e.type !== "hidden" && e.offsetParent; });
    if (!field || field.id === "words") return;
    var frame = field.closest(".field"), what = fault.querySelector("b"), note = document.createElement("span");
    var label = (field.labels && field.labels[0]) || (frame && frame.querySelector(".label"));
    if (what && label && fault.dataset.code === "invalid.empty") what.textContent = liandong.say("“{label}”还空着。").replace("{label}", label.firstChild.textContent.trim());
    if (frame) frame.querySelectorAll("[data-wrong]").forEach(function (earlier) { earlier.remove(); });
    note.className = "hint";
    note.dataset.wrong = "";
    note.textContent = what ? what.textContent : "";
    if (frame) { frame.classList.add("wrong"); frame.appendChild(note); }
    field.setAttribute("aria-invalid", "true");
    field.focus();
    (frame || field).addEventListener("input", function () { // one of several to choose from: whichever is chosen
      if (frame) frame.classList.remove("wrong");
      field.removeAttribute("aria-invalid");
      note.remove();
    }, { once: true });
  }

  // What is missing is said by the platform, in three parts and in Chinese, not by the browser's own bubble.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[type=submit]");
    if (button && button.form && button.form.classList.contains("press")) button.form.noValidate = true;
  }, true);

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.classList.contains("press")) return;
    event.preventDefault();
    var button = event.submitter || form.querySelector("[type=submit]");
    if (button && (button.getAttribute("aria-disabled") === "true" || !free(button) || !ripe(button))) return;
    liandong.press(form);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-act]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.act === "dismiss") { button.closest("#fault, #stale").replaceChildren(); return; }
    if (button.type === "submit" || button.tagName === "A" && !button.dataset.panel) return;
    if (!free(button) || !ripe(button)) return;
    document.dispatchEvent(new CustomEvent("liandong:act", { detail: { act: button.dataset.act, button: button } }));
  });

  // Keys. F-keys are left alone by input methods; letters act only with Alt. Shift makes another key of a figure alone:
  // the lesser act of the same row.
  function named(event) {
    if (/^F([1-9]|10)$/.test(event.key)) return event.key;
    if (event.key === "Escape") return "Escape";
    if (event.altKey && !event.ctrlKey && /^(Key[A-Z]|Digit[0-9])$/.test(event.code))
      return (event.shiftKey && event.code[0] === "D" ? "Alt Shift " : "Alt ") + event.code.slice(-1);
    if (event.ctrlKey && event.key === "Enter") return "Ctrl Enter";
    if (event.ctrlKey && event.key.toLowerCase() === "k") return "Ctrl K";
    if (event.ctrlKey && event.key.toLowerCase() === "i") return "Ctrl I";
    if (event.ctrlKey && event.key.toLowerCase() === "m") return "Ctrl M";
    if (event.ctrlKey && event.key.toLowerCase() === "b") return "Ctrl B";
    return "";
  }
  var down = new Map();
  document.addEventListener("keydown", function (event) {
    var key = named(event);
    if (!key || event.key === "F5") return;
    if (key === "Escape" && event.isComposing) return;
    if (event.repeat) { event.preventDefault(); return; }
    down.set(key, shown);
    if (liandong.key && liandong.key(key, event)) { event.preventDefault(); return; }
    var target = key === "F2" ? lit() : Array.from(document.querySelectorAll('[data-key="' + key + '"]')).find(visible);
    if (key === "Ctrl Enter") {
      // It signs what is being written in a panel, or the open order; it never decides a matter.
      var form = document.activeElement && document.activeElement.closest("form.panel, .listen[open] form");
      target = form ? form.querySelector("[type=submit]") : document.getElementById("order") ? lit() : null;
    }
    if (key === "Escape") {
      var close = document.querySelector("[data-act=close-panel], [data-more] [data-act=close-more]");
      if (close) target = close;
    }
    if (target) { event.preventDefault(); target.click(); }
    else if (/^F([1-46-9]|10)$/.test(key)) event.preventDefault();
  });
  // What is listed under 更多 acts by its own key also while the list is shut, but not over an open panel.
  function visible(element) {
    if (element.closest("#more")) return !document.querySelector("#panel form");
    return element.closest("[hidden]") === null && (element.offsetParent !== null || element.closest(".visually-hidden") !== null);
  }
  // Enter writes; it never presses: not in a field of a panel, not on the lit button. A lit link only leads elsewhere, and is
  // followed; on a field for files Enter opens their list.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.ctrlKey) return;
    var at = event.target;
    if (at.id === "lit" && at.tagName !== "A" || (at.tagName === "INPUT" && at.type !== "file" && at.closest("form.press") && at.id !== "q")) event.preventDefault();
  }, true);
  // Past the top of the page by one key. The address stays: a desk's names its matter.
  document.addEventListener("click", function (event) {
    var main = event.target.closest(".skip") && document.querySelector("main, #screen");
    if (!main) return;
    event.preventDefault();
    main.tabIndex = -1;
    main.focus();
  });
})();
