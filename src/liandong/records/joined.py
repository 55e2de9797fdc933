"""One record with others it points at, in one statement that is composed once: what every act reads, and as often."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.db import connection, models

from liandong.records.prepared import Prepared


class Joined:
    """Reads a record by its id with what its foreign keys `names` point at, as `select_related` does; `but` leaves out columns of those.
    `where`: another condition than the id, in which the record is `it` and the others have the names of their keys."""

    def __init__(
        self,
        model: type[models.Model],
        names: Iterable[str],
        but: Mapping[str, tuple[str, ...]] | None = None,
        where: str = "",
    ) -> None:
        self.model, self.names, self.but, self.where = model, tuple(names), but or {}, where

    @cached_property
    def _parts(self) -> list[tuple[str, type[models.Model], list[models.Field]]]:
        """Of the record itself ("") and of each that it points at: its model, and the columns that are read."""
        of = {"": self.model} | {name: self.model._meta.get_field(name).related_model for name in self.names}
        return [(name, model, [f for f in model._meta.concrete_fields if f.name not in self.but.get(name, ())])
                for name, model in of.items()]  # fmt: skip

    @cached_property
    def _query(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(
            f"{quote(name or 'it')}.{quote(f.column)}" for name, _, fields in self._parts for f in fields
        )
        joins = " ".join(
            f"LEFT JOIN {quote(model._meta.db_table)} {quote(name)} ON {quote(name)}.{quote(model._meta.pk.column)}"
            f" = it.{quote(self.model._meta.get_field(name).column)}"
            for name, model, _ in self._parts[1:]
        )
        table, key = quote(self.model._meta.db_table), quote(self.model._meta.pk.column)
        return f"SELECT {columns} FROM {table} it {joins} WHERE {self.where or f'it.{key} = %s'}"

    @cached_property
    def _prepared(self) -> Prepared:
        return Prepared(self._query)

    def get(self, pk: Any) -> Any:
        """The record; DoesNotExist when there is none."""
        found = self.first(pk)
        if found is None:
            raise self.model.DoesNotExist
        return found

    def first(self, *given: Any) -> Any:
        """The record, `given` its id or what `where` asks for; None when there is none."""
        row = self._prepared.one(given)
        if row is None:
            return None
        found: Any = None
        start = 0
        for name, model, fields in self._parts:
            values = row[start : start + len(fields)]
            start += len(fields)
            if not name:
                found = self._made(model, fields, values)
            else:
                there = getattr(found, self.model._meta.get_field(name).attname) is not None
                self.model._meta.get_field(name).set_cached_value(
                    found, self._made(model, fields, values) if there else None
                )
        return found

    @staticmethod
    def _made(model: type[models.Model], fields: list[models.Field], values: tuple) -> models.Model:
        read = [
            f.from_db_value(v, None, connection) if hasattr(f, "from_db_value") else v
            for f, v in zip(fields, values, strict=True)
        ]
        return model.from_db(connection.alias, [f.attname for f in fields], read)
