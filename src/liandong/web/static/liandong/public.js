// The public pages do everything without this; with it the answer comes while one types, and a draft outlives a dead network.
(function () {
  "use strict";
  var WAIT = 350, KEPT_DAYS = 7;

  function send(form, part, extra) {
    var data = new FormData(form);
    Object.keys(extra || {}).forEach(function (name) { data.set(name, extra[name]); });
    return fetch(form.dataset.which || form.action, { method: "POST", body: data, headers: { "X-Part": part }, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); });
  }

  function later(act) {
    var timer = 0, turn = 0;
    return function () {
      clearTimeout(timer);
      var mine = ++turn;
      timer = setTimeout(function () { act(function () { return mine === turn; }); }, WAIT);
    };
  }

  // which number: answered on each pause; the last question asked is answered by what stands there now
  var ask = document.getElementById("which-form"), answer = document.getElementById("answer");
  if (ask && answer) {
    ask.elements.what.addEventListener("input", later(function (newest) {
      send(ask, "answer", { answers: "{}" }).then(function (html) { if (newest()) answer.innerHTML = html; }, function () {});
    }));
  }

  var print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
  window.addEventListener("beforeprint", function () { document.querySelectorAll(".kinds details").forEach(function (d) { d.dataset.was = d.open ? "1" : ""; d.open = true; }); });
  window.addEventListener("afterprint", function () { document.querySelectorAll(".kinds details").forEach(function (d) { d.open = d.dataset.was === "1"; }); });

  function store(name, value) {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(name) || "null");
      if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, JSON.stringify(value));
    } catch (_) { /* a phone that keeps nothing keeps no draft */ }
    return null;
  }

  var write = document.getElementById("write");
  if (write) letter(write);
  else if (document.querySelector("[data-received]")) store("draft:" + location.pathname, null);

  function letter(form) {
    var name = "draft:" + location.pathname, offline = document.getElementById("offline");
    var FIELDS = ["said", "where", "place", "answer_by", "number", "key"];

    var kept = store(name);
    if (kept && Date.now() - kept.at > KEPT_DAYS * 86400000) { store(name, null); kept = null; }
    if (kept && kept.said && !form.elements.said.value) {
      FIELDS.forEach(function (f) { if (kept[f]) form.elements[f].value = kept[f]; });
      document.getElementById("draft").hidden = false;
    }
    document.getElementById("draft-drop").addEventListener("click", function () { store(name, null); location.reload(); });

    // A report is not kept: somebody else may hold this phone.
    function keep() {
      if (form.elements.in_secret.checked) { store(name, null); return; }
      var now = { at: Date.now() };
      FIELDS.forEach(function (f) { now[f] = form.elements[f].value; });
      store(name, now.said ? now : null);
    }
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.elements.said.addEventListener("input", later(function (newest) {
      send(form, "danger", { what: form.elements.said.value }).then(function (html) { if (newest()) document.getElementById("danger").innerHTML = html; }, function () {});
    }));

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (form.getAttribute("aria-busy") === "true") return;
      form.setAttribute("aria-busy", "true");
      offline.hidden = true;
      fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
        return answer.text().then(function (html) { shown(html, answer.ok); });
      }).catch(function () {
        form.removeAttribute("aria-busy");
        offline.hidden = false;
        offline.scrollIntoView({ block: "center" });
      });
    });

    function shown(html, ok) {
      var page = new DOMParser().parseFromString(html, "text/html"), main = page.getElementById("main");
      if (!main) { form.removeAttribute("aria-busy"); form.submit(); return; }
      document.getElementById("main").replaceWith(document.adoptNode(main));
      document.title = page.title;
      if (ok) store(name, null);
      var again = document.getElementById("write");
      if (again) letter(again);
      var fault = document.getElementById("fault");
      window.scrollTo(0, 0);
      // Who goes by keys or listens goes on where it is wrong, or at the beginning of what is said now.
      main.tabIndex = -1;
      (main.querySelector("[aria-invalid=true]:not(fieldset), [aria-invalid=true] input") || main).focus();
      if (fault) fault.scrollIntoView({ block: "center" });
    }
  }
})();
