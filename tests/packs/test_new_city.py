"""A new city is a copied folder: no code is touched."""

from pathlib import Path

from liandong.packs import load
from liandong.packs.check import main, problems
from liandong.triage import read

KIND = """
[[kind]]
code = "12345-9"
platform = "12345"
title = "低空经济类"
clause = "本市补充清单第一条"
words = ["无人机噪音"]

[[kind.item]]
code = "12345-9.1"
text = "无人机扰民"
words = ["无人机", "航拍机"]
"""
UNIT = """
[[unit]]
code = "532900-air"
name = "大理州低空办"
short = "低空办"
kinds = ["12345-9"]
"""
BODY = """
[[body]]
code = "body-90"
number = 90
name = "大理州低空办"

[[body.line]]
number = "96990"
hours = "workday"
words = ["低空办"]
"""
EXAMPLES = """
[[example]]
kind = "12345-9"
platform = "12345"
texts = ["有无人机天天在窗外飞", "航拍机飞进小区", "无人机噪音太大"]
"""


def test_a_copied_folder_with_another_name_kind_and_number_is_a_city(folder: Path, capsys) -> None:
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace("5323", "5329").replace("楚雄州", "大理州")
        path.write_text(text.replace("chuxiong_2022", "dali_2027"), encoding="utf-8")
    for file, more in (("kinds", KIND), ("units", UNIT), ("directory", BODY), ("examples", EXAMPLES)):
        with (folder / f"{file}.toml").open("a", encoding="utf-8") as rows:
            rows.write(more)

    assert problems(folder) == []
    assert main([str(folder)]) == 0
    assert "大理州清单 2022.1 可以启用：17 类" in capsys.readouterr().out
    pack = load(folder)
    assert (pack.id, pack.city, pack.city_code) == ("dali_2027", "大理州", "532900")
    assert pack.desk_for("110", "532901").code == "110:532901"
    assert pack.units_for("12345-9.1", "532901")[0].code == "532900-air"
    assert pack.line("96990")[1].hours == "workday"
    assert read("窗外有无人机", pack).kinds[0][0] == "12345-9.1"
