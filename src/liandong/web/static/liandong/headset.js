// The keys of a headset: WebHID, with the usages of the HID usage tables (page 0x0B telephony, page 0x08 LEDs). A press answers,
// ends or mutes as the page's own keys do, and the headset shows how the talk stands. Chromium asks once which one it is.
(function () {
  "use strict";
  var liandong = window.liandong, phone = liandong.phone, hid = navigator.hid, choice = document.getElementById("headset-choice");
  if (!phone || !choice) return;
  var TELEPHONY = 0x0b, HOOK = 0x0b0020, MUTE = 0x0b002f, LED_OFF_HOOK = 0x080017, LED_RING = 0x080018, LED_MUTE = 0x080009;
  // Milliseconds until a headset that moved by itself is told again how things stand; in which a press that answers becomes a talk.
  var ECHO = 300, COMES_UP = 5000;
  var device = null, ins = [], outs = [], stays = false, hook = false, mute = 0, lifted = -COMES_UP, sent = new Map();

  function say() {
    var words = !hid ? "这个浏览器接不了耳麦按键" : device ? "耳麦按键接好了" : "耳麦按键没接";
    var line = document.getElementById("headset-line");
    words = liandong.say(words) + (device ? " " + device.productName : "");
    if (line.textContent !== words) line.textContent = words;
    choice.hidden = !hid;
  }

  // Where each usage stands in the reports of one kind. The outermost collections list every item of theirs, in order.
  function places(kind) {
    var found = [];
    device.collections.forEach(function (collection) {
      (collection[kind] || []).forEach(function (report) {
        var at = 0;
        (report.items || []).forEach(function (item) {
          for (var i = 0; i < item.reportCount; i++, at += item.reportSize)
            if (!item.isConstant) found.push({ report: report.reportId, at: at, size: item.reportSize, item: item, usage: item.isArray ? 0 : usage(item, i) });
        });
        found.forEach(function (one) { if (one.report === report.reportId) one.bits = at; });
      });
    });
    return found;
  }
  function usage(item, i) {
    if (item.isRange) return item.usageMinimum + i;
    var named = item.usages || [];
    return named.length ? named[Math.min(i, named.length - 1)] : 0;
  }
  function read(data, at, size) {
    var value = 0;
    for (var i = 0; i < size; i++) {
      var bit = at + i;
      if (bit >> 3 < data.byteLength) value |= (data.getUint8(bit >> 3) >> (bit & 7) & 1) << i;
    }
    return value >>> 0;
  }
  // What a report says of one usage: its value and its item; null when it says nothing of it. An array names what is pressed.
  function value(event, wanted) {
    var told = null;
    ins.forEach(function (one) {
      if (one.report !== event.reportId) return;
      var now = read(event.data, one.at, one.size), item = one.item;
      if (item.isArray) {
        var named = Array.from({ length: (item.logicalMaximum || 0) - (item.logicalMinimum || 0) + 1 }, function (_, i) { return usage(item, i); });
        if (named.indexOf(wanted) < 0) return;
        var pressed = now >= item.logicalMinimum && named[now - item.logicalMinimum] === wanted;
        told = { on: pressed || !!told && told.on, once: true };
      } else if (one.usage === wanted) told = { on: now !== 0, once: !item.isAbsolute || !!item.hasPreferredState };
    });
    return told;
  }

  // A hook switch either stays as it is put, or is pressed and comes back by itself (`once`).
  function heard(event) {
    var now = phone.now(), key = value(event, HOOK), muted = value(event, MUTE);
    if (key && key.on !== hook) {
      hook = key.on;
      if (now.here && hook && now.rings) { lifted = performance.now(); phone.lift(); }
      else if (now.here && now.talk && (key.once ? hook : !hook)) phone.hangUp();
    }
    if (muted && Number(muted.on) !== mute) {
      mute = Number(muted.on);
      if (now.here && now.talk && (muted.once ? mute : muted.on !== now.muted)) phone.mute();
    }
    setTimeout(function () { show(true); }, ECHO);
  }
  function show(again) {
    if (!device || !device.opened) return;
    var now = phone.now(), on = {}, reports = new Map();
    on[LED_OFF_HOOK] = now.here && (now.talk || performance.now() - lifted < COMES_UP);
    on[LED_RING] = now.here && now.rings;
    on[LED_MUTE] = now.here && now.talk && now.muted;
    outs.forEach(function (one) {
      if (!(one.usage in on)) return;
      var bytes = reports.get(one.report) || new Uint8Array(Math.ceil(one.bits / 8));
      if (on[one.usage]) bytes[one.at >> 3] |= 1 << (one.at & 7);
      reports.set(one.report, bytes);
    });
    reports.forEach(function (bytes, report) {
      if (!again && sent.get(report) === bytes.join()) return;
      if (stays) hook = on[LED_OFF_HOOK]; // it follows
      sent.set(report, bytes.join());
      device.sendReport(report, bytes).catch(function () { sent.delete(report); }); // pulled out in this moment
    });
  }

  function speaks(one) {
    return one.collections.some(function (collection) { return collection.usagePage === TELEPHONY; });
  }
  async function take(one) {
    if (!one || !speaks(one) || device) return;
    try {
      if (!one.opened) await one.open();
    } catch (error) {
      liandong.fault("耳麦按键没接上。", "电话照常用。", "关掉占着它的软件，再按 Ctrl B。");
      return;
    }
    device = one;
    ins = places("inputReports");
    outs = places("outputReports");
    stays = ins.some(function (one) { return one.usage === HOOK && one.item.isAbsolute && !one.item.hasPreferredState; });
    hook = stays && phone.now().talk;
    mute = 0;
    sent.clear();
    lifted = -COMES_UP;
    device.addEventListener("inputreport", heard);
    say();
    show(true);
  }
  async function connect() {
    var chosen = [];
    try {
      chosen = await hid.requestDevice({ filters: [{ usagePage: TELEPHONY }] });
    } catch (error) {
      liandong.fault("耳麦按键没接上。", "电话照常用。", "请管理员许可本站用 HID 设备。");
    }
    if (chosen.length && device && chosen.indexOf(device) < 0) gone(device);
    chosen.forEach(take);
  }
  function gone(which) {
    if (device !== which) return;
    device.removeEventListener("inputreport", heard);
    device.close().catch(function () {});
    device = null;
    say();
  }

  say();
  if (!hid) return;
  hid.addEventListener("connect", function (event) { take(event.device); });
  hid.addEventListener("disconnect", function (event) { gone(event.device); });
  hid.getDevices().then(function (known) { known.forEach(take); }, function () {});
  document.addEventListener("liandong:act", function (event) { if (event.detail.act === "headset") connect(); });
  document.addEventListener("liandong:phone", function () { show(false); });
})();
