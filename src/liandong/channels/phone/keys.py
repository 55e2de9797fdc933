"""A phone's own transfer key is the key on the screen: whoever sits there offers the matter, and the same records follow."""

from datetime import datetime

from liandong.actions import phone_key, transfer
from liandong.channels.phone.lines import desk_dialled
from liandong.channels.phone.phones import Phones
from liandong.queries import people
from liandong.records.models import Desk, Matter, Post, Seat
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid, Unable
from liandong.telephony.port import Asked


def pressed(asked: Asked, seat: int | None, *, at: datetime) -> None:
    """Offer what the talk is about to the desk that was dialled. Unable for whatever the key on the screen would refuse, which is
    then in the matter's course; and when nobody is signed in at the phone, or the talk is about nothing of that desk's.

    Whether the caller agreed was not asked on any screen, so consent is not recorded.
    """
    row = Seat.objects.select_related("desk").filter(pk=seat).first()
    matter = row and Matter.objects.filter(contact__call=asked.call, holder=row.desk).order_by("-received_at").first()
    who = sits_at(row, at) if matter else None
    if who is None:
        raise Conflict("conflict.call_over")
    try:
        transfer.offer(matter, dialled(asked.target, matter, at), by=who, at=at)
    except Unable as refused:
        phone_key.refused(matter, refused.say.code, by=who, at=at)
        raise


def dialled(target: str, matter: Matter, at: datetime) -> Desk:
    """110, 12345, a line of the directory that one of them took over, or the extension of a seat. Invalid for anything else."""
    desk = desk_dialled(matter.city, target, matter.district, at)
    desk = desk or Desk.objects.filter(seats__pk=Phones().seat(target)).first()
    if desk is None:
        raise Invalid("invalid.to_desk", "to_desk")
    return desk


def sits_at(seat: Seat, at: datetime) -> Actor | None:
    """Whoever is signed in at a seat."""
    post = Post.objects.filter(person=seat.person_id, desk=seat.desk, role__in=people.SEATED).first()
    return post and people.actor(seat.person_id, post.pk, at, seat.session)
