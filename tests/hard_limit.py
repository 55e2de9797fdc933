"""A limit that no test outlives: a run that stands still says where everybody stood, and ends. Pytest's own dump would show the
loop in which Playwright waits, and not the line of the test that waits for it."""

import faulthandler
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import greenlet

BEFORE_THE_END: list[Callable[[], object]] = []
"""What must not be left running."""
ENDED = 70
"""The exit code of a run that stood still."""
SPARE = 30
"""Seconds more after which a run ends that cannot even say where it stands."""
_LIMITS: list[float] = []


@contextmanager
def hard_limit(seconds: float, name: str, out: Callable[[str], object]) -> Iterator[None]:
    """End the process when this takes longer. Outside the main thread nothing is limited."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_signal) -> None:
        out(f"\n{name} stands still for {seconds:g} s\n{stands()}")
        for end in BEFORE_THE_END:
            end()
        os._exit(ENDED)

    before = signal.signal(signal.SIGALRM, over)
    _LIMITS.append(seconds)
    moves_on()
    try:
        yield
    finally:
        _LIMITS.pop()
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def moves_on() -> None:
    """The time begins anew: for a test that looks at many pages, one after the other."""
    if _LIMITS:
        signal.setitimer(signal.ITIMER_REAL, _LIMITS[-1])
        faulthandler.dump_traceback_later(_LIMITS[-1] + SPARE, exit=True, file=sys.__stderr__)


def stands() -> str:
    """The stacks, of threads and of greenlets that wait for another, in which more than libraries take part."""
    stacks = [("thread", frame) for frame in sys._current_frames().values()]
    waiting = [one.gr_frame for one in gc.get_objects() if isinstance(one, greenlet.greenlet)]
    stacks += [("waits", frame) for frame in waiting if frame is not None]
    said = [f"{what}:\n{''.join(traceback.format_stack(frame))}" for what, frame in stacks if ours(frame)]
    return "\n".join(said)


def ours(frame: FrameType) -> bool:
    files = (one.f_code.co_filename for one, _ in traceback.walk_stack(frame))
    return any(not file.startswith((sys.base_prefix, "<frozen")) and "/site-packages/" not in file for file in files)
