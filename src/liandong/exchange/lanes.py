"""Several posts to one node under way at once, in threads that no end of the process waits for."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Lanes:
    """At most `lanes` daemon threads, begun as they are needed. A ThreadPoolExecutor's are joined when the interpreter ends, for as
    long as another node keeps silent, and the supervisor does not wait that long."""

    def __init__(self, lanes: int, name: str) -> None:
        self.lanes, self.name = lanes, name
        self.tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self.threads: list[threading.Thread] = []

    def submit(self, do: Callable[..., T], *given: Any) -> Future[T]:
        """Do it in the next lane that is free."""
        future: Future[T] = Future()
        self.tasks.put((future, do, given))
        if len(self.threads) < self.lanes:
            thread = threading.Thread(target=self._run, name=f"{self.name}-{len(self.threads)}", daemon=True)
            self.threads.append(thread)
            thread.start()
        return future

    def close(self) -> None:
        """Each lane ends after what was submitted and not cancelled; nobody waits for it."""
        for _ in self.threads:
            self.tasks.put(None)

    def _run(self) -> None:
        while task := self.tasks.get():
            future, do, given = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(do(*given))
            except BaseException as error:
                future.set_exception(error)
