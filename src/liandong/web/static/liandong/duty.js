// The duty office: looks again when anything happens. What is being written, a ruling or a sheet, holds still; all the rest goes on.
(function () {
  "use strict";
  var liandong = window.liandong;
  function writing() { return liandong.writes(document.getElementById("ruling")); }
  function row() { return document.getElementById("ruling").dataset.of; }
  // Alt A adds the chosen unit to those that take part; with none chosen it goes to the choice.
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "add-assist") add(document.getElementById("assist-add"));
    if (event.detail.act === "drop-assist") drop(event.detail.button.closest(".tag"));
    if (event.detail.act === "go") open(event.detail.button.dataset.row);
  });
  function add(choice) {
    var picked = choice.value && choice.selectedOptions[0];
    if (!picked) { choice.focus(); return; }
    var tag = document.createElement("span"), kept = document.createElement("input"), off = document.createElement("button");
    tag.className = "tag";
    tag.textContent = picked.textContent;
    kept.type = "hidden"; kept.name = "assist"; kept.value = picked.value;
    off.type = "button"; off.dataset.act = "drop-assist"; off.textContent = "×";
    off.setAttribute("aria-label", liandong.say("去掉") + " " + picked.textContent);
    tag.append(kept, off);
    choice.before(tag);
    choice.form.dataset.begun = "1"; // no field of it shows that anything was chosen
    choice.querySelectorAll('option[value="' + picked.value + '"]').forEach(function (o) { o.disabled = true; });
    choice.value = "";
    choice.focus();
  }
  function drop(tag) {
    var value = tag.querySelector("input").value, choice = document.getElementById("assist-add");
    choice.querySelectorAll('option[value="' + value + '"]').forEach(function (o) { o.disabled = false; });
    tag.remove();
    if (!choice.form.querySelector(".tag")) delete choice.form.dataset.begun;
    choice.focus();
  }
  // One look after another, and none that was asked about another row than the one chosen since: half of it would stand beside
  // the other's ruling.
  var chosen = "", shown = Promise.resolve();
  async function look(id) {
    var answer = await liandong.send("GET", "/duty/?row=" + id);
    liandong.reached(answer.ok, answer.asked);
    if (id !== (chosen || row())) return false;
    chosen = "";
    if (!answer.ok) return false;
    shown = shown.catch(function () {}).then(function () { return liandong.around(answer.text); });
    await shown;
    return true;
  }
  // ↑ ↓ choose among the dangers and what waits for a ruling; a reason that is being written stays.
  async function open(id) {
    if (!id || id === (chosen || row()) || writing()) return;
    chosen = id;
    await look(id);
    document.querySelectorAll("#asked [name=row]").forEach(function (held) { held.value = row(); }); // also where it is written
    var here = document.querySelector(".line.here");
    if (here) here.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest("input, select, textarea")) return;
    var all = Array.from(document.querySelectorAll(".line[data-row]"));
    var next = all[all.findIndex(function (l) { return l.dataset.row === (chosen || row()); }) + step];
    event.preventDefault();
    if (next) open(next.dataset.row);
  });
  // Enter opens the whole course of the danger that lies open, where this office may read it.
  document.addEventListener("keydown", function (event) {
    var course = event.key === "Enter" && event.target === document.body && document.getElementById("course-of");
    if (course) { event.preventDefault(); course.click(); }
  });
  document.addEventListener("click", function (event) {
    var line = event.target.closest(".line[data-row]");
    if (!line || event.target.closest("a[href^='tel:']")) return;
    event.preventDefault();
    open(line.dataset.row);
  });
  var told = "";
  liandong.wake = async function () {
    if (await look(chosen || row())) gone();
    rings();
  };
  // The telephone opens by itself, unless something is being written: then one key goes there.
  var opened = "";
  function rings() {
    var call = document.getElementById("rings");
    if (!call || call.dataset.call === opened || document.hidden || liandong.writes(document.getElementById("duty"))) return;
    opened = call.dataset.call;
    location.href = "/duty/calls/" + opened + "/";
  }
  document.addEventListener("DOMContentLoaded", rings);
  // A colleague has decided what is being written of here: its words stay, and that is said once. While one's own press is
  // under way it is not known who did.
  function gone() {
    var here = row();
    if (!here || here === told || liandong.pressing() || document.querySelector('.line[data-row="' + here + '"]')) return;
    over("这件刚有人指定了。");
  }
  function over(what) {
    var ruling = document.getElementById("ruling"), lit = document.getElementById("lit");
    told = row();
    ruling.dataset.over = "";
    if (lit) lit.setAttribute("aria-disabled", "true"); // it is decided once
    liandong.fault(what, "你写的字都在。", "收起、清空写的，就到下一件。");
  }
  // One's own decision is made and words about it stand elsewhere on the page, not signed.
  document.addEventListener("liandong:pressed", function (event) {
    var form = event.detail.form;
    if (form.id === "designate" && event.detail.ok && form.isConnected && writing()) over("指定好了。");
  });
  // What a desk has told this office of is on the screen of somebody here: that desk is told so, once.
  var given = {};
  function seen() {
    if (document.visibilityState !== "visible") return;
    document.querySelectorAll("[data-informed]").forEach(async function (line) {
      var id = line.dataset.informed;
      if (given[id]) return;
      given[id] = true;
      var answer = await liandong.send("POST", "/informings/" + id + "/sight/", new FormData(), liandong.freshKey());
      if (answer.status === 0 || answer.status >= 500) given[id] = false; // the next look says it again
    });
  }
  document.addEventListener("liandong:put", seen);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("DOMContentLoaded", seen);
  document.addEventListener("toggle", function (event) {
    var first = event.target.open && event.target.closest("#duty") && event.target.querySelector("input:not([type=hidden]), select");
    if (!first) return;
    first.focus();
    event.target.scrollIntoView({ block: "nearest" }); // with all its fields, not the first alone
  }, true);
  setInterval(function () { liandong.wake(); }, 5000);
})();
