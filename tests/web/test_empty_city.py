"""A city in which nothing has happened yet: every list says what it will hold, and none is a blank space."""

import re

import pytest

from liandong.records.models import Desk, Person, Post, Seat
from tests.web.conftest import browser

LISTS = {
    "lin": ("/desk/", "/desk/board/", "/matters/", "/matters/?state=all", "/matters/?q=路灯", "/matters/?danger=1",
            "/matters/?overdue=1", "/matters/?state=held", "/articles/", "/articles/?q=路灯", "/articles/found/?q=路灯", "/shift/"),
    "yue": ("/desk/", "/desk/board/", "/matters/", "/shift/"),
    "shen": ("/floor/", "/register/", "/shift/", "/desk/"),
    "duan": ("/unit/", "/matters/", "/articles/"),
    "dang": ("/duty/", "/wallboard/", "/matters/"),
    "su": ("/city/", "/wallboard/", "/register/", "/matters/", "/articles/"),
    "guan": ("/administration/", "/administration/keys/", "/administration/packs/", "/administration/seats/",
             "/administration/units/", "/articles/", "/imports/"),
}  # fmt: skip
SAID = {
    ("lin", "/desk/"): ("没有悬着的转接",), ("lin", "/matters/"): ("没有没办完的事项", "接到的事会列在这里"),
    ("lin", "/matters/?q=路灯"): ("没有找到“路灯”", "换编号"), ("lin", "/matters/?danger=1"): ("没有这样的事项", "少选几项条件"),
    ("shen", "/register/"): ("登记簿是空的",), ("shen", "/floor/"): ("没有人在等", "没有没解除的险情"),
    ("dang", "/duty/"): ("没有没解除的险情", "没有等指定的事", "没有超时的工单"), ("dang", "/wallboard/"): ("没有没解除的险情",),
    ("su", "/city/"): ("没有停着的事", "这个月还没有来件", "这个月没有退回", "这个月还没有派单", "这个月没有解除过险情",
                       "这个月没有要通报的"),
}  # fmt: skip
EMPTY = re.compile(r"<(tbody|ul|ol|dl)\b([^>]*)>\s*</\1>")
FILLED_LATER = ("hidden", 'id="uploads"', 'role="listbox"', 'id="plan"')
"""Lists that a script fills or shows."""


@pytest.fixture
def empty(cast):
    for name, role, desk in (("shen", "shift_leader", "12345:532300"), ("dang", "duty_officer", "duty:532300"),
                             ("su", "supervisor", ""), ("guan", "administrator", "")):  # fmt: skip
        person = Person.objects.create_user(name, password="tests-only-2026", name=name, work_no=name)
        place = Desk.objects.filter(code=desk).first()
        Post.objects.create(person=person, role=role, city="532300", desk=place)
        if place:
            Seat.objects.create(desk=place, number="77", person=person)
    return cast


@pytest.mark.parametrize("who", LISTS)
def test_every_list_of_a_city_without_anything_says_so(empty, who):
    client = browser(who)
    blank = []
    for address in LISTS[who]:
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, (address, answer.status_code)
        page = re.sub(r"<(script|template|svg)\b.*?</\1>", "", page, flags=re.S)
        blank += [(address, found[0]) for found in EMPTY.finditer(page) if not any(w in found[2] for w in FILLED_LATER)]
        said = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        for words in SAID.get((who, address), ()):
            assert words in said, (address, words)
        if not address.startswith(("/administration/", "/imports/")):
            assert re.search(r"没有|还没|空的|会列在这里|没找到", said), address
    assert not blank
