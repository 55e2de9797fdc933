// The telephone in the page: it is this seat's phone at the exchange. It rings with the screen, comes up by itself when the desk
// has taken the call (F2), and comes back into its talk after the page was loaded anew or the network was gone.
(function () {
  "use strict";
  var liandong = window.liandong, JsSIP = window.JsSIP, mark = document.getElementById("phone-line");
  if (!mark || !JsSIP) return;
  var panel = document.getElementById("phone-panel"), sound = document.getElementById("phone-sound");
  var kept = "phone:" + document.body.dataset.seat, ua = null, talk = null, ringing = null, line = "wait", before = null;
  // Seconds a registration is good for; milliseconds until a line that says nothing is dead. TAKEN: another page has it.
  var GOOD_FOR = 120, SILENT = 12000, TAKEN = 4001;
  // A caller must hear what is said and not the room.
  var MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  var WORDS = {
    wait: "电话连线中", ready: "电话接好了", lost: "电话断了，在重接", denied: "话筒没允许", none: "没找到话筒", taken: "电话在另一页",
    desk: "用桌上话机", rings: "电话在响", talk: "话筒开着", mute: "话筒静音", silent: "话筒没声了"
  };
  var HELP = {
    lost: "自己会重接，通话还在", denied: "点地址栏的锁，允许用话筒", none: "插上耳麦，自己会接上", taken: "按 Ctrl M 拿到这一页",
    desk: "响了在桌上话机接", silent: "耳麦松了，插好再说", talk: "按键盘的音对方听得见", mute: "对方听不见你，按 F9 开"
  };

  function say(to) {
    if (to) line = to;
    var muted = document.querySelector('form [name="what"][value="unmute"]') !== null;
    var now = line !== "ready" ? line : ringing ? "rings" : !talk ? "ready" : dead() ? "silent" : muted ? "mute" : "talk";
    if (talk && (line === "lost" || line === "wait")) now = "lost";
    mark.dataset.lineState = now;
    put(mark.querySelector("span"), WORDS[now]);
    put(document.getElementById("phone-help"), talk && onDesk() ? "这通打完就换" : HELP[now] || "响了按 F2 接");
    put(document.getElementById("phone-choice").firstChild, onDesk() ? "换用网页电话" : line === "taken" ? "拿到这一页" : "换用桌上话机");
    document.dispatchEvent(new CustomEvent("liandong:phone"));
  }
  function put(where, words) { words = liandong.say(words); if (where.textContent !== words) where.textContent = words; }
  function onDesk() { return localStorage.getItem(kept) === "desk"; }
  function dead() {
    var sender = talk.connection && talk.connection.getSenders()[0], track = sender && sender.track;
    return !!track && (track.readyState === "ended" || track.muted);
  }

  // JsSIP's way to the exchange: every time it connects it shows a fresh ticket. What comes in between says that it lives.
  function Way(ticket) {
    var port = document.body.dataset.livePort, way = this, socket = null, heard = 0;
    var base = (location.protocol === "https:" ? "wss://" : "ws://") + (port ? location.hostname + ":" + port : location.host) + "/phone/";
    way.url = base;
    way.via_transport = "WS";
    way.sip_uri = "sip:liandong.invalid;transport=ws";
    way.connect = function () { reach(); }; // JsSIP takes no asynchronous one
    async function reach() {
      var mine = ticket;
      ticket = "";
      if (!mine) {
        var answer = await liandong.send("GET", "/seats/phone/");
        if (answer.status === 404) { stop("wait"); return; } // no longer at this seat
        mine = answer.ok ? JSON.parse(answer.text).ticket : "";
      }
      if (!mine) { way.ondisconnect(true, 0, ""); return; }
      var fresh = (socket = new WebSocket(base + "?ticket=" + encodeURIComponent(mine), "sip"));
      fresh.onopen = function () { heard = performance.now(); way.onconnect(); };
      fresh.onmessage = function (event) {
        heard = performance.now();
        if (event.data.trim()) way.ondata(event.data);
        else fresh.send("\r\n");
      };
      fresh.onclose = function (event) { over(fresh, event.code); };
    }
    function over(which, code) {
      if (socket !== which) return;
      socket = null;
      if (code === TAKEN) stop("taken");
      else way.ondisconnect(true, code, "");
    }
    way.disconnect = function () { var old = socket; socket = null; if (old) old.close(); };
    way.send = function (text) { if (!socket || socket.readyState !== 1) return false; socket.send(text); return true; };
    way.check = function (gone) {
      if (!socket || socket.readyState !== 1 || !gone && performance.now() - heard < SILENT) return;
      var old = socket;
      old.onclose = null;
      old.close();
      over(old, 0);
    };
  }

  function stop(to) {
    if (ua) { ua.stop(); ua = null; }
    say(to);
  }
  // A page without a microphone is no telephone: it does not register, and the call rings the phone on the desk if there is one.
  async function microphone() {
    try {
      var granted = await navigator.permissions.query({ name: "microphone" });
      granted.onchange = begin;
      if (granted.state === "granted" && (await navigator.mediaDevices.enumerateDevices()).some(function (d) { return d.kind === "audioinput"; })) return "";
      (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks().forEach(function (track) { track.stop(); });
      return "";
    } catch (error) {
      return error.name === "NotAllowedError" || !navigator.mediaDevices ? "denied" : "none";
    }
  }
  async function begin() {
    if (onDesk()) { if (!talk) stop("desk"); return; } // a talk is never ended by it
    var missing = await microphone();
    if (missing) { if (!talk) stop(missing); return; }
    if (ua) return;
    var answer = await liandong.send("GET", "/seats/phone/");
    if (ua) return;
    if (answer.status === 404) return;
    if (!answer.ok) { say("lost"); setTimeout(begin, 3000); return; }
    var told = JSON.parse(answer.text), way = new Way(told.ticket);
    ua = new JsSIP.UA({
      sockets: [way], uri: "sip:" + told.user + "@liandong.invalid", authorization_user: told.user, password: told.secret,
      register_expires: GOOD_FOR, session_timers: false, connection_recovery_min_interval: 1, connection_recovery_max_interval: 4,
      user_agent: "liandong"
    });
    ua.way = way;
    ua.on("registered", function () { say("ready"); });
    ua.on("registrationFailed", function () { say("lost"); });
    ua.on("disconnected", function () { if (ua) say("lost"); });
    ua.on("newRTCSession", function (told) { if (told.originator === "remote") called(told.session, told.request); });
    ua.start();
  }

  function called(session, request) {
    session.on("peerconnection", function (made) {
      made.peerconnection.addEventListener("track", function (event) {
        sound.srcObject = event.streams[0] || new MediaStream([event.track]);
      });
    });
    session.on("getusermediafailed", function () { begin(); });
    ["ended", "failed"].forEach(function (what) { session.on(what, function () { gone(session); }); });
    session.on("confirmed", function () {
      var old = talk;
      talk = session;
      if (old && old !== session && !old.isEnded()) old.terminate(); // from before the network was gone
      say();
    });
    if (/answer-after=0/.test(request.getHeader("Call-Info") || "")) lift(session);
    else { ringing = session; open(false); ring(true); say(); }
  }
  function lift(session) {
    if (ringing === session) { ringing = null; ring(false); }
    session.answer({ mediaConstraints: { audio: MICROPHONE, video: false }, pcConfig: { iceServers: [] } });
    say();
  }
  function gone(session) {
    if (ringing === session) { ringing = null; ring(false); }
    if (talk === session) talk = null;
    if (onDesk()) begin();
    say();
  }

  // The ring of a telephone here: 450 Hz, one second in five.
  var bell = null;
  function ring(on) {
    if (bell) { bell.close(); bell = null; }
    if (!on) return;
    bell = new AudioContext();
    var tone = bell.createOscillator(), loud = bell.createGain();
    tone.frequency.value = 450;
    loud.gain.value = 0;
    for (var i = 0; i < 24; i++) { loud.gain.setValueAtTime(0.2, i * 5); loud.gain.setValueAtTime(0, i * 5 + 1); }
    tone.connect(loud).connect(bell.destination);
    tone.start();
  }

  function open(show) {
    if (show === !panel.hidden) return;
    if (show) before = document.activeElement;
    panel.hidden = !show;
    mark.setAttribute("aria-expanded", String(show));
    if (show) panel.focus();
    else if (before && before.isConnected) before.focus();
  }
  function tone(digit) { if (talk) talk.sendDTMF(digit, { transportType: "RFC2833" }); }
  document.addEventListener("liandong:act", function (event) {
    var act = event.detail.act;
    if (act === "phone" && ringing) lift(ringing); // as one lifts the handset; the record is taken with F2
    else if (act === "phone") open(panel.hidden);
    if (act === "tone") tone(event.detail.button.dataset.tone);
    if (act === "phone-choice") {
      if (onDesk()) localStorage.removeItem(kept);
      else if (line !== "taken") localStorage.setItem(kept, "desk");
      begin();
      say();
    }
  });
  // For the keys of a headset: they do what the page's own keys do, where it has them.
  function control(what) {
    var field = document.querySelector('form [name="what"][value="' + what + '"]');
    return field && field.form.querySelector("[type=submit]");
  }
  liandong.phone = {
    now: function () { return { here: line !== "taken" && line !== "desk", rings: !!ringing, talk: !!talk, muted: !!control("unmute") }; },
    lift: function () {
      var lit = document.getElementById("lit");
      if (lit && lit.dataset.act === "answer") lit.click(); // the record is taken with it
      else if (ringing) lift(ringing);
    },
    hangUp: function () {
      var key = control("hang_up");
      if (key) key.click();
      else if (talk) talk.terminate();
    },
    mute: function () { var key = control("unmute") || control("mute"); if (key) key.click(); }
  };
  panel.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); open(false); }
    if (/^[0-9*#]$/.test(event.key) && !event.altKey && !event.ctrlKey) { event.preventDefault(); tone(event.key); }
  });
  document.addEventListener("liandong:put", function () { say(); });
  window.addEventListener("focus", function () { if (line === "taken") begin(); }); // the page one works in is the telephone
  window.addEventListener("offline", function () { if (ua) ua.way.check(true); });
  if (navigator.mediaDevices) navigator.mediaDevices.addEventListener("devicechange", begin);
  setInterval(function () { if (ua) ua.way.check(false); say(); }, 1000);
  document.addEventListener("DOMContentLoaded", begin);
})();
