"""Whole pages for each role, as a browser asks for them: session, queries, template. The clock runs around the answer."""

from collections.abc import Callable

ASKED = (
    ("operator", "/matters/"),
    ("operator", "/matters/?state=all"),
    ("operator", "/matters/?q=路灯"),
    ("operator", "/matters/?q=梧桐巷"),
    ("operator", "/matters/?state=all&district=532331&kind=12345-8"),
    ("dispatcher", "/matters/"),
    ("leader", "/matters/?overdue=1"),
    ("leader", "/floor/"),
    ("duty office", "/duty/"),
    ("duty office", "/wallboard/"),
    ("clerk", "/unit/"),
    ("clerk", "/matters/?q=路灯"),
    ("supervisor", "/matters/"),
    ("supervisor", "/matters/?q=路灯"),
    ("supervisor", "/city/"),
)
DEEP = (("operator", "/matters/"), ("operator", "/matters/?q=路灯"))
"""Those that are leafed through to their 50th page."""


def pages(city: str) -> dict[str, Callable[[], object]]:
    """What is asked, by role and address. Refused or moved elsewhere is an error of the bench."""
    clients = {role: _browser(username) for role, username in _people(city).items()}

    def page(role: str, address: str) -> Callable[[], object]:
        def ask() -> bytes:
            answer = clients[role].get(address)
            if answer.status_code != 200:
                raise AssertionError(f"{role} at {address}: {answer.status_code}")
            return answer.content

        return ask

    found = {f"page {address} as {role}": page(role, address) for role, address in ASKED}
    for role, address in DEEP:
        found[f"page {address} as {role}, 50th"] = page(role, _fiftieth(page, role, address))
    return found


def _fiftieth(page: Callable, role: str, address: str) -> str:
    """The address of the 50th page, by the links of the pages before."""
    for _ in range(49):
        _, there, rest = page(role, address)().decode().partition('rel="next" href="')
        if not there:
            break
        address = rest.partition('"')[0].replace("&amp;", "&")
    return address


def _people(city: str) -> dict[str, str]:
    """Somebody in every role that lists differ by, by user name."""
    from liandong.records.models import Desk, Person, Post

    for name, role, desk in (("leading", "shift_leader", "12345:532300"), ("deciding", "duty_officer", "duty:532300"),
                             ("looking", "supervisor", "")):  # fmt: skip
        if not Person.objects.filter(username=name).exists():
            person = Person.objects.create_user(name, name="量", work_no=name)
            Post.objects.create(person=person, role=role, city=city, desk=Desk.objects.filter(code=desk).first())
    return {"operator": "lin", "dispatcher": "bai", "leader": "leading", "duty office": "deciding", "clerk": "duan",
            "supervisor": "looking"}  # fmt: skip


def _browser(username: str):
    from django.test import Client

    from liandong.records.models import Person

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Person.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
    return client
