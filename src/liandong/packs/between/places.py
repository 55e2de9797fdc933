"""Districts, townships and desks: they belong to the city, and none is missing."""

import re
from collections.abc import Iterator

from liandong.packs.between.finding import Rows, city_of, say
from liandong.packs.build import split_township
from liandong.packs.problem import Problem


def districts(rows: Rows) -> Iterator[Problem]:
    """Codes of six digits that belong to the city, townships of nine that belong to their district."""
    city = city_of(rows)
    if not re.fullmatch(r"[0-9]{4}00", city):
        yield say(rows[""][0], f"城市代码“{city}”不对", "写六位行政区划代码，末两位是 00")
    for row in rows["district"]:
        if not re.fullmatch(r"[0-9]{6}", row["code"]):
            yield say(row, "县区代码不是六位数字", "写六位行政区划代码")
        elif row["code"][:4] != city[:4]:
            yield say(row, f"城市 {city} 里没有它", "县区代码前四位应与城市代码相同")
        for township in row["townships"]:
            code, name = split_township(township)
            if not re.fullmatch(r"[0-9]{9}", code) or not name:
                yield say(row, f"乡镇“{township}”写法不对", "写成“九位代码 空格 名称”，例如 532301001 鹿城镇")
            elif code[:6] != row["code"]:
                yield say(row, f"乡镇“{township}”不属于这个县区", "代码前六位应与县区代码相同")


def desks(rows: Rows) -> Iterator[Problem]:
    """Desks with a known place: a 110 per district, a 12345 and a 110 of the city, the duty office if it decides."""
    city, districts = city_of(rows), {row["code"] for row in rows["district"]}
    for row in rows["desk"]:
        if row["district"] not in districts | {city}:
            yield say(row, f"县区“{row['district']}”不存在", "请先写进 districts.toml")
        if row["code"] != f"{row['platform']}:{row['district']}":
            yield say(row, "代码与平台、县区不一致", f"写成 {row['platform']}:{row['district']}")
        if (row["level"] == "prefecture") != (row["district"] == city):
            yield say(row, "级别与县区不一致", "市（州）级写 prefecture，县区级写 county")
    codes = {row["code"] for row in rows["desk"]}
    needed = [f"110:{city}", f"12345:{city}", *(f"110:{code}" for code in sorted(districts))]
    if any(row["value"] == "duty_office" for row in rows["mechanism"]):
        needed.append(f"duty:{city}")
    for code in needed:
        if code not in codes:
            yield Problem("desks.toml", "", f"缺台席“{code}”", "每个县区一个 110 台，全市一个 12345 台、一个 110 台")
