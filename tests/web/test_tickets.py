from django.core import signing

from liandong.web import tickets


def test_a_ticket_names_its_topics():
    assert tickets.read(tickets.issue(["seat:7", "desk:12345:532300", "seat:7"])) == ["desk:12345:532300", "seat:7"]


def test_a_ticket_for_a_line_opens_that_line_and_only_for_a_minute(monkeypatch):
    good = tickets.for_line("8007.page")
    assert tickets.line_of(good) == "8007.page"
    assert tickets.line_of(good.replace("8007", "8008")) == tickets.line_of("") == ""
    assert tickets.line_of(tickets.issue(["8007.page"])) == "" and tickets.read(good) is None
    monkeypatch.setattr(tickets, "LINE", -1)
    assert tickets.line_of(good) == ""


def test_a_forged_an_old_and_another_purposes_ticket_open_nothing(monkeypatch):
    good = tickets.issue(["seat:7"])
    assert tickets.read(good[:-1] + ("A" if good[-1] != "A" else "B")) is None
    assert tickets.read("") is None
    assert tickets.read(signing.dumps(["seat:7"], salt="other")) is None
    monkeypatch.setattr(tickets, "SHIFT", -1)
    assert tickets.read(good) is None
