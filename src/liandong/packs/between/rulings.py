"""Limits and mechanisms: every question the product asks a city has an answer."""

from collections.abc import Iterator

from liandong.packs.between.finding import Rows, say
from liandong.packs.problem import Problem

# Questions of the notices that every city answers, with the answers the product knows how to carry out.
MECHANISMS = {
    "transfer.clear": ("take",),
    "unclear": ("first_receiver", "duty_office"),
    "offer.lapsed": ("first_receiver", "duty_office"),
    "district": ("area_110", "prefecture_110"),
    "district.12345": ("prefecture_12345", "area_12345"),
    "danger": ("110_first",),
    "danger.inform": ("duty_office", "none"),
    "stability": ("110_at_once",),
    "unit.in_danger": ("110_sends",),
    "dispute": ("after_first_handling", "at_once"),
    "neither": ("guide",),
    "unlinked": ("tell_unit", "duty_office"),
}
# Questions a city may leave open, for all its lines or, with `.LINE` behind it, for one.
MAY_SAY = {"recorded.say": ("spoken", "none")}
# Waits that the product measures.
LIMITS = (
    *("offer.ring", "offer.ring_danger", "offer.leader", "conference.settle", "seat.wrap", "matter.receive"),
    *("matter.decide", "order.sign", "order.contact", "order.answer", "reply.tell", "follow_up", "callback.missed"),
    "reply.together",
    *("demand.dispatch", "dispatch.arrive", "dispatch.feedback", "danger.undo", "designation.decide"),
    *("remind.again", "remind.again.demand", "remind.again.dispatch", "remind.again.sheet"),
    *("remind.again.sheet.danger", "sheet.tell", "sheet.tell.danger", "sheet.confirm", "sheet.confirm.danger"),
    *("sheet.tell.duty", "sheet.reconcile", "extension.decide", "assistance.decide", "evidence.keep"),
)


def limits(rows: Rows) -> Iterator[Problem]:
    """Amounts above nothing, working time only in days, no wait without a limit."""
    for row in rows["limit"]:
        if row["amount"] <= 0:
            yield say(row, "时限不大于零", "写正整数")
        if row["clock"] == "working" and row["unit"] != "day":
            yield say(row, "工作日时限的单位不对", "按工作日算的写 unit = day，其余写 natural")
    have = {row["key"] for row in rows["limit"]}
    for key in LIMITS:
        if key not in have:
            yield Problem("limits.toml", "", f"缺时限“{key}”", "请从现有清单复制这一条，改成本市的数字")


def mechanisms(rows: Rows) -> Iterator[Problem]:
    """Known questions, known answers, none that must be answered without one."""
    have = {row["key"] for row in rows["mechanism"]}
    for row in rows["mechanism"]:
        line = row["key"].rpartition(".")
        of_line = MAY_SAY.get(line[0]) if line[2].isdecimal() else None
        known = MECHANISMS.get(row["key"]) or MAY_SAY.get(row["key"]) or of_line
        if known is None:
            yield say(row, "不认识的机制", f"可写的有：{'、'.join((*MECHANISMS, *MAY_SAY))}")
        elif row["value"] not in known:
            yield say(row, f"写成了“{row['value']}”", f"只能是：{'、'.join(known)}")
    for key, answers in MECHANISMS.items():
        if key not in have:
            yield Problem("mechanisms.toml", "", f"缺机制“{key}”", f"请写明本市怎么办：{'、'.join(answers)}")
