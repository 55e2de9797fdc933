// The knowledge base beside a reply: found while typing, put into the answer by one press; the call stays where it is.
(function () {
  "use strict";
  var liandong = window.liandong, timer = 0;

  document.addEventListener("input", function (event) {
    if (event.target.id !== "library-q") return;
    clearTimeout(timer);
    timer = setTimeout(find, 200);
  });
  async function find() {
    var box = document.getElementById("library-q");
    if (!box) return;
    var asked = box.value, answer = await liandong.send("GET", "/articles/found/?q=" + encodeURIComponent(asked));
    var now = document.getElementById("library-q");
    if (answer.ok && now && now.value === asked) await liandong.put(answer.text);
    else if (answer.status === 0) liandong.fault("没连上平台。", "没有改动，写的字都在。", "再打一个字就重找。");
  }

  function use(words) {
    var box = document.querySelector("#panel #answer");
    if (!box) return false;
    box.value = box.value.trim() ? box.value.replace(/\s+$/, "") + "\n" + words : words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    return true;
  }
  document.addEventListener("liandong:act", async function (event) {
    if (event.detail.act !== "use-article") return;
    var told = event.detail.button.closest(".article").querySelector("[data-answer]");
    var words = Array.from(told.querySelectorAll("p"), function (p) { return p.innerText.trim(); }).join("\n");
    if (use(words)) return;
    var call = document.getElementById("call");
    var answer = await liandong.send("GET", "/matters/" + call.dataset.matter + "/panels/answered/");
    if (answer.ok) { await liandong.put(answer.text); use(words); }
    else liandong.fault("这一步已经过了。", "没有改动，写的字都在。", "看清这一页再按。");
  });
})();
