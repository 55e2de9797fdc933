// The duty office: looks again when something is asked, never while a reason is being written.
(function () {
  "use strict";
  var liandong = window.liandong;
  function writing() {
    var why = document.getElementById("why");
    var form = document.getElementById("designate");
    return (why && why.value) || (form && form.dataset.begun) || document.querySelector("#duty details[open]");
  }
  function row() {
    var here = document.querySelector(".line.here");
    return here ? here.dataset.row : "";
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("#designate");
    if (form) form.dataset.begun = "1";
  });
  // Alt A adds the chosen unit to those that take part; with none chosen it goes to the choice.
  document.addEventListener("liandong:act", function (event) {
    if (event.detail.act === "add-assist") add(document.getElementById("assist-add"));
    if (event.detail.act === "drop-assist") drop(event.detail.button.closest(".tag"));
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
    choice.querySelectorAll('option[value="' + picked.value + '"]').forEach(function (o) { o.disabled = true; });
    choice.value = "";
    choice.focus();
  }
  function drop(tag) {
    var value = tag.querySelector("input").value, choice = document.getElementById("assist-add");
    choice.querySelectorAll('option[value="' + value + '"]').forEach(function (o) { o.disabled = false; });
    tag.remove();
    choice.focus();
  }
  // ↑ ↓ choose among what waits for a ruling; a reason that is being written stays.
  async function open(id) {
    if (!id || id === row() || writing()) return;
    var answer = await liandong.send("GET", "/duty/?row=" + id);
    if (answer.ok) await liandong.put(answer.text);
    var here = document.querySelector(".line.here");
    if (here) here.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest("input, select, textarea")) return;
    var all = Array.from(document.querySelectorAll(".line[data-row]"));
    var next = all[all.findIndex(function (l) { return l.dataset.row === row(); }) + step];
    event.preventDefault();
    if (next) open(next.dataset.row);
  });
  document.addEventListener("click", function (event) {
    var line = event.target.closest(".line[data-row]");
    if (!line) return;
    event.preventDefault();
    open(line.dataset.row);
  });
  liandong.wake = async function () {
    var answer = await liandong.send("GET", "/duty/?row=" + (document.querySelector("#ruling #designate") ? row() : ""));
    liandong.reached(answer.ok, answer.asked);
    if (answer.ok && !writing()) await liandong.put(answer.text); // what was opened meanwhile stays open
    else if (answer.ok) danger(answer.text);
  };
  // Danger does not wait until a reason is written: its list and the figures change beside the pen.
  function danger(text) {
    var box = document.createElement("template");
    box.innerHTML = text;
    ["counts", "danger"].forEach(function (id) {
      var now = document.getElementById(id), next = box.content.getElementById(id);
      if (now && next && now.innerHTML !== next.innerHTML && !now.contains(document.activeElement)) now.innerHTML = next.innerHTML;
    });
    document.dispatchEvent(new CustomEvent("liandong:put"));
  }
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
    if (first) first.focus();
  }, true);
  setInterval(function () { liandong.wake(); }, 5000);
})();
