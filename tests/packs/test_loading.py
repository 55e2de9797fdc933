"""Reading a pack: from a folder, from stored texts, its digest, its limits and their sources."""

from pathlib import Path

import pytest

from liandong.packs import PackInvalid, from_files, load, read_folder, shipped
from liandong.rules.flows import TABLE

PACKS = [load(path) for path in shipped().values()]
NAMES = [pack.id for pack in PACKS]


def all_rows(pack):
    lines = [line for body in pack.bodies for line in body.lines]
    items = [item for kind in pack.kinds for item in kind.items]
    plain = [*pack.desks, *pack.districts, *pack.kinds, *pack.scopes, *pack.bodies, *pack.units, *pack.limits]
    return [*plain, *items, *lines, *pack.mechanisms, *pack.dangers]


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_release_reads_the_same_as_its_folder(name: str) -> None:
    path = shipped()[name]
    texts, _ = read_folder(path)
    assert from_files(texts) == load(path)
    assert from_files(dict(reversed(texts.items()))).digest == load(path).digest


def test_one_changed_letter_changes_the_digest(folder: Path, change) -> None:
    before = load(folder).digest
    change("kinds.toml", "# 楚雄州清单", "# 楚雄州的清单")
    assert load(folder).digest != before
    assert len(before) == 64


def test_a_stored_release_stays_readable_when_checks_between_rows_grow_stricter(folder: Path, change) -> None:
    change("examples.toml", 'hotline = "12368"', 'hotline = "99999"')
    with pytest.raises(PackInvalid):
        load(folder)
    assert from_files(read_folder(folder)[0]).city == "楚雄州"


def test_texts_that_are_no_pack_are_refused() -> None:
    with pytest.raises(PackInvalid, match="缺这个文件"):
        from_files({})


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
def test_every_row_has_a_clause_and_ours_a_review_date(pack) -> None:
    for row in all_rows(pack):
        assert row.source.clause, row
        assert row.source.grade != "project-default" or row.source.review_on, row


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
def test_limits_are_those_of_the_field_with_their_sources(pack) -> None:
    told = {limit.key: (limit.amount, limit.unit, limit.clock) for limit in pack.limits}
    assert told["order.sign"] == (1, "day", "working")
    assert told["order.sign.danger"] == (15, "minute", "natural")
    assert told["order.sign.utility"] == (30, "minute", "natural")
    assert told["matter.decide.danger"] == (1, "hour", "natural")
    assert told["offer.ring"] == (25, "second", "natural")
    assert [told[f"order.answer.{sort}"][0] for sort in ("inquiry", "help", "suggestion", "complaint", "report")] == [
        *(3, 7, 7, 15, 15)
    ]
    assert pack.limit("order.answer.unheard").key == "order.answer"


def test_sichuans_limits_hold_in_panzhihua_and_are_only_a_default_in_chuxiong() -> None:
    grades = {pack.id: pack.limit("order.answer.report").source.grade for pack in PACKS}
    assert grades == {"chuxiong_2022": "project-default", "panzhihua_2018": "published"}


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
def test_there_are_enough_danger_phrases_each_once(pack) -> None:
    phrases = [danger.text for danger in pack.dangers]
    assert len(phrases) >= 150
    assert len(phrases) == len(set(phrases))
    assert all(pack.kind(danger.kind).platform == "110" for danger in pack.dangers)


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
@pytest.mark.parametrize(
    "said", ["起火", "跳楼", "不想活", "持刀", "煤气味", "触电", "溺水", "被困", "昏迷", "救命", "绑架"]
)
def test_the_gravest_words_are_there(pack, said: str) -> None:
    assert said in {danger.text for danger in pack.dangers}


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
@pytest.mark.parametrize("wait", sorted({step.due for step in TABLE if step.due}))
def test_every_wait_of_the_product_has_a_limit(pack, wait: str) -> None:
    assert pack.limit(wait).amount > 0
