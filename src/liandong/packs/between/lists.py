"""Kinds, directory and units: codes that fit and references that resolve."""

import re
from collections.abc import Iterator

from liandong.packs.between.finding import SERVICES, Rows, city_of, kind_codes, parts, say
from liandong.packs.problem import Problem
from liandong.rules.reference import KINDS
from liandong.rules.rows import SHORTEST


def kinds(rows: Rows) -> Iterator[Problem]:
    """Codes that fit their platform and kind, known services, short names that are short, no kind without an item."""
    platforms = {row["platform"] for row in rows["desk"]}
    for row in rows["kind"] + rows["scope"]:
        if row["platform"] not in platforms:
            yield say(row, f"平台“{row['platform']}”没有台席", "请先写进 desks.toml")
        for part in (row, *row.parts.get("item", ())):
            if unknown := set(part["like"]) - set(KINDS):
                yield say(part, f"对照类别“{'、'.join(sorted(unknown))}”不存在", f"like 只写：{'、'.join(KINDS)}")
            if len(part["short"]) > SHORTEST:
                yield say(part, f"简称“{part['short']}”太长", f"short 最多 {SHORTEST} 个字")
    for row in rows["kind"]:
        if not re.fullmatch(rf"{re.escape(row['platform'])}-[0-9]+", row["code"]):
            yield say(row, "类别代码不对", f"写成“{row['platform']}-序号”")
        if unknown := set(row["also"]) - set(SERVICES):
            yield say(row, f"“{'、'.join(sorted(unknown))}”不能同时通知", f"also 只写：{'、'.join(SERVICES)}")
        if not row.parts["item"]:
            yield say(row, "下面没有事项", "至少写一条 [[kind.item]]")
        for item in row.parts["item"]:
            if not re.fullmatch(rf"{re.escape(row['code'])}\.[0-9]+", item["code"]):
                yield say(item, "事项代码与类别不一致", f"写成“{row['code']}.序号”")


def directory(rows: Rows) -> Iterator[Problem]:
    """Numbers of digits with the day they were checked; successors that stand in the directory."""
    lines = parts(rows["body"], "line")
    numbers = {line["number"] for line in lines}
    for row in rows["body"]:
        if row["number"] < 0:
            yield say(row, "序号不能是负数", "按文件的序号写；兜底一条写 0")
    for line in lines:
        if not re.fullmatch(r"[0-9]{3,12}", line["number"]):
            yield say(line, "号码不全是数字", "写 3 到 12 位数字，不加空格和横线")
        if not line.source.verified_on:
            yield say(line, "没写核对日期", "请写 verified_on = 最近一次核对这个号码的日期")
        if line["successor"] and (line["successor"] not in numbers or line["successor"] == line["number"]):
            yield say(line, f"并入的号码“{line['successor']}”不在名录里", "请写名录里的另一个号码，没有就删去")


def units(rows: Rows) -> Iterator[Problem]:
    """Kinds, districts and bodies that exist, and a unit for every kind of the 12345 list."""
    known = kind_codes(rows)
    places = {row["code"] for row in rows["district"]} | {city_of(rows), ""}
    bodies = {row["code"] for row in rows["body"]} | {""}
    for row in rows["unit"]:
        for code in row["kinds"]:
            if code not in known:
                yield say(row, f"类别或事项“{code}”不存在", "请先写进 kinds.toml，或改正代码")
        if row["district"] not in places:
            yield say(row, f"县区“{row['district']}”不存在", "请写 districts.toml 里的代码；全市的留空")
        if row["body"] not in bodies:
            yield say(row, f"名录里没有“{row['body']}”", "请写 directory.toml 里的代码，没有就删去")
    led = {code.split(".")[0] for row in rows["unit"] for code in row["kinds"]}
    for row in rows["kind"]:
        if row["platform"] == "12345" and row["code"] not in led:
            yield say(row, "没有承办单位", "请在 units.toml 里给这一类至少写一个单位")
