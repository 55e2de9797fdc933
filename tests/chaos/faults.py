"""What befalls two organisations: each fault goes on until `over`, and leaves them healed, or to heal by themselves."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from tests.chaos.organisations import Both, Side
from tests.chaos.proxy import Mood, Way

Fault = Callable[[Both, random.Random, threading.Event], None]
ACCEPTED, CONFIRMED = b"exchange.v1.accepted", b"exchange.v1.confirmed"
LOST = Way(times=0)


def _kill(side: Side, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if side.node.process.pid in pids:
        side.node.process.wait()
        side.start()


def kills(both: Both, dice: random.Random, over: threading.Event) -> None:
    """kill -9 of any process of either node, now and then of all; half of them while an acceptance is on its way."""
    moment = threading.Event()

    def watch(body: bytes) -> Way:
        if ACCEPTED in body or CONFIRMED in body:
            moment.set()
        return Way()

    for side in both.sides:
        if side.way:
            side.way.mood = watch
    while not over.wait(dice.uniform(1, 4)):
        side = dice.choice(both.sides)
        everybody = side.node.everybody()
        if dice.random() < 0.5:
            moment.clear()
            moment.wait(5)
        if everybody:
            _kill(side, everybody if dice.random() < 0.08 else [dice.choice(everybody)])


def database_restarts(both: Both, dice: random.Random, over: threading.Event) -> None:
    """The database of either side is stopped as an administrator stops it, and comes back."""
    while not over.wait(dice.uniform(3, 8)):
        pid = dice.choice(both.sides).node.pids().get("postgres", 0)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)


def _moods(both: Both, mood: Mood) -> None:
    for side in both.sides:
        side.way.mood = mood


def cut(both: Both, dice: random.Random, over: threading.Event) -> None:
    """Both ways at once, for seconds and at times for longer than it takes to call the partner down."""
    while not over.wait(dice.uniform(1, 5)):
        _moods(both, lambda _: Way(times=0, waits=dice.uniform(0, 0.5)))
        over.wait(45 if dice.random() < 0.1 else dice.uniform(0.5, 6))
        both.heal()


def cut_one_way(both: Both, dice: random.Random, over: threading.Event) -> None:
    """Nothing that one node sends arrives, neither message nor answer; it begins when an acceptance is on its way."""
    deaf: dict[str, Side | None] = {"side": None}

    def mood(to: Side) -> Mood:
        def treat(body: bytes) -> Way:
            if deaf["side"] is None and dice.random() < 0.1 and (ACCEPTED in body or CONFIRMED in body):
                deaf["side"] = dice.choice(both.sides)
                over_at = threading.Timer(dice.uniform(0.5, 6), lambda: deaf.update(side=None))
                over_at.daemon = True
                over_at.start()
            return Way(times=0 if deaf["side"] is to else 1, answered=deaf["side"] is None)

        return treat

    for side in both.sides:
        side.way.mood = mood(side)
    over.wait()


def duplicates(both: Both, dice: random.Random, over: threading.Event) -> None:
    """Every message comes two to four times, and some once more a while later."""
    _moods(both, lambda _: Way(times=dice.randint(2, 4), late=dice.uniform(0, 5) if dice.random() < 0.3 else None))
    over.wait()


def reordering(both: Both, dice: random.Random, over: threading.Event) -> None:
    """A message is held up and comes after those that were sent behind it, and after its own second try."""

    def treat(_: bytes) -> Way:
        return Way(times=0, late=dice.uniform(0.1, 4)) if dice.random() < 0.15 else Way()

    _moods(both, treat)
    over.wait()


def delay(both: Both, dice: random.Random, over: threading.Event) -> None:
    """A slow line: up to 300 ms each way, and at times seconds, with the answer lost."""

    def treat(_: bytes) -> Way:
        slow = dice.random() < 0.01
        return Way(waits=dice.uniform(2, 11) if slow else dice.uniform(0, 0.3), answered=not slow)

    _moods(both, treat)
    over.wait()


def damage(both: Both, dice: random.Random, over: threading.Event) -> None:
    """Bodies and answers are cut short, or some of their bytes are others."""

    def short(body: bytes) -> bytes:
        return body[: dice.randrange(len(body))] if body else body

    def other(body: bytes) -> bytes:
        changed = bytearray(body)
        for _ in range(dice.randint(1, 5)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        return bytes(changed)

    def treat(_: bytes) -> Way:
        what = dice.random()
        spoil = dice.choice((short, other))
        return Way(spoils=spoil if what < 0.15 else None, spoils_answer=spoil if 0.15 <= what < 0.3 else None)

    _moods(both, treat)
    over.wait()


def compiler() -> str:
    """What makes the library that shows a process another clock; "" where there is none."""
    return shutil.which("cc") or shutil.which("gcc") or ""


def own_clocks(both: Both) -> None:
    """Both nodes anew, each by a time of day that a file sets (libfaketime 0.9.10 breaks the sleeps of Python)."""
    library = both.sides[0].node.home.path / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler(), "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
    library.chmod(0o755)
    both.stop()
    for side in both.sides:
        set_clock(side, 0)
        side.node.environ |= {"CHAOS_CLOCK": str(side.node.home.path / "clock"), "LD_PRELOAD": str(library)}
    both.start()


def set_clock(side: Side, seconds: int, role: str = "") -> None:
    """Of every process of this node, or of those of one role (`LIANDONG_ROLE`, or "database"), whose own file then counts."""
    file = side.node.home.path / (f"clock.{role}" if role else "clock")
    file.write_text(f"{seconds:+d}\n")
    file.chmod(0o644)


def clock_steps(both: Both, dice: random.Random, over: threading.Event) -> None:
    """Either side's clock jumps to and fro: within the five minutes that are borne, and beyond them for a while."""
    while not over.wait(dice.uniform(2, 8)):
        most = 1200 if dice.random() < 0.15 else 140
        set_clock(dice.choice(both.sides), dice.randint(-most, most))
    for side in both.sides:
        set_clock(side, 0)


def small_disks(both: Both) -> None:
    """Each database on a disk of its own, with room for little more."""
    both.stop()
    for side in both.sides:
        _on_small_disk(side)
    both.start()


def off_small_disks(both: Both) -> None:
    """Both nodes are stopped, and nothing stays mounted."""
    both.stop()
    for side in both.sides:
        subprocess.run(["umount", "-l", side.node.home.data], check=False)


def full_disk(both: Both, dice: random.Random, over: threading.Event) -> None:
    """The disk of either side's database fills up to the last byte, and is given room again."""
    while not over.wait(dice.uniform(3, 8)):
        ballast = dice.choice(both.sides).node.home.data / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as out:
            while out.write(b"\0" * 65536):
                pass
        over.wait(dice.uniform(2, 6))
        ballast.unlink()


def _on_small_disk(side: Side) -> None:
    data = side.node.home.data
    aside = data.with_suffix(".aside")
    data.rename(aside)
    data.mkdir()
    used = int(subprocess.run(["du", "-sm", aside], capture_output=True, text=True, check=True).stdout.split()[0])
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + 700}m", "none", data], check=True)
    subprocess.run(["cp", "-a", f"{aside}/.", data], check=True)


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        cut,
        cut_one_way,
        duplicates,
        reordering,
        delay,
        damage,
        kills,
        database_restarts,
        clock_steps,
        full_disk,
    )
}
BEFORE = {"clock_steps": own_clocks, "full_disk": small_disks}
AFTER = {"full_disk": off_small_disks}
"""What has to be made ready before people begin, and taken away after them."""
