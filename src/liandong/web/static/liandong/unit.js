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
    if (first) first.focus();
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
    document.querySelectorAll("[data-tab]").forEach(function (t) { t.setAttribute("aria-selected", String(t === tab)); });
    document.querySelectorAll(".orders > li").forEach(function (row) {
      row.hidden = !(tab.dataset.tab === "all" || row.dataset.state === tab.dataset.tab || (tab.dataset.tab === "over" && "over" in row.dataset));
    });
  });
  function writing() { return document.querySelector(".panel:not([hidden])") || document.querySelector("textarea:focus"); }
  liandong.wake = async function () {
    var answer = await liandong.send("GET", location.pathname);
    liandong.reached(answer.ok);
    if (answer.ok && !writing()) { await liandong.put(answer.text); keep(); } // a panel opened meanwhile stays open
  };
  liandong.key = function (key) {
    if (key !== "Escape") return false;
    document.querySelectorAll(".panel").forEach(function (p) { p.hidden = true; });
    return true;
  };
  setInterval(function () { if (liandong.untold()) liandong.wake(); }, 5000);
  keep();
})();
