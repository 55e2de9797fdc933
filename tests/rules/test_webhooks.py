"""Webhooks: signatures as the specification's own example has them, what an answer means, and where one may be posted to."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from liandong.rules import webhooks
from liandong.rules.say import Invalid

AT = datetime.fromtimestamp(1614265330, UTC)
KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def test_a_delivery_is_signed_as_standard_webhooks_gives_its_example():
    headers = webhooks.signed([KEY], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, b'{"test": 2432232314}')
    assert headers == {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                       "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}  # fmt: skip
    assert webhooks.spelled(KEY) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_while_a_secret_is_changed_both_sign():
    both = webhooks.signed([KEY, b"x" * 32], "ev_1", AT, b"{}")["webhook-signature"].split(" ")
    assert both == [webhooks.signed([one], "ev_1", AT, b"{}")["webhook-signature"] for one in (KEY, b"x" * 32)]


def test_kinds_are_wanted_by_name_by_family_or_all():
    for kinds, kind, wanted in ((["matter.opened"], "matter.opened", True), (["matter.opened"], "matter.opened_again", False),
                                (["matter.*"], "matter.closed", True), (["matter.*"], "matters.closed", False),
                                (["order.*", "matter.kept"], "matter.kept", True), (["*"], "transfer.led", True),
                                ([], "matter.kept", False)):  # fmt: skip
        assert webhooks.wants(kinds, kind) is wanted, (kinds, kind)


def test_an_answer_is_of_the_message_or_of_the_address():
    told = {
        status: webhooks.outcome(status)
        for status in (200, 204, 299, 301, 302, 400, 401, 404, 410, 413, 422, 429, 500, 503)
    }
    assert told == {200: "taken", 204: "taken", 299: "taken", 301: "away", 302: "away", 400: "refused", 401: "away", 404: "away",
                    410: "gone", 413: "refused", 422: "refused", 429: "away", 500: "away", 503: "away"}  # fmt: skip


def test_pauses_grow_and_end():
    refused = [webhooks.refused_until(n, AT) for n in range(1, 6)]
    assert refused == [AT + p for p in webhooks.REFUSED_PAUSES] + [None]
    away = [(webhooks.away_until(n, AT, 0, 1.0) - AT).total_seconds() for n in (1, 2, 3, 10, 99)]
    assert away == [5, 10, 20, 2560, 3600]
    assert webhooks.away_until(1, AT, 120, 1.0) == AT + timedelta(minutes=2)
    assert webhooks.away_until(1, AT, 10**9, 1.0) == AT + timedelta(hours=1)


INNER = ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
         "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
         "255.255.255.255", "::", "fec0::1", "::127.0.0.1", "::10.0.0.1", "5f00::1")  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_no_address_of_this_machine_or_its_networks_is_reachable_unless_it_is_listed(address):
    assert not webhooks.reachable(address, "portal.example", [])
    assert not webhooks.reachable(address, "portal.example", ["other.example", "10.9.0.0/16"])
    assert webhooks.reachable(address, "Portal.example", ["portal.example"])


def test_addresses_of_the_open_network_and_of_listed_networks_are_reachable():
    for address in ("114.114.114.114", "2400:3200::1"):
        assert webhooks.reachable(address, "portal.example", [])
    assert webhooks.reachable("10.20.3.4", "portal.example", ["10.20.0.0/16"])
    assert not webhooks.reachable("10.21.3.4", "portal.example", ["10.20.0.0/16"])
    assert not webhooks.reachable("not an address", "portal.example", [])


@pytest.mark.parametrize(
    "url",
    ["http://portal.example/x", "ftp://portal.example", "https://", "https://u:p@portal.example/", "https://portal.example/#x",
     "https://portal.example:0/", "https://portal.example:99999/", "https://[::1", "https://portal.example/ x", "https://例.example/",
     "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://portal.example\\@x/"],
)  # fmt: skip
def test_an_address_that_must_not_be_posted_to_is_refused_when_it_is_given(url):
    with pytest.raises(Invalid):
        webhooks.checked(url, ["inner.example"])


def test_plain_http_is_taken_inside_only():
    assert webhooks.checked("http://inner.example:8080/in?x=1", ["inner.example"])
    assert webhooks.checked("http://10.20.0.5/in", ["10.20.0.0/16"])
    assert webhooks.checked("https://portal.example/in", [])
