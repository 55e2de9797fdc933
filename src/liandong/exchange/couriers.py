"""The couriers of a node, one for each partner, each in a thread of its own."""

import threading
import time

from django.conf import settings

from liandong.exchange.courier import Courier
from liandong.records.models import Partner


class Couriers:
    """One courier for each partner there is; looked at every few seconds, since partners are registered while we run."""

    LOOK_EVERY = 2.0

    def __init__(self, stop: threading.Event) -> None:
        self.stop, self.threads = stop, {}
        self.looked = 0.0

    def look(self) -> None:
        """Start what is missing, also what has ended by an error nobody expected."""
        if not settings.NODE or time.monotonic() - self.looked < self.LOOK_EVERY:
            return
        self.looked = time.monotonic()
        for pk in Partner.objects.values_list("pk", flat=True):
            thread = self.threads.get(pk)
            if thread is None or not thread.is_alive():
                self.threads[pk] = threading.Thread(
                    target=Courier(pk).run, args=(self.stop,), name=f"courier-{pk}", daemon=True
                )
                self.threads[pk].start()
