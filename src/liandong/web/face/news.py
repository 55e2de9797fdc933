"""What there is to know, in words: one line that is read at a glance, and one that says what follows from it."""

from dataclasses import dataclass

from liandong.queries.desk.news import News
from liandong.words import clock, spaced, stops
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Told:
    """`words` and what follows; `url` of more, "" where there is none. `bad`: it does not stand as it should."""

    words: str
    then: str
    url: str = ""
    bad: bool = False


def told(row: News) -> Told:
    """One thing to know, in words."""
    at = row.at.strftime("%H:%M") if row.at else ""
    if row.what == "cut":
        then = (
            say("{count} 件等着送。急的打电话办", count=row.count) if row.count else say("急的打电话办，通了自动对账")
        )
        return Told(spaced(say("{name} {at} 起断线", name=row.name, at=at)), then, bad=True)
    if row.what == "back":
        then = (
            say("{waits} 件还在补送", waits=row.waits)
            if row.waits
            else say("断线时的 {count} 件都已补送", count=row.count)
        )
        return Told(spaced(say("{name} {at} 已恢复", name=row.name, at=at)), then)
    if row.what == "empty":
        return Told(
            spaced(say("{name} 没有席位在线", name=stops.listed(spaced(name) for name in row.names))),
            say("转过去没人接，急的先打电话"),
            bad=True,
        )
    if row.what == "hotline":
        return Told(say("12345 没有席位在线"), say("转过去没人接，急的先打电话"), bad=True)
    if row.what == "note":
        return Told(say("{name} {at} 交班留言", name=row.name, at=at), row.words)
    if row.what == "articles":
        then = say("连它今天改了 {count} 条", count=row.count) if row.count > 1 else say("{at} 写的", at=at)
        return Told(say("知识库：{name}", name=row.name), then, "/articles/")
    day = clock.day(row.at) if row.at else ""
    if row.what == "planned":
        return Told(say("清单 {name} 将启用", name=row.name), say("{day}起，新接的按它判", day=day))
    return Told(say("清单 {name} 已启用", name=row.name), say("{day}起，新接的按它判", day=day))
