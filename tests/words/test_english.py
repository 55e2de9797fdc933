"""Chinese complete, English complete: whatever stands in a page, a script or the words room has its English, and the
catalogue holds nothing that is said no more. A late page fails here with the lines to add."""

import re

import pytest
from django.template import Context, Engine
from django.utils import translation

from liandong.rules.say import Say
from liandong.words import catalogue, fault, runs
from tools import words

NAME = re.compile(r"\{(\w+)\}")
KEPT = ("中文", "我们楼下的路灯坏了六盏")
"""Entries that read the same in English begin so: a language's own name, what the demo's caller says."""


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return {str(row.id): str(row.string) for row in catalogue.read() if row.id}


def test_every_sentence_has_its_english(english):
    gaps = [
        f'#: {file}\nmsgid "{said}"\nmsgstr ""' for said, file in words.sentences().items() if not english.get(said)
    ]
    assert not gaps, (
        f"{len(gaps)} sentences have no English. Run `python -m tools.words`, then fill their msgstr in "
        f"src/liandong/words/locale/en/LC_MESSAGES/django.po:\n\n" + "\n\n".join(gaps)
    )


def test_the_catalogue_holds_nothing_that_is_said_no_more(english):
    stale = sorted(english.keys() - words.sentences().keys())
    assert not stale, f"No page says these any more; `python -m tools.words` takes them out: {stale}"


def test_no_sentence_is_put_together_where_it_cannot_be_translated():
    assert not words.composed(), (
        "Chinese in an f-string has no English: write say('转{name}', name=…) of liandong.words.filling; data that stays "
        f"as it is says `{words.STAYS}` on its line: {words.composed()}"
    )


def test_the_english_names_only_what_its_chinese_knows_and_is_english(english):
    for said, told in english.items():
        assert set(NAME.findall(told)) <= set(NAME.findall(said)), said
        assert said.startswith(KEPT) or not runs.CHINESE.search(told), said
        assert '"' not in told and "<" not in told, f"{said}: it stands in attributes and markup"


def shown(source: str, language: str, **known) -> str:
    engine = Engine(builtins=["django.template.defaulttags", "liandong.web.templatetags.sentences"])
    with translation.override(language):
        return engine.from_string(runs.marked(source)).render(Context(known))


def test_a_template_reads_as_it_is_written_and_in_english_by_the_catalogue():
    page = '<p title="看全号会留痕"><b>{{ seat }} 席</b> {{ x|default:"没有号码" }}</p>'
    assert shown(page, "zh-hans", seat=7) == '<p title="看全号会留痕"><b>7 席</b> 没有号码</p>'
    assert shown(page, "en", seat=7) == '<p title="Seeing the number leaves a trace"><b>Seat 7</b> No number</p>'


def test_what_a_reader_wrote_is_escaped_in_both_languages_and_a_value_stays_data():
    for language in ("zh-hans", "en"):
        told = shown('<i>打 {{ c.line }}</i><input value="人已脱险">', language, c={"line": "<b>"})
        assert "&lt;b&gt;" in told and "<b>" not in told and 'value="人已脱险"' in told


def test_a_run_keeps_every_sign_of_the_template():
    page = "<p>\n  {% if a %}转{{ a.name|upper }}，{{ b }}{% endif %}\n</p>{# 注 #}"
    assert shown(page, "zh-hans", a={"name": "x"}, b="y") == "<p>\n  转X，y\n</p>"
    assert runs.entries(page) == ["转{name}，{b}"]


def test_a_refusal_is_told_in_the_readers_language():
    with translation.override("en"):
        assert str(fault(Say("forbidden.matter"))).startswith("This matter is not in your hands.")
    assert fault(Say("forbidden.matter")).what == "这件事不在你手上。"
