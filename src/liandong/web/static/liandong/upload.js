// Files up: chosen, photographed or dropped; one after the other, each with its progress; a refused one says why and stays
// readable; one that got no answer may be sent again under its own key.
(function () {
  "use strict";
  var liandong = window.liandong, MOST = 30 * 1024 * 1024;
  var rows = [], busy = false;

  function place() { return document.querySelector("[data-upload]"); }
  function add(list) {
    var at = place();
    if (!at) return;
    Array.from(list).forEach(function (file) {
      var row = { file: file, url: at.dataset.upload, key: liandong.freshKey(), part: 0, said: "", state: "waits" };
      if (file.size > MOST) { row.state = "refused"; row.said = liandong.say("文件超过 30 兆。没有存。缩小，或分几份传。"); }
      else if (!file.size) { row.state = "refused"; row.said = liandong.say("文件是空的。没有存。换一个有内容的文件。"); }
      rows.push(row);
    });
    show();
    next();
  }
  function next() {
    var row = !busy && rows.find(function (r) { return r.state === "waits"; });
    if (!row) return;
    busy = true;
    row.state = "sends";
    var data = new FormData(), asked = new XMLHttpRequest();
    data.set("file", row.file);
    asked.open("POST", row.url);
    asked.setRequestHeader("HX-Request", "true");
    asked.setRequestHeader("Idempotency-Key", row.key);
    asked.setRequestHeader("X-CSRFToken", liandong.token());
    asked.upload.onprogress = function (event) { row.part = event.total ? event.loaded / event.total : 0; show(); };
    asked.onloadend = async function () {
      busy = false;
      if (asked.status >= 200 && asked.status < 300 && /id="evidence"/.test(asked.responseText)) {
        rows.splice(rows.indexOf(row), 1);
        var here = place();
        if (here && here.dataset.upload === row.url) await liandong.put(asked.responseText);
      } else if (asked.status === 0 || asked.status >= 500) {
        row.state = "lost";
        row.said = liandong.say("没传上去，文件还在这里。");
      } else {
        row.state = "refused";
        row.said = said(asked.responseText) || liandong.say("没有存。刷新这一页再传。");
      }
      show();
      next();
    };
    asked.send(data);
    show();
  }
  function said(text) {
    var box = document.createElement("template");
    box.innerHTML = text;
    var fault = box.content.querySelector(".fault > div");
    return fault ? fault.textContent.trim() : "";
  }
  function show() {
    var list = document.getElementById("uploads"), at = place();
    if (!list) return;
    list.replaceChildren.apply(list, rows.filter(function (r) { return at && r.url === at.dataset.upload; }).map(function (row) {
      var li = document.createElement("li"), name = document.createElement("b"), note = document.createElement("span");
      li.className = row.state;
      name.textContent = row.file.name;
      li.append(name);
      if (row.state === "sends" || row.state === "waits") {
        var bar = document.createElement("progress");
        bar.max = 1; bar.value = row.part;
        bar.setAttribute("aria-label", liandong.say("已传"));
        li.append(bar);
        note.textContent = row.state === "waits" ? liandong.say("排着") : Math.round(row.part * 100) + "%";
      } else note.textContent = row.said;
      li.append(note);
      if (row.state === "lost") li.append(button(liandong.say("再传"), function () { row.state = "waits"; next(); }));
      if (row.state === "refused" || row.state === "lost") li.append(button(liandong.say("知道了"), function () { rows.splice(rows.indexOf(row), 1); show(); }));
      return li;
    }));
  }
  function button(text, press) {
    var made = document.createElement("button");
    made.type = "button"; made.className = "btn small"; made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }

  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-files]")) return;
    add(event.target.files);
    event.target.value = "";
  });
  function carries(event) { return place() && event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files"); }
  document.addEventListener("dragover", function (event) {
    if (!carries(event)) return;
    event.preventDefault();
    document.getElementById("evidence").classList.add("drop");
  });
  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget && document.getElementById("evidence")) document.getElementById("evidence").classList.remove("drop");
  });
  document.addEventListener("drop", function (event) {
    if (!carries(event)) return;
    event.preventDefault();
    document.getElementById("evidence").classList.remove("drop");
    add(event.dataTransfer.files);
  });
  document.addEventListener("liandong:put", show);
  window.addEventListener("beforeunload", function (event) {
    if (rows.some(function (r) { return r.state === "sends" || r.state === "waits"; })) event.preventDefault();
  });
})();
