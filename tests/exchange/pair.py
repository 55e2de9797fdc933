"""Two nodes in one test: each with a database, people and secrets of its own, and the product's own courier and door between
them. Whoever is `at` a node sees that node's database alone; the network is the test's to lose, double and delay."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connections
from django.test import Client
from django.utils import timezone
from psycopg import sql

from liandong.actions import intake, partners
from liandong.exchange import https
from liandong.exchange.courier import Courier
from liandong.records.models import Desk, Matter, OutboxMessage, Seat, Transfer
from liandong.rules.access import Actor
from liandong.rules.exchange import HEADER, Signature
from tests.cast import CHUXIONG, Cast, Clock, assemble
from tests.conftest import url_of

HOTLINE, POLICE = "hotline.a", "police.b"
PLATFORMS = {HOTLINE: ("12345", "duty"), POLICE: ("110",)}
GUAN = Actor("administrator", None, work_no="G001", city=CHUXIONG)
Network = Callable[[str, bytes, Signature, Callable[[], https.Answer]], https.Answer]


def fair(_: str, __: bytes, ___: Signature, deliver: Callable[[], https.Answer]) -> https.Answer:
    """The network on a good day."""
    return deliver()


class Pair:
    """`network` may lose, double or change what is posted: it is given the receiving node, the bytes, the signature, and
    a call that delivers."""

    def __init__(self, settings: Any, databases: dict[str, str], network: Network = fair) -> None:
        self.settings, self.databases, self.network = settings, databases, network
        self.here = ""
        self.casts: dict[str, Cast] = {}
        self.partners: dict[str, int] = {}
        self.couriers: dict[str, Courier] = {}

    def wake(self, other: "Pair | None" = None) -> "Pair":
        """Go on in copies of another pair's databases, with everybody at their seats just now."""
        made = other or self
        self.partners = made.partners
        for node in (HOTLINE, POLICE):
            cast = made.casts[node]
            self.casts[node] = Cast(Clock(timezone.now()), cast.actors)
            self.couriers[node] = Courier(self.partners[node], self._post)
            with self.at(node):
                Seat.objects.exclude(person=None).update(seen_at=timezone.now())
        return self

    def make(self) -> "Pair":
        """Everybody, the link and the desks of both sides."""
        secret = "a secret of thirty-two bytes or more, for tests"
        for node, other in ((HOTLINE, POLICE), (POLICE, HOTLINE)):
            with self.at(node):
                at = timezone.now()
                self.casts[node] = assemble(at)
                away = Desk.objects.filter(city=CHUXIONG).exclude(platform__in=PLATFORMS[node])
                Seat.objects.filter(desk__in=away).update(person=None, presence="off")
                partner = partners.add(other, other, f"https://{other}.example/exchange/v1/messages", by=GUAN, at=at)
                partners.share_key(partner, "k1", at + timedelta(days=30), by=GUAN, at=at, secret=secret)
                partners.place_desks(partner, tuple(away.values_list("code", flat=True)), by=GUAN, at=at)
                self.partners[node] = partner.pk
        return self

    @contextlib.contextmanager
    def at(self, node: str) -> Iterator[Cast | None]:
        """Be at this node."""
        before, self.here = self.here, node
        self._switch(node)
        try:
            yield self.casts.get(node)
        finally:
            self.here = before
            if before:
                self._switch(before)

    def _switch(self, node: str) -> None:
        default = connections["default"]
        default.close()
        default.settings_dict["NAME"] = self.databases[node]
        self.settings.NODE = node
        intake._bases.clear()  # one process plays two nodes: what it remembers of a day's numbers is one node's

    def _post(self, url: str, body: bytes, signed: Signature) -> https.Answer:
        to = HOTLINE if HOTLINE in url else POLICE

        def deliver() -> https.Answer:
            with self.at(to):
                client = Client(enforce_csrf_checks=True)
                answer = client.post(
                    urlsplit(url).path, body, content_type=https.MEDIA_TYPE, headers={HEADER: str(signed)}
                )
                return https.Answer(answer.status_code, answer.json(), answer.content, answer.headers.get(HEADER, ""))

        return self.network(to, body, signed, deliver)

    def carry(self, *nodes: str, rounds: int = 40) -> None:
        """Let the couriers of these nodes (both) run until nothing is due any more."""
        for _ in range(rounds):
            left = False
            for node in nodes or (HOTLINE, POLICE):
                self._round(node)
            for node in nodes or (HOTLINE, POLICE):
                with self.at(node):
                    left |= OutboxMessage.objects.filter(state="waiting").exists()
            if not left:
                return

    def _round(self, node: str) -> None:
        courier = self.couriers[node]
        courier.rest_until = 0.0
        with self.at(node):
            OutboxMessage.objects.filter(state="waiting").update(next_at=timezone.now())
            courier.round(timezone.now())

    def offer(self, said: str = "楼道灯坏了三天没人修", to: str = "110:532301") -> tuple[Matter, Transfer]:
        """林晓 at the hotline takes a call and offers it to a desk of the police node."""
        from liandong.actions import transfer

        with self.at(HOTLINE) as cast:
            matter = cast.call(cast.lin, said=said, place="鹿城镇团结路 12 号", district="532301")
            row = cast.act(transfer.offer, matter, cast.desk(to), by=cast.lin, reason="归 110", consent=True)
        return matter, row

    def stands(self, node: str, matter: Matter, row: Transfer) -> SimpleNamespace:
        """What one node's database says: the offer's state, the matter's, its holder, and whether that desk works here."""
        with self.at(node):
            held = Matter.objects.select_related("holder").get(pk=matter.pk)
            offer = Transfer.objects.get(pk=row.pk)
            return SimpleNamespace(offer=offer.state, matter=held.state, holder=held.holder.code, row=offer,
                                   ours=held.holder.partner_id is None)  # fmt: skip


@contextlib.contextmanager
def two_databases(of: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Two copies of the migrated test database, or of another pair's, in which commits are real; gone at the end."""
    default = connections["default"]
    settings = default.settings_dict
    original = settings["NAME"]
    names = {node: f"pair_{uuid.uuid4().hex[:12]}" for node in (HOTLINE, POLICE)}
    default.close()
    with psycopg.connect(url_of(settings, "postgres"), autocommit=True) as server:
        for node, name in names.items():
            template = sql.Identifier((of or {}).get(node, original))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
    try:
        yield names
    finally:
        connections.close_all()
        settings["NAME"] = original
        with psycopg.connect(url_of(settings, "postgres"), autocommit=True) as server:
            for name in names.values():
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
