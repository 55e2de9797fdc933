"""The telephone in the page: who gets one, and what may be said on its line. Sound and exchange: tests/telephony/test_pages.py."""

import pytest

from liandong.records.models import Seat
from liandong.web import sip, tickets
from liandong.web.line import caller_of

REGISTER = (
    "REGISTER sip:liandong.invalid SIP/2.0\r\nFrom: <sip:{}@liandong.invalid>;tag=a\r\nTo: <sip:8007.page@x>{}\r\n\r\n"
)


@pytest.fixture
def exchange(settings):
    settings.ARI_URL, settings.PHONES_SECRET = "ws://127.0.0.1:8088", "a secret of the test"


def test_a_seat_s_page_is_given_its_own_phone_and_nobody_else_is(at, cast, exchange):
    told = at.lin.get("/seats/phone/").json()
    name = Seat.objects.get(pk=cast.lin.seat).extension or f"seat-{cast.lin.seat}"
    assert told["user"] == f"{name}.page" and len(told["secret"]) == 32
    assert tickets.line_of(told["ticket"]) == told["user"]
    assert at.yue.get("/seats/phone/").json()["secret"] != told["secret"]
    Seat.objects.filter(pk=cast.lin.seat).update(session="of another browser")
    assert at.lin.get("/seats/phone/").status_code == 404


def test_a_desk_s_page_is_a_telephone_and_a_page_beside_it_is_none(at, exchange, settings):
    policy = at.lin.get("/desk/").headers["Content-Security-Policy"]
    assert f"connect-src 'self' http://testserver:{settings.LIVE_PORT} ws://testserver:{settings.LIVE_PORT};" in policy
    assert b"handset.js" in at.lin.get("/desk/").content
    assert b"handset.js" not in at.lin.get("/matters/").content


def test_without_an_exchange_nothing_of_it_is_there(at):
    page = at.lin.get("/desk/")
    assert b"phone-line" not in page.content and b"jssip" not in page.content
    assert "ws:" not in page.headers["Content-Security-Policy"]
    assert at.lin.get("/seats/phone/").status_code == 404


WITHIN = "{} sip:asterisk@x SIP/2.0\r\nFrom: <sip:q1@x>;tag=a\r\nTo: <sip:13800002671@x>;tag=b\r\nCall-ID: {}\r\n\r\n"
SHOWN = REGISTER.format("8008.page", "").replace("From: ", 'From: "sip:8007.page@x" ')


@pytest.mark.parametrize(
    ("text", "may"),
    [
        (REGISTER.format("8007.page", ""), True),
        (REGISTER.format("8008.page", ""), False),
        (REGISTER.format("8008.page", ";tag=b"), False),
        (REGISTER.format("8007.page", "").replace("\r\nTo", "\r\nf: <sip:8008.page@x>\r\nTo"), False),
        (REGISTER.format("8007.page", "").replace("From: ", "From:\r\n "), False),
        (REGISTER.format("8007.page", "").replace("From: ", 'From: "A \\" B" '), True),
        (SHOWN, False),
        (SHOWN.replace('page@x" ', "page@x "), False),
        (REGISTER.format("8007.page", "").replace("\r\nTo", "\r\nX: a\rFrom: <sip:8008.page@x>\r\nTo"), False),
        ("\r\n" + REGISTER.format("8008.page", ";tag=b"), False),
        (REGISTER.format("8008.page", ";tag=b").replace("REGISTER", "register"), False),
        ("SIP/2.0 200 OK\r\nFrom: <sip:13800002671@x>;tag=a\r\nTo: <sip:q1@x>;tag=b\r\n\r\n", True),
        ("SIP/2.0 200 OK\r\n\r\n" + REGISTER.format("8008.page", ""), False),
        ("SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nab", True),
        ("SIP/2.0 200 OK\r\nl: 2\r\n\r\nab" + REGISTER.format("8008.page", ""), False),
        (WITHIN.format("BYE", "unknown"), True),
        (WITHIN.format("INVITE", "known"), True),
        (WITHIN.format("INVITE", "unknown"), False),
        (WITHIN.format("MESSAGE", "known"), False),
        (WITHIN.format("INVITE", "known").replace(">;tag=b", ";tag=b>"), False),
        (
            WITHIN.format("INVITE", "known").replace("To: <sip:13800002671@x>;tag=b", 'To: ";tag=b" <sip:12345@x>'),
            False,
        ),
        ("INVITE sip:12345@x SIP/2.0\r\nFrom: <sip:8008.page@x>;tag=a\r\nTo: <sip:12345@x>\r\n\r\n", False),
        ("hello", False),
    ],
)
def test_a_page_speaks_as_its_own_seat_alone(text, may):
    assert sip.is_of("8007.page", text, {"known": None}) is may


def test_what_goes_on_within_a_call_is_known_by_what_came_down_the_line():
    invite = WITHIN.format("INVITE", "c1@x")
    answer = invite.replace("INVITE sip:asterisk@x SIP/2.0", "SIP/2.0 401 Unauthorized")
    assert (sip.call_of(invite), sip.call_of(answer)) == ("c1@x", "")
    assert sip.is_within(invite) and not sip.is_within(REGISTER.format("8008.page", ";tag=b"))


def test_a_line_is_opened_by_a_ticket_from_a_page_of_ours(exchange, settings):
    ticket = tickets.for_line("8007.page")

    def asked(origin: str, ticket: str = ticket, path: str = "/phone/") -> str:
        return caller_of(f"GET {path}?ticket={ticket} HTTP/1.1\r\nHost: localhost:1\r\nOrigin: {origin}\r\n\r\n")

    ours = f"http://localhost:{settings.WEB_PORT}"
    assert asked(ours) == "8007.page"
    assert asked("http://evil.example") == asked(ours, "forged") == asked(ours, path="/live/") == ""
    settings.ARI_URL = ""
    assert asked(ours) == ""
