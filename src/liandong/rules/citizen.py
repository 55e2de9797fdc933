"""What a person may learn, and be asked, about their own matter on a page that whoever has the code can open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """One matter as far as its citizen's page goes. `lead` is the state of its lead's order, `elsewhere`: an offer or a
    talk about who takes it is open, `at`: the platform that holds it."""

    state: str
    at: str
    lead: str = ""
    elsewhere: str = ""  # "", "offer" or "conference"
    closing: str = ""
    solved: bool | None = None
    confidential: bool = False
    wrote: bool = False  # nobody was on the line when it was answered


STAGES = ("received", "passed", "doing", "told")
"""接到 转到 在办 答复: the four steps a citizen counts by."""


def status(s: Standing) -> str:
    """The code of the one sentence that says where it is. A confidential matter never says more than "received"."""
    if s.confidential:
        return "received"
    if s.state in ("receiving", "held"):
        if s.elsewhere:
            return "talking" if s.elsewhere == "conference" else "passing"
        return "police" if s.at == "110" else "received"
    if s.state == "handling":
        return {"assigned": "given", "suspended": "paused"}.get(s.lead, "doing")
    if s.state in ("resolved", "ready"):
        return "done"
    if s.state == "merged":
        return "joined"
    if s.state == "answered":
        return "told"
    if s.closing == "answered" and s.wrote:
        return "ended_told"
    if s.closing in ("answered", "redirected", "handled"):
        return f"ended_{s.closing}"
    return "solved" if s.solved else "ended"


_STAGE = {
    "received": 0,
    "talking": 0,
    "passing": 0,
    "police": 1,
    "given": 1,
    "doing": 2,
    "paused": 2,
    "done": 2,
    "joined": 2,
}


def stage(code: str) -> int:
    """How many of the four steps lie behind it (an index into STAGES); 4 when all do."""
    return _STAGE.get(code, 3 if code == "told" else 4)


def asks(*, secret: bool, source_hidden: bool, nature: str, danger: str, no_call_back: bool) -> str:
    """What the page may ask when it has been told: "nothing" of who told it in confidence, only "solved" of who may be a
    victim (danger, 不便回拨), else "all": solved, and the satisfactions (A1; never asked of victims or informants)."""
    if secret or source_hidden or nature == "report":
        return "nothing"
    return "solved" if danger != "none" or no_call_back else "all"


def is_confidential(*, secret: bool, source_hidden: bool, nature: str) -> bool:
    """Whether the page may say no more than that it was received."""
    return secret or source_hidden or nature == "report"
