"""Plays a recorded transcript into a running liandong as a speech recogniser would: partial lines first, each at its moment.

    python player.py URL KEY_FILE RECORDED.jsonl [--extension 8007 | --call UUID] [--speed 4]

URL is the event stream's (ws://127.0.0.1:8001, wss://… behind the proxy); KEY_FILE holds a key with the scope `transcripts`. A
recorded line is {"at": seconds from the start, "for": seconds it takes to say, "speaker": …, "text": …}. It shares no code with
liandong: what it does is all that a recogniser must do.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def steps(recorded):
    """(seconds from the start, number, text, final) of everything that is sent, in order of time: a line is heard half, then whole."""
    for number, line in enumerate(recorded):
        text = line["text"]
        if len(text) > 6:
            yield line["at"] + line["for"] / 2, number, text[: len(text) // 2], False
        yield line["at"] + line["for"], number, text, True


def send(line, message):
    """Send one line until it is answered for good; the answer."""
    while True:
        line.send(json.dumps(message, ensure_ascii=False))
        answer = json.loads(line.recv(timeout=30))
        if answer.get("heard") or "wait" not in answer:
            return answer
        time.sleep(answer["wait"])


def play(url, key, recorded, where, speed):
    """Every line at its moment; a connection that breaks is made again and the line sent again. Returns how many were refused."""
    began, start, refused, left = datetime.now(UTC), time.monotonic(), 0, sorted(steps(recorded))
    while left:
        try:
            with connect(
                f"{url}/transcripts/", additional_headers={"Authorization": f"Bearer {key}"}, proxy=None
            ) as line:
                while left:
                    after, number, text, final = left[0]
                    time.sleep(max(0.0, start + after / speed - time.monotonic()))
                    said = recorded[number]
                    at = (began + timedelta(seconds=said["at"] / speed)).isoformat()
                    answer = send(line, {"id": f"{began:%H%M%S}-{number}", "speaker": said["speaker"], "from": at, "text": text,
                                         "final": final, **where})  # fmt: skip
                    left.pop(0)
                    if not answer["heard"]:
                        refused += 1
                        print("refused:", json.dumps(answer, ensure_ascii=False), flush=True)
        except (OSError, ConnectionClosed, TimeoutError) as error:
            print(f"again in 2 s: {type(error).__name__}", flush=True)
            time.sleep(2)
    return refused


def main(argv):
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("url")
    ask.add_argument("key", type=Path)
    ask.add_argument("recorded", type=Path)
    ask.add_argument("--speed", type=float, default=1.0)
    which = ask.add_mutually_exclusive_group(required=True)
    which.add_argument("--extension")
    which.add_argument("--call")
    given = ask.parse_args(argv)
    where = {"call": given.call} if given.call else {"extension": given.extension}
    recorded = [json.loads(text) for text in given.recorded.read_text(encoding="utf-8").splitlines() if text.strip()]
    refused = play(given.url, given.key.read_text().strip(), recorded, where, given.speed)
    print(f"{len(recorded)} lines, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
