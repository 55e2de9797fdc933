"""更多: acts seldom wanted stand under one key, each with a key of its own that nothing else on the page has."""

import re
from collections import Counter

from tests.web.test_pressing import LAMP


def keys_of(page: str) -> list[str]:
    return [key for key in re.findall(r'data-key="([^"]+)"', page) if key]


def test_rare_acts_stand_under_one_key_and_keep_their_own(cast, at):
    matter = cast.call(cast.lin, LAMP)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    listed = page.split('<div id="more"')[1].split("</section>")[0]
    for act, key in (("hand", "Alt 0"), ("split", "Alt P"), ("confide", "Alt J"), ("escalate", "Alt Z"),
                     ("sheet", "Alt B"), ("nuisance", "Alt H")):  # fmt: skip
        assert re.search(rf'data-act="{act}"[^>]*data-key="{key}"', listed), act
        assert page.count(f'data-act="{act}"') == 1, act
    assert 'data-act="more" data-key="Alt G"' in page


def test_no_key_means_two_things_on_one_page(cast, at):
    deciding = cast.call(cast.lin, LAMP)
    handling = cast.call(cast.lin, LAMP)
    at.lin.post(f"/matters/{handling.pk}/orders/", {"unit": "532301-urban", "part": "lead"})
    for matter in (deciding, handling):
        page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
        assert [key for key, n in Counter(keys_of(page)).items() if n > 1] == []


def test_a_call_that_still_rings_offers_nothing_but_to_answer(cast, at):
    matter = cast.rings("12345:532300")
    assert 'id="more"' not in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()


def test_the_place_of_danger_is_there_before_danger_is(cast, at):
    matter = cast.call(cast.lin, LAMP)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert re.search(r'class="calm".*data-act="raise"[^>]*data-key="F1"', page, re.S)
    assert page.count('data-act="raise"') == 1
