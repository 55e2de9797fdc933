"""How much one partner may send: a bucket that fills steadily, so that a flood from one keeps nobody's desk waiting. Pure: the
second is an argument."""

from dataclasses import dataclass, field

RATE, BURST = 400.0, 1200.0
"""Messages a second for good, and at once after a pause; for each process that takes them."""


@dataclass(slots=True)
class Buckets:
    """What is left for each sender, and when that was."""

    left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def takes(self, sender: str, second: float) -> bool:
        """Whether one more message of this sender is taken now; `second` only ever grows."""
        left, since = self.left.get(sender, (BURST, second))
        left = min(BURST, left + (second - since) * RATE)
        self.left[sender] = (left - 1 if left >= 1 else left), second
        return left >= 1
