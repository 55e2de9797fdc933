"""管理: people, seats, units, keys and packs by their administrator, and what is refused."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from liandong.actions import keys, packs
from liandong.packs import read_folder, shipped
from liandong.records.models import Desk, Event, PackDraft, PackRelease, Person, Post, Seat, SystemKey, Unit
from liandong.rules.access import Actor
from tests.cast import CHUXIONG, PANZHIHUA, PASSWORD
from tests.web.conftest import browser

HOME = "/administration/"


@pytest.fixture
def boss(cast) -> Client:
    """A signed-in administrator of 楚雄州, the only one."""
    person = Person.objects.create_user("guan", password=PASSWORD, name="关原", work_no="8001")
    Post.objects.create(person=person, role="administrator", city=CHUXIONG)
    return browser("guan")


def told(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def secret_of(answer) -> str:
    return re.search(r"data-secret>([^<]+)<", answer.content.decode()).group(1)


NEW = {"username": "yang", "name": "杨柳", "work_no": "5399", "role": "operator", "desk": "12345:532300"}


def test_somebody_new_comes_in_with_the_printed_password_and_changes_it_first(boss):
    first = secret_of(boss.post(f"{HOME}people/", NEW, headers={"Idempotency-Key": "a"}))
    again = boss.post(f"{HOME}people/", NEW, headers={"Idempotency-Key": "a"})
    assert again.status_code == 409 and "只显示一次" in told(again) and first not in told(again)
    client = Client()
    client.post("/accounts/login/", {"login": "yang", "password": first})
    assert client.get("/seats/").url == "/accounts/password/change/"
    form = {"oldpassword": first, "password1": first, "password2": first}
    assert "跟原来的不同" in told(client.post("/accounts/password/change/", form))
    for weak, why in (("short-7", "新密码至少 10 个字。"), ("password123", "这个密码太常见。")):
        said = told(client.post("/accounts/password/change/", form | {"password1": weak, "password2": weak}))
        assert why in said and not re.search("您|This", said)
    own = "yunling-river-71"
    assert client.post("/accounts/password/change/", form | {"password1": own, "password2": own}).url == "/"
    assert client.get("/seats/").status_code == 200
    kinds = list(
        Event.objects.filter(stream=f"sign-in:{Person.objects.get(username='yang').pk}").values_list("kind", flat=True)
    )
    assert kinds == ["sign_in.opened", "sign_in.password_changed"]
    assert first not in "".join(Event.objects.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"username": "Y 1"}, "用户名"), ({"username": "lin"}, "有人用了"), ({"work_no": "5307"}, "工号 5307 有人用了"),
     ({"name": ""}, "空着"), ({"role": "king"}, "没有这种岗位"), ({"desk": "110:532301"}, "对应的台"),
     ({"desk": "12345:510400"}, "对应的台"), ({"role": "clerk"}, "承办单位")],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nobody_is_added(boss, wrong, says):
    answer = boss.post(f"{HOME}people/", NEW | wrong)
    assert answer.status_code == 422 and says in told(answer)
    assert not Person.objects.filter(username="yang").exists()


def test_who_is_deactivated_is_out_at_once_and_comes_back(cast, at, boss):
    pk = cast.lin.person
    assert at.lin.get("/desk/").status_code == 200
    url = f"{HOME}people/{pk}/standing/"
    assert boss.post(url, {"active": "no", "why": " "}).status_code == 422
    assert boss.post(url, {"active": "no", "why": "调到禄丰"}).status_code == 302
    assert at.lin.get("/desk/").url.startswith("/accounts/login/")
    assert Seat.objects.get(pk=cast.lin.seat).person is None
    assert boss.post(url, {"active": "no", "why": "调到禄丰"}).status_code == 409
    assert boss.post(url, {"active": "yes"}).status_code == 302
    page = told(boss.get(f"{HOME}people/{pk}/"))
    assert "启用账号" in page and "停用账号为什么：调到禄丰工号 8001" in page


def test_who_is_signed_out_everywhere_is_told_of_with_the_reason(cast, at, boss):
    pk = cast.lin.person
    url = f"{HOME}people/{pk}/sessions/"
    refused = boss.post(url, {"why": " "})
    assert refused.status_code == 422 and 'data-field="why"' in refused.content.decode()
    assert at.lin.get("/desk/").status_code == 200, "nothing was ended"
    assert boss.post(url, {"why": "电脑落在县里没锁"}).status_code == 302
    assert at.lin.get("/desk/").url.startswith("/accounts/login/")
    assert "各处都退出为什么：电脑落在县里没锁工号 8001" in told(boss.get(f"{HOME}people/{pk}/"))
    event = Event.objects.get(kind="sign_in.ended_everywhere")
    assert "落在县里" in event.private and "落在县里" not in event.body and json.loads(event.body)["sealed"]


def test_a_lost_telephone_is_taken_out_by_who_says_how_they_knew_whose_it_was(cast, boss):
    url = f"{HOME}people/{cast.lin.person}/second-factor/"
    Authenticator.objects.create(user_id=cast.lin.person, type=Authenticator.Type.TOTP, data={})
    said = {"checked": "当面看证件", "why": "手机丢了"}
    for missing in said:
        refused = boss.post(url, said | {missing: ""})
        assert refused.status_code == 422 and f'data-field="{missing}"' in refused.content.decode()
    assert boss.post(url, said).status_code == 302
    page = told(boss.get(f"{HOME}people/{cast.lin.person}/"))
    assert "清除二次验证为什么：手机丢了怎么核对的：当面看证件工号 8001" in page and "没开二次验证" in page
    event = Event.objects.get(kind="sign_in.factor_cleared")
    assert "手机丢了" in event.private and "手机丢了" not in event.body and json.loads(event.body)["sealed"]
    assert boss.post(url, said).status_code == 409, "there is none any more"


def test_posts_are_given_and_ended(cast, at, boss):
    pk = cast.lin.person
    unit = Unit.objects.filter(city=CHUXIONG).first()
    for _ in range(2):
        given = boss.post(
            f"{HOME}people/{pk}/posts/", {"role": "clerk", "unit": unit.code}, headers={"Idempotency-Key": "p"}
        )
        assert given.status_code == 302
    assert boss.post(f"{HOME}people/{pk}/posts/", {"role": "clerk", "unit": unit.code}).status_code == 409
    post = Post.objects.get(person_id=pk, role="operator")
    assert boss.post(f"{HOME}posts/{post.pk}/ending/").status_code == 422
    assert boss.post(f"{HOME}posts/{post.pk}/ending/", {"why": "轮岗"}).status_code == 302
    assert "收岗位 话务员 楚雄州 12345" in told(boss.get(f"{HOME}people/{pk}/"))
    assert at.lin.get("/").url == "/unit/"
    assert Seat.objects.get(pk=cast.lin.seat).person is None


def test_nobody_raises_or_locks_out_themselves_and_the_last_administrator_stays(cast, boss):
    me = Person.objects.get(username="guan")
    post = Post.objects.get(person=me)
    assert "自己不能给自己" in told(boss.post(f"{HOME}people/{me.pk}/posts/", {"role": "supervisor"}))
    assert boss.post(f"{HOME}people/{me.pk}/standing/", {"active": "no"}).status_code == 403
    last = boss.post(f"{HOME}posts/{post.pk}/ending/", {"why": "退休"})
    assert last.status_code == 409 and "最后一位管理员" in told(last)
    boss.post(f"{HOME}people/{cast.lin.person}/posts/", {"role": "administrator"})
    assert boss.post(f"{HOME}posts/{post.pk}/ending/", {"why": "退休"}).status_code == 302


def test_people_of_another_city_are_not_found_and_those_of_two_are_not_changed(cast, boss):
    assert boss.get(f"{HOME}people/{cast.he.person}/").status_code == 404
    assert boss.post(f"{HOME}people/{cast.he.person}/password/").status_code == 404
    Post.objects.create(person_id=cast.he.person, role="supervisor", city=CHUXIONG)
    shared = boss.post(f"{HOME}people/{cast.he.person}/password/")
    assert shared.status_code == 403 and "别处" in told(shared)


def test_an_administrator_sees_no_matter_of_a_citizen(cast, boss):
    matter = cast.call(cast.lin, "锦和里二期工地欠薪四个月")
    assert boss.get("/").url == HOME
    for url in (f"/matters/{matter.pk}/", f"/matters/{matter.pk}/call/", f"/matters/{matter.number}/"):
        assert boss.get(url).status_code in (302, 404)
    assert matter.number not in boss.get("/matters/", follow=True).content.decode()


def test_seats_are_added_changed_and_taken_out_of_service(cast, at, boss):
    new = {"desk": "12345:532300", "number": "21", "extension": "8021", "skills": "彝语，手语"}
    assert boss.post(f"{HOME}seats/making/", new).status_code == 302
    seat = Seat.objects.get(number="21")
    assert seat.skills == ["彝语", "手语"]
    assert boss.post(f"{HOME}seats/making/", new).status_code == 422
    assert boss.post(f"{HOME}seats/making/", new | {"desk": "12345:510400"}).status_code == 404
    boss.post(f"{HOME}seats/{seat.pk}/change/", new | {"out": "yes"})
    refused = at.zhou.post(f"/seats/{seat.pk}/sit")
    assert refused.status_code == 409 and "停用" in told(refused)


def test_a_unit_without_a_link_has_a_telephone(boss):
    unit = Unit.objects.filter(city=CHUXIONG).first()
    url = f"{HOME}units/{unit.pk}/change/"
    assert "要有电话" in told(boss.post(url, {"contact": "段主任"}))
    form = {"contact": "段主任", "contact_phone": "0878-3120001", "hours": "工作日 8:30–17:30"}
    assert boss.post(url, form).status_code == 302
    unit.refresh_from_db()
    assert (unit.linked, unit.contact, unit.contact_phone) == (False, "段主任", "08783120001")


def test_a_key_is_shown_once_kept_as_digest_and_good_until_revoked(boss):
    now = timezone.now()
    form = {
        "name": "政务服务平台",
        "scopes": ["matters.write"],
        "ends_on": (now + timedelta(days=30)).date().isoformat(),
    }
    secret = secret_of(boss.post(f"{HOME}keys/making/", form))
    row = SystemKey.objects.get()
    assert secret not in boss.get(f"{HOME}keys/").content.decode() and row.digest != secret
    assert keys.known(f"{secret}x", at=now) is None
    assert keys.known(secret, at=now) == row
    row.refresh_from_db()
    assert row.used_at == now
    assert keys.known(secret, at=now + timedelta(days=40)) is None
    refused = boss.post(f"{HOME}keys/{row.pk}/revocation/", {"why": " "})
    assert refused.status_code == 422 and "这一栏还空着" in told(refused)
    assert keys.known(secret, at=now) == row, "without a reason nothing is revoked"
    assert boss.post(f"{HOME}keys/{row.pk}/revocation/", {"why": "平台换人承建"}).status_code == 302
    assert keys.known(secret, at=now) is None
    event = Event.objects.get(kind="key.revoked")
    assert "平台换人承建" in event.private and "平台换人承建" not in event.body
    page = told(boss.get(f"{HOME}keys/"))
    assert re.search(r"已收\s*工号 8001 · \S+ · 为什么：平台换人承建", page), page[-900:]
    assert "没选" in told(boss.post(f"{HOME}keys/making/", form | {"scopes": []}))
    assert "到期日" in told(boss.post(f"{HOME}keys/making/", form | {"ends_on": "2099-01-01"}))


def test_a_key_is_replaced_on_the_page_and_the_new_one_is_shown_once(boss):
    form = {
        "name": "政务服务平台",
        "scopes": ["triage"],
        "ends_on": (timezone.now() + timedelta(days=30)).date().isoformat(),
    }
    old = secret_of(boss.post(f"{HOME}keys/making/", form))
    row = SystemKey.objects.get()
    answer = boss.post(f"{HOME}keys/{row.pk}/rotation/", headers={"Idempotency-Key": "r"})
    fresh = secret_of(answer)
    assert "再用 7 天" in told(answer) and fresh != old
    assert boss.post(f"{HOME}keys/{row.pk}/rotation/", headers={"Idempotency-Key": "r"}).status_code == 409
    page = boss.get(f"{HOME}keys/").content.decode()
    assert "已换新的" in page and fresh not in page and page.count("/rotation/") == 1
    assert keys.known(old, at=timezone.now()).system == keys.known(fresh, at=timezone.now()).system


def archive(change=lambda files: files) -> io.BytesIO:
    """The shipped pack of 楚雄州 as somebody zips it, changed."""
    files = change(read_folder(shipped()["chuxiong_2022"])[0])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name, text in files.items():
            out.writestr(f"chuxiong/{name}", text)
    packed.seek(0)
    packed.name = "pack.zip"
    return packed


def newer(files: dict[str, str]) -> dict[str, str]:
    kinds = files["kinds.toml"].replace("盗窃", "盗窃（含电瓶车）", 1)
    return files | {"pack.toml": files["pack.toml"].replace('"2022.1"', '"2026.9"'), "kinds.toml": kinds}


def test_a_broken_pack_is_told_row_by_row_and_not_kept(boss):
    wrong = archive(
        lambda files: files | {"limits.toml": files["limits.toml"].replace("amount = 25", 'amount = "x"', 1)}
    )
    answer = boss.post(f"{HOME}packs/bringing/", {"files": wrong})
    assert answer.status_code == 422 and "limits.toml" in told(answer) and "offer.ring" in told(answer)
    for content, says in ((b"no archive", "打不开"), (b"", "打不开")):
        file = io.BytesIO(content)
        file.name = "x.zip"
        assert boss.post(f"{HOME}packs/bringing/", {"files": file}).status_code == 422, says
    assert boss.post(f"{HOME}packs/bringing/", {}).status_code == 422
    assert not PackDraft.objects.exists()


def test_a_new_version_is_brought_compared_planned_withdrawn_and_activated(cast, boss):
    assert boss.post(f"{HOME}packs/bringing/", {"files": archive(newer), "note": "盗窃写全"}).status_code == 302
    draft, current = PackDraft.objects.get(), PackRelease.objects.get(city=CHUXIONG)
    url = f"{HOME}packs/comparison/?before=r{current.pk}&after=d{draft.pk}&matters=50"
    cast.call(cast.lin, "路灯坏了，晚上看不见")
    page = boss.get(url)
    assert (
        "含电瓶车" in told(page)
        and "改动" in told(page)
        and "例句" in told(page)
        and "路灯坏了，晚上" not in told(page)
    )
    day = timezone.localdate() + timedelta(days=9)
    assert "/activation/" not in boss.get(f"{HOME}packs/").content.decode(), "comparing comes first"
    assert "/activation/" in page.content.decode()
    assert not re.search(
        "/activation/", boss.get(url.replace(f"before=r{current.pk}", f"before=d{draft.pk}")).content.decode()
    )
    start = f"{HOME}drafts/{draft.pk}/activation/"
    assert boss.post(start, {"on": "2020-01-01", "compared": current.pk}).status_code == 422
    unseen = boss.post(start, {"on": day.isoformat()})
    assert unseen.status_code == 409 and "没跟那天要换下的 2022.1 比过" in told(unseen)
    assert boss.post(start, {"on": day.isoformat(), "compared": current.pk}).status_code == 302
    assert "盗窃写全" in told(boss.get(f"{HOME}packs/")), "why it was made stays with it"
    planned = PackRelease.objects.get(version="2026.9")
    assert PackRelease.objects.in_force(CHUXIONG, timezone.localdate()) == current
    assert PackRelease.objects.in_force(CHUXIONG, day) == planned
    assert boss.post(f"{HOME}releases/{planned.pk}/withdrawal/").status_code == 302
    assert PackRelease.objects.in_force(CHUXIONG, day) == current
    assert boss.post(f"{HOME}releases/{current.pk}/withdrawal/").status_code == 409
    boss.post(f"{HOME}packs/bringing/", {"files": archive(newer)})
    start = f"{HOME}drafts/{PackDraft.objects.get().pk}/activation/"
    assert boss.post(start, {"on": timezone.localdate().isoformat(), "compared": current.pk}).status_code == 302
    assert PackRelease.objects.in_force(CHUXIONG, timezone.localdate()).version == "2026.9"


def test_another_citys_pack_is_not_brought_in_here(boss):
    files = archive(lambda _: read_folder(shipped()["panzhihua_2018"])[0])
    assert boss.post(f"{HOME}packs/bringing/", {"files": files}).status_code == 403
    theirs = PackRelease.objects.get(city=PANZHIHUA)
    assert boss.get(f"{HOME}packs/comparison/?before=r{theirs.pk}&after=r{theirs.pk}").status_code == 404


def test_a_planned_version_changes_units_only_with_its_day(cast, boss):
    gone = "532301-urban"
    files = read_folder(shipped()["chuxiong_2022"])[0]
    named = re.search(rf'code = "{gone}"\nname = "([^"]+)"', files["units.toml"])
    assert named, "the shipped pack names this unit so"
    renamed = archive(lambda f: newer(f) | {"units.toml": f["units.toml"].replace(named[1], "楚雄市综合执法局")})
    boss.post(f"{HOME}packs/bringing/", {"files": renamed})
    day = timezone.localdate() + timedelta(days=3)
    now = PackRelease.objects.get(city=CHUXIONG).pk
    boss.post(f"{HOME}drafts/{PackDraft.objects.get().pk}/activation/", {"on": day.isoformat(), "compared": now})
    assert Unit.objects.get(code=gone).name == named[1]
    assert packs.due_to_settle(timezone.now()) == []
    (due,) = packs.due_to_settle(timezone.now() + timedelta(days=3))
    cast.act(packs.settle, due, by=packs_system())
    assert Unit.objects.get(code=gone).name == "楚雄市综合执法局"


def packs_system():
    from liandong.rules.access import system

    return system("pack.settle", CHUXIONG)


def test_a_limit_is_changed_by_a_new_version_with_its_citation(boss):
    day = timezone.localdate() + timedelta(days=1)
    form = {"limit": "offer.ring", "amount": "20", "unit": "second", "clock": "natural", "clause": "州联席会议〔2026〕3号",
            "version": "2022.2", "on": day.isoformat()}  # fmt: skip
    answer = boss.post(f"{HOME}limits/change/", form)
    assert answer.status_code == 302
    page = told(boss.get(answer.url))
    assert "改动 时限 offer.ring转接后对方多久没接算没接" in page
    assert "25" in page and "20" in page and "州联席会议〔2026〕3号" in page and "1 行" in page
    for wrong in (
        {"clause": ""},
        {"version": "2022.1"},
        {"amount": "0"},
        {"amount": "x"},
        {"limit": "nope"},
        {"on": "?"},
    ):
        assert boss.post(f"{HOME}limits/change/", form | wrong).status_code == 422, wrong
    now = PackRelease.objects.get(city=CHUXIONG).pk
    boss.post(f"{HOME}drafts/{PackDraft.objects.get().pk}/activation/", {"on": day.isoformat(), "compared": now})
    from liandong.packs.opened import opened

    pack = opened(PackRelease.objects.in_force(CHUXIONG, day))
    assert (pack.limit("offer.ring").amount, pack.limit("offer.ring_danger").amount) == (20, 15)


def test_every_page_is_there_without_inline_script(cast, boss):
    for part in ("", f"people/{cast.lin.person}/", "seats/", "units/", "units/?all=yes", "keys/", "packs/",
                 "packs/comparison/", "limits/", "?q=林"):  # fmt: skip
        page = boss.get(HOME + part)
        words = page.content.decode()
        assert page.status_code == 200 and " style=" not in words and "<script>" not in words and "onclick" not in words
        assert words.count('class="lit') <= 1


def test_others_do_not_come_here(cast, at):
    for who in ("lin", "yue", "duan", "gao"):
        assert getattr(at, who).get(HOME).url == "/"
        assert getattr(at, who).post(f"{HOME}people/", NEW).status_code == 403
        assert (
            getattr(at, who)
            .post(f"{HOME}keys/making/", {"name": "x", "scopes": ["exchange"], "ends_on": "2026-12-01"})
            .status_code
            == 403
        )
    desk = Desk.objects.get(code="12345:532300")
    assert at.lin.post(f"{HOME}seats/making/", {"desk": desk.code, "number": "9"}).status_code == 403


def test_two_versions_are_compared_before_anybody_chooses_the_active_one_with_the_newest_draft(boss):
    def chosen() -> list[str]:
        page = boss.get("/administration/packs/comparison/").content.decode()
        return re.findall(r'<option value="(\w+)" selected', page)

    assert chosen() == [], "with one version there is nothing to compare"
    active = PackRelease.objects.in_force(CHUXIONG, timezone.localdate())
    guan = Actor(role="administrator", person=Person.objects.get(username="guan").pk, work_no="8001", city=CHUXIONG)
    texts = read_folder(shipped()["chuxiong_2022"])[0]
    for n in (1, 2):
        changed = texts | {"pack.toml": texts["pack.toml"].replace('"2022.1"', f'"2026.{n}"')}
        packs.keep_draft(changed, "试", by=guan, at=timezone.now())
    newest = PackDraft.objects.order_by("-made_at").first()
    assert chosen() == [f"r{active.pk}", f"d{newest.pk}"]
