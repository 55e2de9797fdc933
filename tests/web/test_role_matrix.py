"""Every address, every method it takes, every role, and nobody: compared with the table in docs/reference/access.md.

Whoever adds an address adds its row; the failure says which row the product answers with now, and it is read, not only
pasted: does everybody there get what they should?
"""

import pytest
from django.urls import get_resolver

from liandong.web.who import WHO
from tests.web import liveness, matrix

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written() -> dict:
    return matrix.table()


@pytest.fixture
def city(cast) -> matrix.Asked:
    return matrix.assemble_city(cast)


def test_every_address_answers_every_role_as_the_table_says_and_every_page_is_told_of_what_it_shows(city, written):
    wrong = []
    for name, route in matrix.routes():
        for method in matrix.METHODS:
            first = matrix.ask(city, name, route, method, "operator")
            if first == "not taken":
                continue
            cells = (first, *(matrix.ask(city, name, route, method, who) for who in matrix.WHO[1:]))
            if written.get((name, method)) != cells:
                wrong.append(matrix.line(name, method, route, cells))
    assert not wrong, f"{matrix.PAGE}: add or correct these rows, if this is what each role should get:\n" + "\n".join(
        wrong
    )
    deaf = [fault for (name, who), text in city.pages.items() for fault in liveness.faults(name, who, text)]
    assert not deaf, "tests/web/liveness.py says what is asked of a page:\n" + "\n".join(deaf)
    assert {"desk", "matter", "matters", "register", "administration", "posts", "city"} <= {n for n, _ in city.pages}


CITYWIDE = {"near": ("article", "article_edit", "article_change", "article_review", "article_withdrawal", "nuisance_decision",
                     "lifting"), "far": ("matter_by_number",)}  # fmt: skip
"""Of one's own city no stranger's: its articles, its one register. Numbers begin anew in every city: there it is another's."""


@pytest.mark.parametrize("which", ["far", "near"])
def test_nobody_gets_anything_of_another_organisation(cast, city, which):
    asked, people = matrix.strangers(cast, city)[which]
    leaks = []
    for name, route in matrix.routes():
        if not matrix.names_a_thing(asked, route) or name in CITYWIDE[which]:
            continue
        for method in matrix.METHODS:
            got = {who: matrix.ask(asked, name, route, method, who) for who in people}
            if which == "far" and name == "article":
                got.pop("elsewhere")  # that operator's own city
            leaks += [f"{method} {name} as {who}: {cell}" for who, cell in got.items() if cell not in matrix.SHUT]
    assert not leaks, "\n".join(leaks)


def test_every_act_says_which_posts_may_press_it():
    own = ("administration/", "imports/", "articles/", "sessions/", "theme/", "language/", "public/", "demo/")
    acts = {p.name for p in get_resolver("liandong.web.urls").url_patterns
            if getattr(p.callback, "is_act", False) and not str(p.pattern).startswith(own)}  # fmt: skip
    assert not acts - WHO.keys(), f"add to WHO in src/liandong/web/who.py: {sorted(acts - WHO.keys())}"
    assert not WHO.keys() - {name for name, _ in matrix.routes()}


def test_the_table_names_no_address_that_is_gone_and_no_answer_that_must_not_be(written):
    names = {name for name, _ in matrix.routes()}
    assert {name for name, _ in written} <= names
    assert {cell for cells in written.values() for cell in cells} <= set(matrix.WORDS)


def test_nobody_reads_or_writes_anything_before_the_sign_in(written):
    open_to_all = {name for (name, _), cells in written.items() if cells[-1] == "yes"}
    public = {name for name, route in matrix.routes() if route.startswith("public/")}
    open_to_all -= public
    open_to_all -= {"openapi-json"}  # says what there is, and gives nothing of it
    # read a signature and no sign-in (tests/exchange/test_inbox.py)
    open_to_all -= {"exchange_messages", "exchange_pull", "exchange_open"}
    assert (
        open_to_all
        == {"healthz", "readyz", "theme", "account_login", "account_inactive", "account_logout"} & open_to_all
    )


def test_an_administrator_reads_no_matter(written):
    matters = [
        cells for (name, method), cells in written.items() if name in ("matter", "call", "parts", "panel", "number")
    ]
    assert matters and {cells[matrix.WHO.index("administrator")] for cells in matters} <= {"unseen", "no", "own page"}
