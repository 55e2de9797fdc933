"""Which extension is which seat. The exchange knows only extensions; records know only seats."""

from liandong.records.models import Seat

UNNAMED = "seat-"


class Phones:
    """Extensions as the records have them; what this process has used once it does not ask for again."""

    def __init__(self) -> None:
        self.seats: dict[str, int | None] = {}

    def extension(self, seat: Seat) -> str:
        """The seat's phone; a seat without a number of its own is rung by its place in the records."""
        name = seat.extension or f"{UNNAMED}{seat.pk}"
        self.seats[name] = seat.pk
        return name

    def seat(self, extension: str) -> int | None:
        """The seat behind an extension, or None for an outside number."""
        if extension not in self.seats:
            self.seats[extension] = _seat_at(extension)
        return self.seats[extension]

    def seats_of(self, extensions: tuple[str, ...]) -> list[int]:
        return [seat for seat in map(self.seat, extensions) if seat is not None]

    def beside(self, extension: str, others: tuple[str, ...]) -> list[str]:
        """Those of the others that are at the same desk."""
        same = Seat.objects.filter(desk__seats=self.seat(extension)).values_list("pk", flat=True)
        return [other for other in others if other != extension and self.seat(other) in set(same)]


def _seat_at(extension: str) -> int | None:
    seats = Seat.objects.order_by("pk")
    number = extension.removeprefix(UNNAMED)
    if number != extension and number.isdecimal():
        return seats.filter(pk=number, extension="").values_list("pk", flat=True).first()
    return seats.filter(extension=extension).values_list("pk", flat=True).first() if extension else None
