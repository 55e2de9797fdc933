// A unit's page: panels in place, what is written kept on this machine, the list told of new orders.
(function () {
  "use strict";
  var liandong = window.liandong;

  function keep() {
    document.querySelectorAll("[data-keep]").forEach(function (box) {
      if (!box.value) box.value = localStorage.getItem("liandong:" + box.dataset.keep) || "";
    });
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset.keep) localStorage.setItem("liandong:" + event.target.dataset.keep, event.target.value);
  });
  document.addEventListener("liandong:act", function (event) {
    var target = event.detail.button.dataset.open;
    if (!target) return;
    document.querySelectorAll(".panel").forEach(function (p) { p.hidden = p.id !== target; });
    var first = document.querySelector("#" + target + " input, #" + target + " select, #" + target + " textarea");
    if (!first) return;
    first.focus();
    document.getElementById(target).scrollIntoView({ block: "nearest" }); // with all its fields, not the first alone
  });
  document.addEventListener("liandong:pressed", function (event) {
    if (event.detail.ok && /resolution/.test(event.detail.form.action)) {
      var order = document.getElementById("order").dataset.order;
      ["findings-", "answer-"].forEach(function (n) { localStorage.removeItem("liandong:" + n + order); });
    }
    keep();
  });
  document.addEventListener("click", function (event) {
    var tab = event.target.closest("[data-tab]");
    if (!tab) return;
    chosen = tab.dataset.tab;
    sort();
  });
  // What was chosen stays chosen when the list is told anew, and what was unfolded stays open.
  var chosen = "all", unfolded = false;
  function sort() {
    var shown = 0;
    document.querySelectorAll("[data-tab]").forEach(function (t) { t.setAttribute("aria-selected", String(t.dataset.tab === chosen)); });
    document.querySelectorAll(".orders > li").forEach(function (row) {
      row.hidden = !(chosen === "all" || row.dataset.state === chosen || chosen in row.dataset);
      if (!row.hidden) shown++;
    });
    var none = document.querySelector("[data-none]");
    if (none) none.hidden = shown > 0 || chosen === "all";
  }
  document.addEventListener("toggle", function (event) {
    if (event.target.matches && event.target.matches(".earlier")) unfolded = event.target.open;
  }, true);
  document.addEventListener("liandong:put", function () {
    var earlier = document.querySelector(".earlier"), open = unfolded;
    if (chosen !== "all") sort();
    if (earlier && open) earlier.open = true;
  });
  function writing() { return document.querySelector(".panel:not([hidden])") || document.querySelector("textarea:focus, #order details[open]:not(.earlier)"); }
  liandong.wake = async function () {
    var answer = await liandong.send("GET", location.pathname);
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok) { await liandong.put(writing() ? beside(answer.text) : answer.text); keep(); }
  };
  // A panel that is open, or opened meanwhile, stays; the list beside it goes on.
  function beside(text) {
    var box = document.createElement("template");
    box.innerHTML = text;
    box.content.querySelector("#order").remove();
    return box.innerHTML;
  }
  liandong.key = function (key) {
    if (key !== "Escape") return false;
    document.querySelectorAll(".panel").forEach(function (p) { p.hidden = true; });
    liandong.wake(); // what was held back
    return true;
  };
  setInterval(function () { if (liandong.untold()) liandong.wake(); }, 5000);
  keep();
})();
