"""险情: one key, F1, on whatever page of the matter somebody at a telephone has before them (T4, C二(二)1)."""

import pytest

from liandong.actions import confer, crews, danger, drafts, handle, transfer
from liandong.records.models import Matter, Unit

WORDS = "楼下麻将馆噪音扰民"


def told(cast):
    return cast.call(cast.lin, WORDS, district="532301")


def offered(cast):
    matter = told(cast)
    cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, reason="赌博", clause="清单一", consent=True)
    return matter


def taken(cast):
    matter = offered(cast)
    cast.act(transfer.accept, matter.transfers.get(), by=cast.yue)
    return matter


def invited(cast):
    matter = told(cast)
    cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    return matter


def talking(cast):
    matter = invited(cast)
    cast.act(confer.join, matter.conferences.get(), by=cast.yue)
    return matter


def at_a_unit(cast):
    matter = told(cast)
    cast.act(handle.assign, matter, Unit.objects.filter(city="532300").first(), by=cast.lin, ask="去看", part="lead")
    return matter


def lowered(cast):
    matter = taken(cast)
    demand = cast.act(danger.raise_danger, matter, "有人动刀", by=cast.lin)
    crew = cast.act(crews.dispatch, matter, "鹿城派出所", by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.clock.on(seconds=1)
    cast.act(danger.lower, demand, "人已劝走", by=cast.yue)
    return matter


@pytest.mark.parametrize(("now", "who"), [
    (told, "lin"), (offered, "lin"), (offered, "yue"), (taken, "lin"), (taken, "yue"), (invited, "lin"), (invited, "yue"),
    (talking, "lin"), (talking, "yue"), (at_a_unit, "lin"), (lowered, "yue"), (lowered, "lin"),
])  # fmt: skip
def test_f1_is_on_every_page_of_the_matter_and_raises_danger(cast, at, now, who):
    matter, client = now(cast), getattr(at, who)
    talk = matter.conferences.filter(state="open").exists()
    for url in (f"/matters/{matter.pk}/call/", f"/matters/{matter.pk}/three-way/")[: 2 if talk else 1]:
        page = client.get(url).content.decode()
        assert page.count('data-act="raise"') == 1 == page.count('data-key="F1"'), url
    raised = client.post(f"/matters/{matter.pk}/danger/", {"means": "他拿刀出来了", "said": WORDS})
    assert raised.status_code == 200
    assert Matter.objects.get(pk=matter.pk).danger == "raised"
    assert matter.demands.get(state="open").means == "他拿刀出来了"


@pytest.mark.parametrize(
    ("now", "who"), [(offered, "yue"), (invited, "yue"), (talking, "yue"), (talking, "lin"), (taken, "lin")]
)
def test_f1_raises_danger_also_where_the_machine_reads_it(cast, at, now, who):
    matter, client = now(cast), getattr(at, who)
    holder = next(a for a in (cast.lin, cast.yue) if a.desk == Matter.objects.get(pk=matter.pk).holder.code)
    drafts.keep(matter, f"{WORDS}，他拿刀出来了，要砍人", {}, by=holder, at=cast.clock.now)
    Matter.objects.filter(pk=matter.pk).update(said=f"{WORDS}，他拿刀出来了，要砍人")
    url = f"/matters/{matter.pk}/three-way/" if now is talking else f"/matters/{matter.pk}/call/"
    page = client.get(url).content.decode()
    if 'data-stage="sign"' in page:
        form = page[: page.index('data-key="F1"')].rpartition("<form")[2]
        assert f'action="/matters/{matter.pk}/danger/"' in form and 'data-act="raise"' in form
    assert page.count('data-key="F1"') == 1 and ('data-stage="sign"' in page or now is taken)
    assert client.post(f"/matters/{matter.pk}/danger/", {"means": "持刀"}).status_code == 200
    assert matter.demands.get(state="open").means == "持刀"


def test_who_has_it_not_before_them_has_no_such_key(cast, at):
    matter = told(cast)
    assert at.yue.get(f"/matters/{matter.pk}/call/").status_code == 404
    assert at.yue.post(f"/matters/{matter.pk}/danger/", {"means": "x"}).status_code == 404
    assert not matter.demands.exists()


def test_what_is_heard_after_it_was_raised_is_named_beside_it_and_what_was_raised_is_not(cast, at):
    matter = cast.call(cast.lin)
    url, gas = f"/matters/{matter.pk}", "配电箱冒烟"
    page = at.lin.post(f"{url}/reading/", {"said": gas}).content.decode()
    means = page.split('name="means" value="')[1].split('"')[0]
    raised = at.lin.post(f"{url}/danger/", {"said": gas, "means": means}).content.decode()
    assert "又听出" not in raised and "依据" in raised, "the same danger, by its short name or its long one, is no news"
    more = at.lin.post(f"{url}/reading/", {"said": f"{gas}，有人昏迷了"}).content.decode()
    assert "又听出" in more and "补报" in more
