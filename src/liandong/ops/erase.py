"""`liandong erase NUMBER --why …`: says what would be erased of a caller; with --really it is erased, in a name."""

from django.utils import timezone

from liandong.actions import erase
from liandong.records.models import Contact, Person
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Unable
from liandong.words import fault


def run(number: str, why: str, by: str, really: bool) -> int:
    """0 when erased, or when it could be; 1 when refused or nothing was found. `by` is a work number."""
    try:
        number = wording.telephone(number, "number")
        contacts = list(Contact.objects.filter(number=number).order_by("rang_at")) if number else []
        if not contacts:
            print(f"没有 {number or '这个'} 号码的来电。")
            return 1
        actor = actor_of(by, contacts[0].desk.city)
        if actor is None:
            print(f"工号 {by or '（没写）'} 不是这个城市的督查或管理员。用 --by 写明是谁。")
            return 1
        blocked = [show(contact) for contact in contacts]
        if not really:
            print(f"共 {len(contacts)} 次来电。这次什么都没有删；要删，加 --really。")
            return int(any(blocked))
        for contact in contacts:
            erase.erase(contact, why, by=actor, at=timezone.now())
    except Unable as refused:
        print(str(fault(refused.say)))
        return 1
    print(f"已删去 {len(contacts)} 次来电的个人信息。经过的链条没有断。")
    return 0


def actor_of(work_no: str, city: str) -> Actor | None:
    """The person of this work number in a post that may erase."""
    person = Person.objects.filter(work_no=work_no, is_active=True).first()
    posts = person.posts.filter(role__in=erase.MAY, city=city) if person else None
    post = next((p for p in posts or () if p.until_at is None or p.until_at > timezone.now()), None)
    if post is None:
        return None
    return Actor(role=post.role, person=person.pk, name=person.name, work_no=work_no, city=post.city)


def show(contact: Contact) -> bool:
    """Print one contact with its matters; whether one of them is still open."""
    matters = list(contact.matters.order_by("received_at"))
    numbers = "、".join(m.number for m in matters) or "没有事项"
    is_open = any(m.state != "archived" for m in matters)
    tail = "，还没归档，删不了" if is_open else ""
    print(f"{timezone.localtime(contact.rang_at):%Y-%m-%d %H:%M} {wording.masked(contact.number)}：{numbers}{tail}")
    return is_open
