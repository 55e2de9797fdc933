"""The checks between rows: codes once, references that resolve, and everything a city cannot do without."""

import re
from collections.abc import Iterator

from liandong.packs.build import split_township
from liandong.packs.problem import Problem
from liandong.packs.rows import Row

SERVICES = ("119", "120", "122")
EXAMPLES_PER_KIND = 3
OTHER_KINDS = ("scope", "other")  # what an example may be read as beside a kind

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
LIMITS = (
    *(
        "offer.ring",
        "offer.ring_danger",
        "offer.leader",
        "conference.settle",
        "seat.wrap",
        "matter.decide",
    ),
    *(
        "order.sign",
        "order.contact",
        "order.answer",
        "reply.tell",
        "follow_up",
        "callback.missed",
    ),
    *("demand.dispatch", "dispatch.arrive", "dispatch.feedback", "danger.undo"),
)

Rows = dict[str, list[Row]]


def problems_of(rows: Rows) -> list[Problem]:
    """Every problem between the rows of a pack (rows by table name)."""
    checks = (
        _codes,
        _districts,
        _desks,
        _kinds,
        _directory,
        _units,
        _limits,
        _mechanisms,
        _dangers,
        _examples,
    )
    return [problem for check in checks for problem in check(rows)]


def _say(row: Row, wrong: str, todo: str) -> Problem:
    return Problem(row.file, row.where, wrong, todo)


def _parts(rows: list[Row], part: str) -> list[Row]:
    return [inner for row in rows for inner in row.parts[part]]


def _once(rows: list[Row], key: str) -> Iterator[Problem]:
    seen: set = set()
    for row in rows:
        if row[key] and row[key] in seen:
            yield _say(row, f"“{row[key]}”写了两次", "每个代码只用一次，请改一处或删去")
        seen.add(row[key])


def _codes(rows: Rows) -> Iterator[Problem]:
    coded = ("desk", "district", "kind", "scope", "body", "unit")
    yield from _once(
        [row for name in coded for row in rows[name]] + _parts(rows["kind"], "item"),
        "code",
    )
    yield from _once(_parts(rows["body"], "line"), "number")
    yield from _once(rows["body"], "number")
    yield from _once(rows["limit"], "key")
    yield from _once(rows["mechanism"], "key")


def _city(rows: Rows) -> str:
    return rows[""][0]["city_code"]


def _districts(rows: Rows) -> Iterator[Problem]:
    city = _city(rows)
    if not re.fullmatch(r"[0-9]{4}00", city):
        yield _say(rows[""][0], f"城市代码“{city}”不对", "写六位行政区划代码，末两位是 00")
    for row in rows["district"]:
        if not re.fullmatch(r"[0-9]{6}", row["code"]):
            yield _say(row, "县区代码不是六位数字", "写六位行政区划代码")
        elif row["code"][:4] != city[:4]:
            yield _say(row, f"不属于本市（{city}）", "县区代码前四位应与城市代码相同")
        for township in row["townships"]:
            code, name = split_township(township)
            if not re.fullmatch(r"[0-9]{9}", code) or not name:
                yield _say(
                    row,
                    f"乡镇“{township}”写法不对",
                    "写成“九位代码 空格 名称”，例如 532301001 鹿城镇",
                )
            elif code[:6] != row["code"]:
                yield _say(row, f"乡镇“{township}”不属于这个县区", "代码前六位应与县区代码相同")


def _desks(rows: Rows) -> Iterator[Problem]:
    city, districts = _city(rows), {row["code"] for row in rows["district"]}
    for row in rows["desk"]:
        if row["district"] not in districts | {city}:
            yield _say(row, f"县区“{row['district']}”不存在", "请先写进 districts.toml")
        if row["code"] != f"{row['platform']}:{row['district']}":
            yield _say(
                row,
                "代码与平台、县区不一致",
                f"写成 {row['platform']}:{row['district']}",
            )
        if (row["level"] == "prefecture") != (row["district"] == city):
            yield _say(row, "级别与县区不一致", "市（州）级写 prefecture，县区级写 county")
    codes = {row["code"] for row in rows["desk"]}
    needed = [
        f"110:{city}",
        f"12345:{city}",
        *(f"110:{code}" for code in sorted(districts)),
    ]
    if any(row["value"] == "duty_office" for row in rows["mechanism"]):
        needed.append(f"duty:{city}")
    for code in needed:
        if code not in codes:
            yield Problem(
                "desks.toml",
                "",
                f"缺台席“{code}”",
                "每个县区一个 110 台，全市一个 12345 台、一个 110 台",
            )


def _kinds(rows: Rows) -> Iterator[Problem]:
    platforms = {row["platform"] for row in rows["desk"]}
    for row in rows["kind"] + rows["scope"]:
        if row["platform"] not in platforms:
            yield _say(row, f"平台“{row['platform']}”没有台席", "请先写进 desks.toml")
    for row in rows["kind"]:
        if not re.fullmatch(rf"{re.escape(row['platform'])}-[0-9]+", row["code"]):
            yield _say(row, "类别代码不对", f"写成“{row['platform']}-序号”")
        if unknown := set(row["also"]) - set(SERVICES):
            yield _say(
                row,
                f"“{'、'.join(sorted(unknown))}”不能同时通知",
                f"also 只写：{'、'.join(SERVICES)}",
            )
        if not row.parts["item"]:
            yield _say(row, "下面没有事项", "至少写一条 [[kind.item]]")
        for item in row.parts["item"]:
            if not re.fullmatch(rf"{re.escape(row['code'])}\.[0-9]+", item["code"]):
                yield _say(item, "事项代码与类别不一致", f"写成“{row['code']}.序号”")


def _directory(rows: Rows) -> Iterator[Problem]:
    lines = _parts(rows["body"], "line")
    numbers = {line["number"] for line in lines}
    for row in rows["body"]:
        if row["number"] < 0:
            yield _say(row, "序号不能是负数", "按文件的序号写；兜底一条写 0")
    for line in lines:
        if not re.fullmatch(r"[0-9]{3,12}", line["number"]):
            yield _say(line, "号码不全是数字", "写 3 到 12 位数字，不加空格和横线")
        if not line.source.verified_on:
            yield _say(line, "没写核对日期", "请写 verified_on = 最近一次核对这个号码的日期")
        if line["successor"] and (line["successor"] not in numbers or line["successor"] == line["number"]):
            yield _say(
                line,
                f"并入的号码“{line['successor']}”不在名录里",
                "请写名录里的另一个号码，没有就删去",
            )


def _units(rows: Rows) -> Iterator[Problem]:
    known = {row["code"] for row in rows["kind"]} | {row["code"] for row in _parts(rows["kind"], "item")}
    places = {row["code"] for row in rows["district"]} | {_city(rows), ""}
    bodies = {row["code"] for row in rows["body"]} | {""}
    for row in rows["unit"]:
        for code in row["kinds"]:
            if code not in known:
                yield _say(row, f"类别或事项“{code}”不存在", "请先写进 kinds.toml，或改正代码")
        if row["district"] not in places:
            yield _say(
                row,
                f"县区“{row['district']}”不存在",
                "请写 districts.toml 里的代码；全市的留空",
            )
        if row["body"] not in bodies:
            yield _say(
                row,
                f"名录里没有“{row['body']}”",
                "请写 directory.toml 里的代码，没有就删去",
            )
    led = {code.split(".")[0] for row in rows["unit"] for code in row["kinds"]}
    for row in rows["kind"]:
        if row["platform"] == "12345" and row["code"] not in led:
            yield _say(row, "没有承办单位", "请在 units.toml 里给这一类至少写一个单位")


def _limits(rows: Rows) -> Iterator[Problem]:
    for row in rows["limit"]:
        if row["amount"] <= 0:
            yield _say(row, "时限不大于零", "写正整数")
        if row["clock"] == "working" and row["unit"] != "day":
            yield _say(row, "工作日时限的单位不对", "按工作日算的写 unit = day，其余写 natural")
    have = {row["key"] for row in rows["limit"]}
    for key in LIMITS:
        if key not in have:
            yield Problem(
                "limits.toml",
                "",
                f"缺时限“{key}”",
                "请从现有清单复制这一条，改成本市的数字",
            )


def _mechanisms(rows: Rows) -> Iterator[Problem]:
    have = {row["key"] for row in rows["mechanism"]}
    for row in rows["mechanism"]:
        known = MECHANISMS.get(row["key"])
        if known is None:
            yield _say(row, "不认识的机制", f"可写的有：{'、'.join(MECHANISMS)}")
        elif row["value"] not in known:
            yield _say(row, f"写成了“{row['value']}”", f"只能是：{'、'.join(known)}")
    for key in MECHANISMS:
        if key not in have:
            yield Problem(
                "mechanisms.toml",
                "",
                f"缺机制“{key}”",
                f"请写明本市怎么办：{'、'.join(MECHANISMS[key])}",
            )


def _dangers(rows: Rows) -> Iterator[Problem]:
    known = {row["code"] for row in rows["kind"]} | {row["code"] for row in _parts(rows["kind"], "item")}
    seen: dict[str, str] = {}
    for row in rows["danger"]:
        if row["kind"] not in known:
            yield _say(
                row,
                f"类别或事项“{row['kind']}”不存在",
                "请先写进 kinds.toml，或改正代码",
            )
        if unknown := set(row["also"]) - set(SERVICES):
            yield _say(
                row,
                f"“{'、'.join(sorted(unknown))}”不能同时通知",
                f"also 只写：{'、'.join(SERVICES)}",
            )
        for phrase in row["phrases"]:
            if phrase in seen:
                yield _say(row, f"用语“{phrase}”已在“{seen[phrase]}”里", "同一句话只写一处")
            seen[phrase] = row["means"]


def _examples(rows: Rows) -> Iterator[Problem]:
    platform = {row["code"]: row["platform"] for row in rows["kind"]}
    numbers = {line["number"] for line in _parts(rows["body"], "line")}
    count = dict.fromkeys([*platform, *OTHER_KINDS], 0)
    for row in rows["example"]:
        if row["kind"] not in count:
            yield _say(
                row,
                f"类别“{row['kind']}”不存在",
                "写 kinds.toml 里的代码，或 scope、other",
            )
            continue
        if row["platform"] != platform.get(row["kind"], row["platform"]):
            yield _say(row, "平台与类别不一致", f"这一类归 {platform[row['kind']]}")
        if row["hotline"] and row["hotline"] not in numbers:
            yield _say(row, f"号码“{row['hotline']}”不在名录里", "请先写进 directory.toml")
        count[row["kind"]] += len(row["texts"])
    for kind, number in count.items():
        if number < EXAMPLES_PER_KIND:
            wrong = f"类别“{kind}”只有 {number} 句"
            yield Problem(
                "examples.toml",
                "",
                wrong,
                f"每类至少写 {EXAMPLES_PER_KIND} 句群众会说的话",
            )
