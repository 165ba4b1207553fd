"""The page "what changed": the way from one total to the other, kind by kind, and the deals behind each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import request, url_for

from app.sdk import Context, _
from app.sdk.services import enqueue
from app.sdk.services import people as names
from app.sdk.web import Response, ctx, done, money, requires

from . import asked as asking
from . import comparing, links, options, pages, people, snapshots
from .asked import Asked
from .blueprint import forecast
from .changes import CATEGORIES, KINDS, ZERO
from .comparing import Changed, Comparison
from .models import Snapshot
from .tables import Column, Row, Table
from .views import category_words, places

SHOWN = 200


@forecast.get("/changes")
@requires(people.DEALS)
def changes() -> Response:
    """Show what changed in a period's forecast since a snapshot."""
    seen = ctx()
    asked = asking.read(seen, request.args)
    every = snapshots.latest(seen)
    since, until = _chosen(seen, every)
    found = comparing.between(seen, asked, since, until) if since else None
    kind = request.args.get("kind", "")
    return pages.report(
        seen,
        "sales/forecast/changes.html",
        _("What changed"),
        _tables(seen, asked, found, kind if kind in KINDS else ""),
        places=places(asked, "changes"),
        pick=pages.picker(seen, asked, **_words(since, until)),
        snapshots=[(str(one.id), _named(one)) for one in every],
        chosen={"since": since.id if since else "", "until": until.id if until else ""},
        sentence=_sentence(seen, found),
        may_take=seen.may(snapshots.TAKE),
    )


@forecast.post("/snapshot")
@requires(snapshots.TAKE)
def snapshot() -> Response:
    """Have a snapshot taken now."""
    seen = ctx()
    enqueue(seen, snapshots.JOB, {"kind": "asked"}, user_id=None)
    return done(url_for("sales_forecast.changes"), toast=_("The snapshot is being taken"))


def _chosen(seen: Context, every: Any) -> tuple[Snapshot | None, Snapshot | None]:
    """Return the snapshots to compare: by default the last that is at least six days old with now."""
    since, until = (request.args.get(name, "") for name in ("since", "until"))
    later = snapshots.get(seen, int(until)) if until.isdecimal() else None
    if since.isdecimal():
        return snapshots.get(seen, int(since)), later
    old = [one for one in every if (seen.now - one.at).days >= 6]
    return (old[0] if old else every[-1] if every else None), later


def _words(since: Snapshot | None, until: Snapshot | None) -> dict[str, Any]:
    return {name: one.id for name, one in (("since", since), ("until", until)) if one is not None}


def _named(one: Snapshot) -> str:
    return one.day if one.kind == "weekly" else _("%(day)s, asked for", day=one.day)


def kind_words() -> dict[str, str]:
    """Return what the kinds of change are called."""
    return {
        "new": _("New"),
        "back": _("Back in the forecast"),
        "moved_in": _("Moved into the period"),
        "taken_over": _("Taken over from others"),
        "included": _("Counted again"),
        "more": _("Amount up"),
        "less": _("Amount down"),
        "won": _("Won"),
        "category": _("Another category"),
        "lost": _("Lost"),
        "moved_out": _("Moved out of the period"),
        "handed_over": _("Handed over to others"),
        "omitted": _("Omitted"),
        "deleted": _("Thrown away"),
    }


def _sentence(seen: Context, found: Comparison | None) -> str:
    if found is None:
        return ""
    then, now = sum(found.then.values(), ZERO), sum(found.now.values(), ZERO)
    code = options.currency(seen)
    values = {"then": money(then, code), "now": money(now, code), "change": money(abs(now - then), code)}
    if now > then:
        return _("From %(then)s to %(now)s: %(change)s more.", **values)
    if now < then:
        return _("From %(then)s to %(now)s: %(change)s less.", **values)
    return _("%(now)s, as much as then.", **values)


def _tables(seen: Context, asked: Asked, found: Comparison | None, kind: str) -> list[Table]:
    if found is None:
        return []
    tables = [_way(asked, found), _categories(found)]
    return [_deals(seen, found, kind), *tables] if kind else tables


def _way(asked: Asked, found: Comparison) -> Table:
    words = kind_words()
    kept = {name: request.args[name] for name in ("since", "until") if request.args.get(name)}
    rows = [Row(label=_("Then"), values={"delta": sum(found.then.values(), ZERO)}, strong=True)]
    for one in found.kinds:
        address = url_for("sales_forecast.changes", **asked.args(kind=one.kind, **kept)) + "#deals"
        rows.append(
            Row(
                label=words[one.kind],
                url=address,
                values={"delta": one.delta, "count": one.count, "amount": one.came or None},
                urls=dict.fromkeys(("delta", "count", "amount"), address),
            )
        )
    return Table(
        id="way",
        title=_("From then to now"),
        first=_("Change"),
        columns=[
            Column(key="delta", label=_("Changes the total by")),
            Column(key="count", label=_("Deals"), kind="count"),
            Column(key="amount", label=_("Value now")),
        ],
        rows=rows,
        total=Row(
            label=_("Now"),
            values={"delta": sum(found.now.values(), ZERO)},
            urls={} if request.args.get("until") else {"delta": _everything(asked)},
        ),
    )


def _everything(asked: Asked) -> str:
    from . import board

    return board.address(asked)


def _categories(found: Comparison) -> Table:
    words = category_words()

    def values(then: Decimal, now: Decimal) -> Mapping[str, Decimal]:
        return {"then": then, "now": now, "delta": now - then}

    sums = [sum(of.values(), ZERO) for of in (found.then, found.now)]
    return Table(
        id="categories",
        title=_("By category"),
        first=_("Category"),
        columns=[
            Column(key="then", label=_("Then")),
            Column(key="now", label=_("Now")),
            Column(key="delta", label=_("Change")),
        ],
        rows=[Row(label=words[c], values=values(found.then[c], found.now[c])) for c in CATEGORIES],
        total=Row(label=_("All"), values=values(*sums)),
    )


def _deals(seen: Context, found: Comparison, kind: str) -> Table:
    pairs = found.of_kind(kind)
    whole = request.args.get("format") == "csv"
    shown = pairs if whole else pairs[:SHOWN]
    owners = {x.owner_id for one, _part in shown for x in (one.then, one.now) if x and x.owner_id}
    known = names.user_names(seen, owners)
    words = category_words()
    return Table(
        id="deals",
        title=kind_words()[kind],
        said=_("The largest %(num)s of %(all)s.", num=SHOWN, all=len(pairs))
        if len(pairs) > len(shown)
        else "",
        first=_("Deal"),
        columns=[
            Column(key="owner", label=_("Owner"), kind="text"),
            Column(key="before", label=_("Then"), kind="text"),
            Column(key="after", label=_("Now"), kind="text"),
            Column(key="amount", label=_("Value")),
            Column(key="delta", label=_("Changes the total by")),
        ],
        rows=[
            Row(
                label=one.name,
                url="" if one.gone else links.deal_url(seen, one.deal_id),
                values={
                    "owner": _owner(one, known),
                    "before": _stood(one.then, words),
                    "after": _stood(one.now, words),
                    "amount": part.came or part.out,
                    "delta": part.delta,
                },
            )
            for one, part in shown
        ],
        total=Row(label=_("All"), values={"delta": sum((part.delta for _one, part in pairs), ZERO)}),
    )


def _owner(one: Changed, known: Mapping[int, str]) -> str:
    standing = one.now or one.then
    return known.get(standing.owner_id or 0, "") if standing else ""


def _stood(standing: Any, words: Mapping[str, str]) -> str:
    if standing is None:
        return "–"
    said = {"lost": _("Lost"), "won": _("Closed")}.get(standing.outcome) or words.get(
        standing.category, _("Omitted")
    )
    return f"{said}, {standing.close_on or '–'}"
