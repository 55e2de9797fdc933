"""Group commit: requests that come while one is being written are written together by the next of them."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

MOST = 64
"""Written together at most: nobody waits for a longer transaction than that."""


class _Asked:
    """One request's thread, until it is answered or has its turn to write."""

    def __init__(self, what: Any) -> None:
        self.what, self.answer, self.answered = what, None, False
        self.turn = threading.Event()


class GroupCommit:
    """Calls `do` with what several threads ask, one call at a time. Nobody waits for others to come: who comes while nobody writes
    writes at once and alone; those who come meanwhile are the next group, written by the first of them, in its own thread and on its own
    connection. `do` gives each its own answer; an exception it raises is everybody's."""

    def __init__(self, do: Callable[[Sequence[Any]], Sequence[Any]]) -> None:
        self._do, self._lock = do, threading.Lock()
        self._waiting: list[_Asked] = []
        self._writing = False

    def __call__(self, what: Any) -> Any:
        """The answer to `what`, once it is written; raises nothing itself: an exception is an answer."""
        mine = _Asked(what)
        with self._lock:
            self._waiting.append(mine)
            leads, self._writing = not self._writing, True
        if not leads:
            mine.turn.wait()
        if not mine.answered:
            self._write()
        return mine.answer

    def _write(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        answers: Sequence[Any] = [RuntimeError("the group was not written")] * len(group)
        try:
            answers = self._do([one.what for one in group])
        except Exception as error:
            answers = [error] * len(group)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._writing = following is not None
            for one, answer in zip(group, answers, strict=True):
                one.answer, one.answered = answer, True
                one.turn.set()
            if following:
                following.turn.set()
