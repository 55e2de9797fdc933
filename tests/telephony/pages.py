"""A desk's page as its telephone: Chromium whose microphone is a tone, and what its loudspeaker plays, measured in the page."""

import math
import struct
import wave
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.browser.conftest import CHROMIUM
from tests.browser.people import Somebody
from tests.telephony.phone import LOUD, SOFT, until

TALKS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
AS_IT_IS = """if (navigator.mediaDevices) {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = wanted => real({ ...wanted, audio: wanted.audio && {
    echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
}
const Way = RTCPeerConnection;
window.ways = [];
window.RTCPeerConnection = class extends Way { constructor(...words) { super(...words); ways.push(this); } };"""
"""A tone is what the page takes out of a voice: here it goes out as it is. Its ways are kept, to be looked at in a failure."""
HEARD = """tones => {
  const stream = document.getElementById("phone-sound").srcObject;
  if (!stream) return null;
  if (!window.ear || window.ear.stream !== stream) {
    const context = new AudioContext(), analyser = context.createAnalyser();
    analyser.fftSize = 16384;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(stream).connect(analyser);
    window.ear = { stream, context, analyser };
  }
  const { context, analyser } = window.ear, all = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(all);
  return tones.map(hertz => {
    const middle = Math.round(hertz * analyser.fftSize / context.sampleRate);
    return Math.max(-99, ...all.slice(middle - 2, middle + 3));
  });
}"""

COMES = """async () => {
  const ear = window.ear && [window.ear.context.state, window.ear.stream.active,
    window.ear.stream === document.getElementById("phone-sound").srcObject,
    ...window.ear.stream.getTracks().map(track => `${track.readyState} ${track.muted ? "muted" : "open"}`)];
  const told = await Promise.all(ways.map(async way => [way.connectionState, ...[...(await way.getStats()).values()]
    .filter(one => one.type === "inbound-rtp" || one.type === "outbound-rtp")
    .map(one => [one.type, one.ssrc, one.packetsReceived ?? one.packetsSent, one.audioLevel, one.packetsDiscarded])]));
  return JSON.stringify({ ear, ways: told });
}"""
"""What comes in and goes out of each talk the page had, and what its loudspeaker is at."""


def tone(file: Path, hertz: int) -> Path:
    """Two seconds of a tone, which a fake microphone plays again and again."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48000)
        out.writeframes(
            struct.pack("<96000h", *(int(8000 * math.sin(2 * math.pi * hertz * i / 48000)) for i in range(96000)))
        )
    return file


class Desk(Somebody):
    """Somebody at a desk whose page is the telephone."""

    def __init__(self, playwright: Playwright, folder: Path, address: str, username: str, hertz: int) -> None:
        sound = tone(folder / f"{username}.wav", hertz)
        self.browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*CHROMIUM, *TALKS, f"--use-file-for-fake-audio-capture={sound}"]
        )
        super().__init__(self.browser, address, username)
        self.context.add_init_script(AS_IT_IS)

    def line_is(self, words: str, within: float = 12) -> None:
        expect(self.page.locator("#phone-line")).to_contain_text(words, timeout=within * 1000)

    def hears(self, wanted: set[int], others: set[int], within: float = 8.0) -> None:
        """All of these tones and none of the others."""
        tones, loud = sorted(wanted | others), []

        def right() -> bool:
            nonlocal loud
            loud = dict(zip(tones, self.page.evaluate(HEARD, tones) or [], strict=False))
            return bool(loud) and all(loud[t] > LOUD for t in wanted) and all(loud[t] < SOFT for t in others)

        def why() -> str:
            return f"{self.username} hears {loud}, not {sorted(wanted)} alone: {self.page.evaluate(COMES)}"

        until(right, within, why)

    def leave(self) -> None:
        super().leave()
        self.browser.close()
