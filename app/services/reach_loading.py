"""Reads addresses of contacts and companies: one kind of them, or several kinds with one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, literal, null, select, union_all

from app.kernel.context import Context
from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import access
from app.services.id_lists import among

Values = Mapping[int, list[dict[str, Any]]]

COLUMNS: dict[type[Any], tuple[str, ...]] = {
    EmailAddress: ("value", "kind", "preferred"),
    PhoneNumber: ("value", "kind", "preferred"),
    PostalAddress: (
        "post_office_box",
        "extended_address",
        "street_address",
        "locality",
        "region",
        "postal_code",
        "country_code",
        "country",
        "label",
        "kind",
        "preferred",
    ),
    WebLink: ("value", "service", "kind", "preferred"),
}


class Loader:
    """The batch loader of a kind of address for contacts or companies (`whose` = "contact_id" …): `load(ctx, ids)`."""

    def __init__(self, model: type[Any], whose: str) -> None:
        self.model, self.whose = model, whose
        self.names = COLUMNS[model]
        key = getattr(model, whose)
        self._query = (
            select(key, *(getattr(model, n) for n in self.names))
            .where(among(key))
            .order_by(key, model.preferred.desc(), model.position, model.id)
        )

    def __call__(self, ctx: Context, ids: Sequence[int]) -> Values:
        found: dict[int, list[dict[str, Any]]] = {i: [] for i in ids}
        for record_id, *entry in access.rows(ctx, self._query, {"ids": ids}).all():
            found[record_id].append(dict(zip(self.names, entry, strict=True)))
        return found


def several(ctx: Context, loaders: Sequence[Loader], ids: Sequence[int]) -> Sequence[Values]:
    """Return what each loader would, in their order, with one statement."""
    query, names = _together(tuple(loaders))
    at = {name: place for place, name in enumerate(names, start=2)}
    kinds = [(loader.names, itemgetter(*(at[name] for name in loader.names))) for loader in loaders]
    found: list[dict[int, list[dict[str, Any]]]] = [{i: [] for i in ids} for _loader in loaders]
    for row in access.rows(ctx, query, {"ids": ids}).all():
        of, told = kinds[row[0]]
        found[row[0]][row[1]].append(dict(zip(of, told(row), strict=True)))
    return found


@cache
def _together(loaders: tuple[Loader, ...]) -> tuple[Select[Any], Sequence[str]]:
    """Return one select for several kinds, and the names of its columns behind the kind's number and the record."""
    names = list(dict.fromkeys(name for loader in loaders for name in loader.names))
    every = union_all(*(_part(loader, which, names) for which, loader in enumerate(loaders))).subquery()
    order = every.c.which, every.c.whose, every.c.preferred.desc(), every.c.position, every.c.id
    query = select(every.c.which, every.c.whose, *(every.c[name] for name in names)).order_by(*order)
    return query, names


def _part(loader: Loader, which: int, names: Sequence[str]) -> Select[Any]:
    model, key = loader.model, getattr(loader.model, loader.whose)
    own = [getattr(model, n).label(n) if n in loader.names else null().label(n) for n in names]
    return select(
        literal(which, literal_execute=True).label("which"),
        key.label("whose"),
        *own,
        model.position.label("position"),
        model.id.label("id"),
    ).where(among(key))
