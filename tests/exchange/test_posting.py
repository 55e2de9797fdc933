"""Posting to another system: real sockets, real commits, and everything a bad address does."""

import socket
import threading
import time
from contextlib import closing

import pytest
from django.utils import timezone

from liandong.exchange import outward, posting
from liandong.exchange.outward import Unsent, post
from liandong.jobs.hooking import Hooking
from liandong.records.models import Event, FindingMark, Webhook, WebhookMessage
from tests.api.conftest import Machine, key_of
from tests.api.hooks import subscribes
from tests.api.test_matters import sends
from tests.cast import assemble
from tests.exchange.receiver import receiving
from tests.jobs.test_processes import start  # noqa: F401

INSIDE = ("127.0.0.1",)


@pytest.fixture
def listener():
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        yield one


def url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/in"


def test_a_redirect_is_not_followed_and_no_proxy_of_the_environment_is_asked(monkeypatch):
    with receiving() as there, receiving() as elsewhere:
        monkeypatch.setenv("http_proxy", elsewhere.url)
        there.answers = [(307, {"Location": elsewhere.url})]
        assert post(there.url, b"{}", {}, INSIDE).status == 307
        assert (len(there.got), len(elsewhere.got)) == (1, 0)


def test_an_address_inside_is_not_even_connected_to(listener):
    listener.settimeout(0.2)
    with pytest.raises(Unsent) as refused:
        post(url(listener), b"{}", {}, ())
    assert refused.value.reason == "address"
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_name_that_stands_for_one_good_and_one_inner_address_is_not_posted_to(monkeypatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("114.114.114.114", "127.0.0.1")]
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Unsent) as refused:
        post("https://portal.example/in", b"{}", {}, ())
    assert (refused.value.reason, str(refused.value)) == ("address", "127.0.0.1")


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch):
    with receiving() as there:
        port = int(there.url.split(":")[2].split("/")[0])
        asked = []

        def once(host, *_, **__):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(outward.socket, "getaddrinfo", once)
        monkeypatch.setattr(outward.socket, "create_connection", lambda to, *more: asked.append(to[0]) or raw(to))
        answer = post(f"http://portal.example:{port}/in?x=1", b"{}", {}, ("portal.example",))
        assert answer.status == 200 and asked == ["portal.example", "127.0.0.1"]
        assert there.got[0].headers["host"] == f"portal.example:{port}"


def test_where_one_address_of_a_name_does_not_answer_the_next_one_is_asked(monkeypatch):
    with receiving() as there:
        port = int(there.url.split(":")[2].split("/")[0])
        both = [
            (family, socket.SOCK_STREAM, 6, "", (a, port))
            for family, a in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))
        ]
        ask = socket.getaddrinfo
        monkeypatch.setattr(outward.socket, "getaddrinfo", lambda host, *more, **named: both if host == "portal.example"
                            else ask(host, *more, **named))  # fmt: skip
        assert post(f"http://portal.example:{port}/in", b"{}", {}, ("portal.example",)).status == 200


def raw(to: tuple[str, int]) -> socket.socket:
    """A connection without asking any name."""
    made = socket.socket()
    made.connect(to)
    return made


def test_one_who_never_answers_or_drips_is_left_in_time(listener, monkeypatch):
    monkeypatch.setattr(outward, "PATIENCE", 0.3)
    began = time.monotonic()
    with pytest.raises(Unsent) as refused:
        post(url(listener), b"{}", {}, INSIDE)
    assert refused.value.reason == "unreached" and time.monotonic() - began < 5
    monkeypatch.setattr(outward, "WHOLE", 1.0)
    stop = threading.Event()

    def drip() -> None:
        with listener.accept()[0], listener.accept()[0] as caller:  # the first is the one that was left above
            while not stop.wait(0.1):
                try:
                    caller.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    with pytest.raises(Unsent):
        post(url(listener), b"{}", {}, INSIDE)
    took = time.monotonic() - began
    stop.set()
    thread.join()
    assert took < 5


def test_a_server_without_a_good_certificate_is_not_posted_to():
    with receiving() as there, pytest.raises(Unsent) as refused:
        post(there.url.replace("http:", "https:"), b"{}", {}, INSIDE)
    assert refused.value.reason == "unreached" and there.got == []


def test_two_workers_post_once_and_a_slow_address_keeps_no_other_waiting(own_database):
    assemble(timezone.now())
    machine = Machine(key_of().secret)
    with receiving() as slow, receiving() as fast:
        for one in (slow, fast):
            assert subscribes(machine, one.url, key=one.url).status_code == 201
        for n in range(5):
            sends(machine, key=f"k{n}", their_id=f"{n}")
        newest = Event.objects.order_by("-pk").first().pk
        FindingMark.objects.update_or_create(pk=1, defaults={"upto": newest, "ahead": newest})
        assert Hooking().look(timezone.now()) == 20
        held, stop = threading.Event(), threading.Event()

        def hold(to, *rest):
            if to == slow.url:
                held.wait(20)
            return post(to, *rest)

        workers = [posting.Posters(stop, hold) for _ in range(2)]
        for worker in workers:
            worker.look(timezone.now())
        until(lambda: len(fast.got) == 10)
        assert slow.got == []
        held.set()
        until(lambda: WebhookMessage.objects.filter(state="taken").count() == 20)
        for worker in workers:
            for thread in worker.threads.values():
                thread.join(10)
            assert not any(thread.is_alive() for thread in worker.threads.values())
    for one in (slow, fast):
        assert len({got.headers["webhook-id"] for got in one.got}) == len(one.got) == 10
        assert set(one.kinds) == {"matter.opened", "matter.written"}
    assert not Webhook.objects.filter(answered_at=None).exists()


def test_a_fault_of_ours_is_logged_and_not_tried_again_at_once(own_database, caplog):
    assemble(timezone.now())
    machine = Machine(key_of().secret)
    hook = subscribes(machine, "http://127.0.0.1:9/in").json()
    sends(machine)
    newest = Event.objects.order_by("-pk").first().pk
    FindingMark.objects.update_or_create(pk=1, defaults={"upto": newest, "ahead": newest})
    Hooking().look(timezone.now())
    posters = posting.Posters(threading.Event(), lambda *_: 1 / 0)
    posters.look(timezone.now())
    for thread in posters.threads.values():
        thread.join(10)
    assert "ZeroDivisionError" in caplog.text and posting.owed(timezone.now()) == []
    assert machine.get(f"webhooks/{hook['id']}").json()["reason"] == "fault"
    assert posting.owed(timezone.now() + posting.FAULT_PAUSE) == [hook["id"]]


@pytest.mark.slow
def test_the_real_worker_posts_within_seconds_and_ends_cleanly(own_database, start):  # noqa: F811
    assemble(timezone.now())
    machine = Machine(key_of().secret)
    worker = start("worker")
    with receiving() as there:
        hook = subscribes(machine, there.url).json()
        sends(machine)
        until(lambda: len(there.got) == 2, 30)
        assert all(got.is_signed_with(hook["secret"]) for got in there.got)
        until(lambda: machine.get(f"webhooks/{hook['id']}").json()["waiting"] == 0)
        worker.terminate()
        assert worker.wait(15) == 0
    assert "Traceback" not in worker.log.read_text()


def until(true, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
