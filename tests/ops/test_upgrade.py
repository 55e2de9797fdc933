"""Expand, then contract: the code of the version before works on this version's schema, so that a node can be upgraded while
another still serves, and go back."""

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

RELEASED = "0022_webhooks"
"""The last migration of the version before; before the first release, the oldest state whose code could still run. It moves
on with each release (UPGRADE.md)."""

_COLUMNS = """
    SELECT c.column_name, format_type(a.atttypid, a.atttypmod), c.is_nullable = 'YES' OR c.column_default IS NOT NULL
           OR c.is_identity = 'YES'
      FROM information_schema.columns c JOIN pg_attribute a
        ON a.attrelid = (quote_ident(c.table_schema) || '.' || quote_ident(c.table_name))::regclass AND a.attname = c.column_name
     WHERE c.table_schema = 'public' AND c.table_name = %s
"""


def models_at(migration: str) -> list[type[models.Model]]:
    """The models as the code of that migration had them."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return list(loader.project_state([("records", migration)]).apps.get_app_config("records").get_models())


def hinders(model: type[models.Model]) -> list[str]:
    """What keeps the code of that model from reading and writing the table as it is now."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        now = {name: (kind, may_be_left_out) for name, kind, may_be_left_out in cursor.fetchall()}
    if not now:
        return [f"{table} is gone"]
    old = {field.column: field for field in model._meta.local_concrete_fields}
    found = [f"{table}.{name} is gone" for name in old if name not in now]
    found += [f"{table}.{name} is demanded" for name, (_, free) in now.items() if name not in old and not free]
    found += [
        f"{table}.{name} may be empty no more"
        for name, f in old.items()
        if name in now and f.null and not _nullable(table, name)
    ]
    return found + [
        f"{table}.{n} was {_kind(f)}, is {now[n][0]}"
        for n, f in old.items()
        if n in now and narrower(_kind(f), now[n][0])
    ]


def narrower(old: str, now: str) -> bool:
    """Whether a value of the old type may not fit the new one."""
    if old == now or now == "text":
        return False
    ladder = ["smallint", "integer", "bigint"]
    if old in ladder and now in ladder:
        return ladder.index(now) < ladder.index(old)
    sizes = [int(kind.split("(")[1].rstrip(")")) for kind in (old, now) if kind.startswith("character varying(")]
    return len(sizes) != 2 or sizes[1] < sizes[0]


def _kind(field: models.Field) -> str:
    kind = (field.cast_db_type(connection) or "").replace("varchar", "character varying")
    return {"serial": "integer", "bigserial": "bigint", "smallserial": "smallint", "bool": "boolean"}.get(kind, kind)


def _nullable(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_nullable = 'YES' FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                       [table, column])  # fmt: skip
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_code_of_the_version_before_reads_and_writes_the_tables_of_this_one():
    before = models_at(RELEASED)
    assert len(before) > 30
    assert [why for model in before for why in hinders(model)] == []
    for model in before:
        list(model.objects.all()[:1])  # every column it knows, as its code asks for them


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE records_call DROP COLUMN line", "records_call.line is gone"),
        ("ALTER TABLE records_call RENAME TO records_ring", "records_call is gone"),
        ("ALTER TABLE records_call ADD COLUMN why text NOT NULL", "records_call.why is demanded"),
        ("ALTER TABLE records_call ADD COLUMN why text NOT NULL DEFAULT ''", ""),
        ("ALTER TABLE records_call ADD COLUMN why text", ""),
        ("ALTER TABLE records_call ALTER COLUMN ended_at SET NOT NULL", "records_call.ended_at may be empty no more"),
        ("ALTER TABLE records_call ALTER COLUMN line TYPE varchar(3)", "records_call.line was character varying(12)"),
        ("ALTER TABLE records_call ALTER COLUMN line TYPE varchar(30)", ""),
    ],
)
def test_a_migration_that_takes_away_or_demands_is_seen_and_one_that_adds_is_not(change, said):
    call = next(model for model in models_at(RELEASED) if model._meta.model_name == "call")
    with connection.cursor() as cursor:
        cursor.execute(change)
    told = hinders(call)
    assert (told == []) if not said else [why for why in told if why.startswith(said)]


def test_every_migration_can_be_taken_back():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = [m for (app, _), m in loader.disk_migrations.items() if app == "records"]
    assert [m.name for m in ours if not all(step.reversible for step in m.operations)] == []
