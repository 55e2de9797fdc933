"""查进度: one call's matters in a citizen's words, for whoever shows its code. Only what may be told (A1)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from liandong.records.calls import parts_of
from liandong.records.models import Event, Matter, Order
from liandong.rules import citizen, flows, together, wording
from liandong.rules.citizen import Standing

CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Step:
    """Something that has happened, as a code of the words room with whom it was about."""

    code: str
    at: datetime
    who: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `status` and `who` make its sentence; `behind`: steps of the four done; `answer`: words that were told.
    `asks`: what may be asked now: "", "solved" or "all"."""

    id: str
    title: str
    status: str
    who: str
    behind: int
    due_at: datetime | None
    answer: str
    asks: str
    steps: tuple[Step, ...] = ()

    @property
    def at_step(self) -> int:
        """The step of the four it is at, from 1."""
        return min(self.behind + 1, len(citizen.STAGES))

    @property
    def stages(self) -> tuple[tuple[str, str], ...]:
        """The four steps: (code, "past", "here" or "")."""
        stands = ("past" if n < self.behind else "here" if n == self.behind else "" for n in range(len(citizen.STAGES)))
        return tuple((f"stage.{name}", how) for name, how in zip(citizen.STAGES, stands, strict=True))

    @property
    def at_once(self) -> bool:
        """Answered where it came in: it went to nobody, so the four steps say nothing of it."""
        return self.status.startswith("ended_")

    @property
    def turn(self) -> str:
        """The code of the sentence that says whose turn it is; "" when it has ended."""
        return f"turn.{self.status}" if not self.status.startswith(("ended", "solved")) else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything under one code. `may_add`: words may still be added to it."""

    code: str
    number: str
    received_at: datetime
    parts: tuple[Part, ...]
    may_add: bool

    @property
    def asks(self) -> bool:
        """Whether the person is asked something about any part: that comes before adding more."""
        return any(part.asks for part in self.parts)


def plain_code(typed: str) -> str:
    """A code as it is stored, however it was typed: blanks, dashes and small letters do not matter."""
    return "".join(c for c in typed.upper() if c.isascii() and c.isalnum())


def shown_code(code: str) -> str:
    """A code as people read it aloud: 7K3M9-2QD6X."""
    return f"{code[:5]}-{code[5:]}"


def root_of(city: str, typed: str) -> Matter | None:
    """The matter a code of this city opens; None for any other code, also another city's."""
    code = plain_code(typed)
    if len(code) != CODE_LENGTH:
        return None
    rows = Matter.objects.select_related("contact", "holder")
    return rows.filter(query_code=code, part_of__isnull=True, city=city).first()


def part_of(city: str, typed: str, pk: str) -> Matter | None:
    """One part of what a code opens, by its id; None when it is no part of it."""
    root = root_of(city, typed)
    return next((m for m, p in parts_of(root.pk) if p.id == pk), None) if root else None


def progress(root: Matter) -> Progress:
    """Where everything stands that was said in this one call or letter."""
    call = [m for m, _ in parts_of(root.pk)]
    return Progress(
        code=shown_code(root.query_code), number=root.number, received_at=timezone.localtime(root.received_at),
        parts=tuple(_part(m) for m in call), may_add=not _confidential(root) and root.state != "archived",
    )  # fmt: skip


def _confidential(m: Matter) -> bool:
    return citizen.is_confidential(secret=m.secret, source_hidden=m.source_hidden, nature=m.nature)


def _part(m: Matter) -> Part:
    if _confidential(m):
        return Part(str(m.pk), "", "received", "", 0, None, "", "", ())
    lead = m.orders.filter(part="lead").select_related("unit").order_by("-assigned_at").first()
    working = lead if lead and lead.state in flows.waiting("order") else None
    status = citizen.status(_standing(m, working))
    asks = citizen.asks(secret=m.secret, source_hidden=m.source_hidden, nature=m.nature, danger=m.danger,
                        no_call_back=m.contact.no_call_back)  # fmt: skip
    open_now = status not in ("told", "solved", "ended") and not status.startswith("ended")
    return Part(
        id=str(m.pk), title=m.title, status=status, who=_who(m, status, working), behind=citizen.stage(status),
        due_at=timezone.localtime(m.answer_due_at) if m.answer_due_at and open_now else None, answer=_answer(m),
        asks=asks if m.state == "answered" and asks != "nothing" else "", steps=_steps(m),
    )  # fmt: skip


def _standing(m: Matter, working: Order | None) -> Standing:
    elsewhere = ""
    if m.conferences.filter(state="open").exists():
        elsewhere = "conference"
    elif m.transfers.filter(state__in=flows.waiting("transfer")).exists():
        elsewhere = "offer"
    return Standing(m.state, m.holder.platform, working.state if working else "", elsewhere, m.closing, m.solved,
                    wrote=m.contact.channel not in wording.CALLED)  # fmt: skip


def _who(m: Matter, status: str, working: Order | None) -> str:
    """Whose turn it is, in a name that may be told."""
    if status == "passing":
        offer = m.transfers.filter(state__in=flows.waiting("transfer")).select_related("to_desk").first()
        return offer.to_desk.short if offer else m.holder.short
    if status in ("given", "doing", "paused") and working:
        return working.unit.short
    return m.holder.short


def _answer(m: Matter) -> str:
    """The words the person was told; of what 110 ended only the releasable sentence. Nothing that was not told yet."""
    if m.closing in together.KNOWN_NOT_TOLD:
        return m.outcome
    return m.answer or m.outcome if m.state in ("answered", "archived") else ""


_TOLD = {
    "matter.opened": "step.received", "matter.added": "step.added", "order.contacted": "step.contacted",
    "matter.answered": "step.told", "matter.reopened": "step.again", "matter.archived": "step.closed",
    "matter.closed": "step.closed",
}  # fmt: skip


def _told(m: Matter) -> list[str]:
    """The kinds that are told. A unit's word that it got in touch is none to who left no number."""
    return [kind for kind in _TOLD if m.contact.number or kind != "order.contacted"]


def _steps(m: Matter) -> tuple[Step, ...]:
    """What happened, without who at which desk: reception, units named, words exchanged, the answer, the end. What the
    police did is not told here: who holds the code may be whom they came for."""
    steps = [Step(_TOLD[e.kind], timezone.localtime(e.at)) for e in
             Event.objects.filter(matter=m, kind__in=_told(m)).only("kind", "at").order_by("seq")]  # fmt: skip
    in_turn = m.orders.filter(part="lead").order_by("assigned_at", F("again_of").asc(nulls_first=True))
    for order in in_turn.select_related("unit"):
        steps.append(Step("step.again_given" if order.again_of_id else "step.given", timezone.localtime(order.assigned_at),
                          order.unit.short))  # fmt: skip
    steps.sort(key=lambda step: step.at)
    return tuple(s for n, s in enumerate(steps) if not (s.code == "step.again" and _again_given(steps[n:])))


def _again_given(after: list[Step]) -> bool:
    return any(s.code == "step.again_given" and s.at == after[0].at for s in after)
