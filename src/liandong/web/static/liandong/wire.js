// Requests: the token of the form, one key per press, fragments put in their places by htmx.
(function () {
  "use strict";
  var liandong = (window.liandong = window.liandong || {});

  function token() {
    // After a new sign-in in another window the cookie is newer than this page.
    var kept = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return kept ? kept[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  liandong.token = token;

  // Sentences come from the page in the reader's language; a page in Chinese carries none, its own words stand here.
  var spoken = document.getElementById("spoken");
  spoken = spoken ? JSON.parse(spoken.dataset.words) : {};
  liandong.say = function (sentence) { return spoken[sentence] || sentence; };

  liandong.freshKey = function () {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  };

  function mode() {
    var call = document.getElementById("call");
    return call ? call.dataset.mode : "";
  }

  // Whether something stands in a field here that a page which is loaded again would not show.
  function written() {
    return Array.from(document.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")).some(function (field) {
      return field.id !== "q" && field.offsetParent !== null && field.value !== field.defaultValue;
    });
  }

  // Milliseconds until what a page asks by itself counts as unanswered, and what was pressed: a line that died without a
  // word would keep both waiting for minutes.
  var PATIENCE = 8000, PRESSED = 20000;
  function within(time) { return AbortSignal.timeout ? AbortSignal.timeout(time) : undefined; } // Chromium 103 has it

  // Answers {ok, status, text}; status 0 when nothing came back (`late`: in time), so that the page keeps everything and the
  // press may be tried again.
  liandong.send = async function (method, url, data, key, signal) {
    var headers = { "HX-Request": "true", "X-Mode": mode() }, asked = performance.now();
    if (method !== "GET") headers["X-CSRFToken"] = token();
    if (key) headers["Idempotency-Key"] = key;
    try {
      var answer = await fetch(url, { method: method, body: data, headers: headers, credentials: "same-origin", signal: signal || within(key ? PRESSED : PATIENCE) });
      if (answer.redirected && /\/accounts\/login\//.test(answer.url)) {
        if (written()) liandong.fault("登录过期了。", "没有改动，写的字都在。", "另开一页登录，再按一次。");
        else location.reload();
        return { ok: false, status: 401, text: "" };
      }
      if (answer.headers.get("X-Go")) location.href = answer.headers.get("X-Go");
      return { ok: answer.ok, status: answer.status, text: await answer.text(), url: answer.url, redirected: answer.redirected, asked: asked };
    } catch (error) {
      if (error.name === "AbortError") return { ok: false, status: -1, text: "" };
      return { ok: false, status: 0, text: "", late: error.name === "TimeoutError" };
    }
  };

  // Every element of the answer goes where its id is; what is being typed is not among them.
  liandong.put = async function (text) {
    text = fresh(text);
    if (!text.trim()) return;
    await htmx.swap({ text: text, sourceElement: document.body, target: document.body, swap: "none", request: {}, hx: {} });
    document.dispatchEvent(new CustomEvent("liandong:put"));
  };

  // An answer that is late is not shown over a newer one; the words of who writes are replaced only when writing begins or ends.
  function fresh(text) {
    var call = document.getElementById("call"), box = document.createElement("template");
    box.innerHTML = text;
    var mode = box.content.querySelector("#mode");
    if (!mode) return text;
    if (!call || mode.dataset.matter !== call.dataset.matter) return "";
    if (Number(mode.dataset.seq) < Number(call.dataset.seq)) return "";
    var said = box.content.querySelector("#said[hx-swap-oob]");
    // Who is still writing when the matter moves finishes the sentence: the box turns to reading when it is quiet.
    var late = said && mode.dataset.mode === "read" && call.dataset.mode === "write" && liandong.typing && liandong.typing.busy();
    if (late) mode.dataset.late = "";
    var writing = mode.dataset.mode === "write" && call.dataset.mode === "write";
    if (said && (late || writing)) { said.remove(); return box.innerHTML; }
    return text;
  }

  liandong.fault = function (what, work, press) {
    var slot = document.getElementById("fault") || document.getElementById("stale");
    if (!slot) return;
    var box = document.createElement("div");
    box.className = "fault network";
    box.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-broken"/></svg><div><b></b><span></span></div><div class="acts"><button class="btn small" type="button" data-act="dismiss"></button></div>';
    box.querySelector("button").textContent = liandong.say("知道了");
    box.querySelector("b").textContent = liandong.say(what);
    box.querySelector("span").textContent = liandong.say(work) + (document.documentElement.lang === "en" ? " " : "") + liandong.say(press);
    slot.replaceChildren(box);
  };
})();
