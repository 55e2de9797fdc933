// Two windows of one person at one matter: what is written in one stands in the other at once, so that neither is saved over
// the other. Windows of one browser alone: a seat on another machine is another's until it is taken.
(function () {
  "use strict";
  var liandong = window.liandong;
  if (!("BroadcastChannel" in window)) return;
  var line = new BroadcastChannel("liandong:written");

  function here() {
    var call = document.getElementById("call");
    return call && document.getElementById("words") ? document.body.dataset.seat + " " + call.dataset.matter : "";
  }
  document.addEventListener("liandong:written", function (event) {
    if (here()) line.postMessage(Object.assign({ at: here() }, event.detail));
  });
  line.onmessage = function (event) {
    var told = event.data;
    if (!told.at || told.at !== here()) return;
    if (told.asks && liandong.typing.busy()) line.postMessage({ at: here(), was: null, now: liandong.typing.settled() });
    if ("now" in told) liandong.typing.takes(told.was, told.now);
    if (told.answers) liandong.typing.takes("", "", told.answers);
    var field = told.name && document.querySelector('#record [name="' + told.name + '"]');
    if (field && field !== document.activeElement) field.value = told.value;
  };
})();
