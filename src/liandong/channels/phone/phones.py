"""Which extension is which seat. The exchange knows only extensions; records know only seats."""

from liandong.records.models import Seat


class Phones:
    """Extensions as this process has used them; one that it has not used belongs to nobody's talk."""

    def __init__(self) -> None:
        self.seats: dict[str, int] = {}

    def extension(self, seat: Seat) -> str:
        """The seat's phone; a seat without a number of its own is rung by its place in the records."""
        name = seat.extension or f"seat-{seat.pk}"
        self.seats[name] = seat.pk
        return name

    def seat(self, extension: str) -> int | None:
        """The seat behind an extension, or None for an outside number."""
        return self.seats.get(extension)

    def seats_of(self, extensions: tuple[str, ...]) -> list[int]:
        return [self.seats[name] for name in extensions if name in self.seats]
