"""Whose matter a text is, beside who is sent."""

from dataclasses import replace

from liandong.rules.decision import Decision
from liandong.rules.sure import confidence, whose
from liandong.rules.weigh import Tally

DANGER = Decision(act="transfer", platform="110", urgent=True)


def tally(**platforms):
    return Tally({name.strip("_"): weight for name, weight in platforms.items()}, {}, {}, {})


def test_a_word_of_danger_in_a_matter_of_the_hotlines_leaves_it_the_hotlines():
    assert whose(tally(_110=1.0, _12345=3.0), DANGER) == "12345"
    assert whose(tally(_110=0.5, _12345=0.5, other=3.0), DANGER) == "other"


def test_where_two_fifths_speak_for_the_police_danger_is_theirs():
    assert whose(tally(_110=2.0, _12345=3.0), DANGER) == "110"


def test_without_danger_it_is_whose_the_decision_says():
    assert whose(tally(_110=0.1, _12345=3.0), replace(DANGER, urgent=False)) == "110"


def test_danger_by_an_answer_alone_with_no_word_weighed_is_the_polices():
    assert whose(tally(), DANGER) == "110"


def test_nobody_is_surer_than_the_share_of_the_platform():
    assert confidence(tally(_110=1.0, _12345=3.0), "12345") == 0.75
    assert confidence(tally(_110=1.0, _12345=3.0), "110") == 0.3
    assert confidence(tally(_110=9.0), "110") == 0.99
    assert confidence(tally(), "110") == 0.3
