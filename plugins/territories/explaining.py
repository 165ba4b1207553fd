"""Why a record is in its territory: which territories hold it and by what, and which of them has it."""

from __future__ import annotations

from dataclasses import dataclass

from app.sdk import Context, _
from app.sdk.web import number as told

from . import assigning, borders, gazetteer, grid
from .matching import Ready, Row, Territories, in_force


@dataclass(frozen=True)
class Reason:
    """A territory that holds a record: by what, whether it has it, and if not, why another one does."""

    id: int
    name: str
    why: str
    has: bool
    marks: bool
    behind: str


def explain(ctx: Context, entity: str, record_id: int) -> list[Reason]:
    """Return the territories that hold a record, the one that has it first. Empty when none does."""
    found = assigning.rows(ctx, entity, ids=[record_id], limit=1)
    if not found:
        return []
    row, ready = found[0], in_force(ctx)
    ((winner, _marks),) = ready.decide([row], assigning.condition(ctx, entity))
    reasons = [_reason(ctx, entity, ready, row, ready.all[i], winner) for i in ready.holding(row)]
    if row.named_id in ready.by_id and row.named_id not in {r.id for r in reasons if r}:
        one = ready.by_id[row.named_id]
        reasons.append(Reason(one.id, one.name, _("It was named for it."), True, False, ""))
    return sorted([r for r in reasons if r is not None], key=lambda r: not r.has)


def _reason(
    ctx: Context, entity: str, ready: Territories, row: Row, one: Ready, winner: int | None
) -> Reason | None:
    why = ", ".join(by(one, row))
    if one.condition:
        if not assigning.condition(ctx, entity)(one, [row.record_id]):
            return None
        why = f"{why}, {one.condition}" if why else one.condition
    if row.named_id == one.id:
        why = _("It was named for it.")
    has = one.id == winner and not one.marks
    return Reason(
        one.id, one.name, why, has, one.marks, "" if has or one.marks else _behind(ready, one, row, winner)
    )


def _behind(ready: Territories, one: Ready, row: Row, winner: int | None) -> str:
    first = ready.by_id.get(winner or 0)
    if first is None:
        return ""
    if row.named_id == first.id:
        return _("“%(name)s” was named for it.", name=first.name)
    if first.priority != one.priority:
        sentence = _("“%(name)s” has the priority %(more)s, this one %(less)s.")
        return sentence % {"name": first.name, "more": told(first.priority), "less": told(one.priority)}
    if first.depth != one.depth:
        return _("“%(name)s” is deeper in the tree.", name=first.name)
    return _("“%(name)s” has the same priority and was there first.", name=first.name)


def by(one: Ready, row: Row) -> list[str]:
    """Return by which of a territory's borders it holds a place, in words."""
    found = []
    if row.country in one.borders.countries:
        found.append(_("country %(name)s", name=gazetteer.country_name(row.country) or row.country))
    if (row.country, row.region) in one.borders.regions:
        found.append(
            _("region %(name)s", name=row.region.upper() if len(row.region) < 4 else row.region.title())
        )
    for codes in one.borders.codes:
        if codes.holds(row.country, row.postal_code):
            span = f"{codes.first}–{codes.last}" if codes.last else f"{codes.first}…"
            found.append(
                _("postal code %(code)s in %(span)s", code=row.postal_code.upper(), span=span.upper())
            )
    if row.latitude is None or row.longitude is None:
        return found
    for circle in one.borders.circles:
        away = grid.km_between((circle.latitude, circle.longitude), (row.latitude, row.longitude))
        if away <= circle.km:
            found.append(_circled(circle, away))
    if one.area is not None and one.area.holds(row.latitude, row.longitude):
        found.append(_("within the drawn area"))
    return found


def _circled(circle: borders.Circle, away: float) -> str:
    words = _("%(away)s km from %(place)s, within %(km)s km")
    return words % {"away": told(round(away, 1)), "place": circle.label, "km": told(circle.km)}
