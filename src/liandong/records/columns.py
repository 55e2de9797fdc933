"""Column shapes that several records share, so that a state, a code or a due time looks the same everywhere."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from liandong.rules import flows


def code(length: int = 40, **more) -> models.CharField:
    """A short code of a pack row or table; empty means "not said", never NULL."""
    return models.CharField(max_length=length, default="", blank=True, **more)


def text(**more) -> models.TextField:
    """Free words of a person; empty means none."""
    return models.TextField(default="", blank=True, **more)


def moment(**more) -> models.DateTimeField:
    """An instant that may not have come yet."""
    return models.DateTimeField(null=True, blank=True, **more)


def state_is_known(machine: str) -> models.CheckConstraint:
    """The states of `rules.flows`, as the database's own check."""
    return models.CheckConstraint(condition=Q(state__in=flows.states(machine)), name=f"{machine}_state_is_known")


def waits_with_a_due_time(machine: str) -> models.CheckConstraint:
    """No state without an exit: whatever waits has a due time."""
    return models.CheckConstraint(
        condition=Q(state__in=sorted(flows.ENDS[machine])) | Q(due_at__isnull=False),
        name=f"{machine}_waits_with_a_due_time",
    )


def due_index(machine: str) -> models.Index:
    """What the deadline job reads: the next due time of what still waits."""
    return models.Index(
        fields=["due_at"],
        condition=Q(state__in=flows.waiting(machine)),
        name=f"{machine}_due",
    )


class Lexemes(models.Field):
    """A set of short texts (PostgreSQL's tsvector without positions), asked by `column__holds="'a' & 'b':*"`."""

    def db_type(self, connection) -> str:
        return "tsvector"

    def get_prep_value(self, value: Iterable[str]) -> list[str]:
        return sorted(set(value))

    def get_placeholder(self, value, compiler, connection) -> str:
        return "array_to_tsvector(%s::text[])"


@Lexemes.register_lookup
class Holds(models.Lookup):
    """Whether a set of texts fulfils a tsquery; `rules.grams` writes the query, quoted."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: str, connection) -> tuple[str, list[str]]:
        return "%s::tsquery", [value]

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        left, given = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*given, self.rhs]


@models.UUIDField.register_lookup
class Among(models.Lookup):
    """Whether an id is one of many: one array instead of a placeholder for each, which costs more than the reading."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        left, given = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::uuid[])", [*given, list(self.rhs)]
