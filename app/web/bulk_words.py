"""What pages say about work on many records: questions, five changes before and after, reasons, results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import NotVisible
from app.models import BulkRefusal, BulkRun, Operation
from app.services import bulk_check, bulk_work, fields, people, undo
from app.services.values import load
from app.web import shown
from app.web.amounts import number
from app.web.forms.controls import Control, Select

QUICK = {Kind.USER, Kind.TEAM, Kind.CHOICE}
"""Kinds whose values are buttons of their own, so that one tap chooses and goes on."""

MOST_QUICK = 24


def plural_of(asked: Context, made: BulkRun) -> str:
    """Return what the records are called."""
    return str(asked.schema.entity(made.entity).plural) if asked.schema.has(made.entity) else made.entity


def count_of(asked: Context, made: BulkRun) -> str:
    """Return how many of what is chosen: "Contacts: 12"."""
    many = (
        number(made.total)
        if made.total <= bulk_check.CAP
        else _("more than %(num)s", num=number(bulk_check.CAP))
    )
    return _("%(what)s: %(num)s", what=plural_of(asked, made), num=many)


def hows(found: Sequence[str]) -> list[tuple[str, str]]:
    """Return the ways to change a field of several values, with their names; none when there is only one."""
    words = {"add": _("Add"), "remove": _("Remove"), "set": _("Replace what is there")}
    order = [how for how in ("add", "remove", "set") if how in found]
    return [(how, words[how]) for how in order] if "add" in found else []


def quick(asked: Context, control: Control) -> list[tuple[str, str]]:
    """Return the values to tap at once, with their labels; none where they have to be typed or are too many."""
    if not isinstance(control, Select) or control.field.kind not in QUICK:
        return []
    found = [(value, label) for value, label in control.options if value]
    return found if len(found) <= MOST_QUICK else []


def question(asked: Context, made: BulkRun) -> str:
    """Return what is asked before it is done."""
    if made.kind == "trash":
        return _("Move to the trash?")
    if made.kind == "action":
        return f"{_label(asked, made)}?"
    label = _label(asked, made)
    return {
        "set": _("Change “%(field)s”?", field=label),
        "add": _("Add to “%(field)s”?", field=label),
        "remove": _("Remove from “%(field)s”?", field=label),
        "clear": _("Empty “%(field)s”?", field=label),
    }[json.loads(made.work)["how"]]


def _label(asked: Context, made: BulkRun) -> str:
    """Return what the work is about: the field's label or the action's."""
    work = json.loads(made.work)
    if made.kind == "action":
        try:
            return str(bulk_work.find(asked, made.entity, work["action"]).label)
        except NotVisible:
            return str(work["action"])
    known = {f.key: f for f in fields.visible(asked, made.entity)} if asked.schema.has(made.entity) else {}
    return str(known[work["field"]].label) if work.get("field") in known else str(work.get("field", ""))


def go(asked: Context, made: BulkRun) -> str:
    """Return what the button says that does it."""
    found = bulk_check.Checked.of(made)
    count = found.changed if found.whole else made.total
    if made.kind == "trash":
        return _n("Move %(num)s to the trash", "Move %(num)s to the trash", count)
    if made.kind == "action":
        return _("%(action)s: %(num)s", action=_label(asked, made), num=number(count))
    return _n("Change %(num)s", "Change %(num)s", count)


def dangerous(asked: Context, made: BulkRun) -> bool:
    """Tell whether the button should warn."""
    if made.kind == "action":
        return bulk_work.find(asked, made.entity, json.loads(made.work)["action"]).danger
    return made.kind == "trash"


def looked(asked: Context, made: BulkRun) -> dict[str, Any]:
    """Return what was found without doing it: counts, reasons, and five changes in people's words."""
    found = bulk_check.Checked.of(made)
    return {
        "changed": found.changed,
        "same": found.same,
        "refused": found.refused,
        "reasons": sorted(found.reasons.items(), key=lambda pair: -pair[1]),
        "whole": found.whole,
        "seen": found.seen,
        "far": _("%(done)s of %(total)s", done=number(found.seen), total=number(max(made.total, found.seen))),
        "confirm": _confirm(asked, made),
        "samples": _samples(asked, made, found),
    }


def _confirm(asked: Context, made: BulkRun) -> str:
    if made.kind != "action":
        return ""
    action = bulk_work.find(asked, made.entity, json.loads(made.work)["action"])
    return str(action.confirm or "")


def _samples(asked: Context, made: BulkRun, found: bulk_check.Checked) -> list[dict[str, Any]]:
    named = people.names(asked, {(made.entity, row[0]) for row in found.samples})
    visible = {f.key: f for f in fields.visible(asked, made.entity)}
    every = [visible[n] for n in dict.fromkeys(n for row in found.samples for n in row[2]) if n in visible]
    known = shown.named(asked, every, [part for row in found.samples for part in row[1:]])
    work = json.loads(made.work).get("field")
    samples = []
    for record_id, before, after in found.samples:
        name = named.get((made.entity, record_id))
        if name is None:
            continue
        rows = [
            (
                str(f.label),
                shown.words(asked, f, before.get(f.key), known),
                shown.words(asked, f, after.get(f.key), known),
            )
            for f in every
            if f.key in after and (f.key == work or work is None or f.key in {"name"})
        ]
        samples.append({"name": name.name, "rows": rows})
    return samples


# ---------------------------------------------------------------- while it runs, and afterwards


def doing(asked: Context, made: BulkRun) -> str:
    """Return what is going on."""
    if made.state == "cancelling":
        return _("Stopping")
    if made.kind == "undo":
        return _("Taking it back")
    return _("Working on it. %(count)s", count=count_of(asked, made))


def far(made: BulkRun) -> str:
    """Return how far a run is."""
    value = made.changed + made.same + made.refused
    if 0 < made.total <= bulk_check.CAP or made.total >= value > bulk_check.CAP:
        return _("%(done)s of %(total)s", done=number(value), total=number(made.total))
    return number(value)


def counts(made: BulkRun) -> list[tuple[str, str]]:
    """Return what became of the records so far, with a tone each."""
    changed = _n("%(num)s changed", "%(num)s changed", made.changed)
    if made.kind == "undo":
        changed = _n("%(num)s taken back", "%(num)s taken back", made.changed)
    found = [(changed, "ok")]
    if made.same:
        found.append((_n("%(num)s was so already", "%(num)s were so already", made.same), "sys"))
    if made.refused:
        found.append((_n("%(num)s left as it is", "%(num)s left as they are", made.refused), "warn"))
    return found


def result(asked: Context, made: BulkRun) -> str:
    """Return what was done, in one line."""
    if made.kind == "undo":
        said = _n("%(num)s change taken back", "%(num)s changes taken back", made.changed)
    elif made.kind == "trash":
        said = _n("%(num)s record moved to the trash", "%(num)s records moved to the trash", made.changed)
    elif made.kind == "action":
        said = _("%(action)s: %(num)s", action=_label(asked, made), num=number(made.changed))
    else:
        said = _("%(field)s changed: %(num)s", field=_label(asked, made), num=number(made.changed))
    return _("Stopped. %(said)s", said=said) if made.state == "cancelled" else said


def undo_of(asked: Context, made: BulkRun) -> str | None:
    """Return where a run is taken back, if it can be."""
    if made.operation_id is None:
        return None
    found = asked.session.get(Operation, made.operation_id)
    if found is None or not undo.possible(asked, found):
        return None
    return url_for("operations.undo", operation_id=made.operation_id)


def refusals(asked: Context, rows: Sequence[BulkRefusal]) -> list[dict[str, Any]]:
    """Return records that were left alone: name, address, reason, and values that were changed since."""
    named = people.names(asked, {(row.entity, row.record_id) for row in rows})
    return [_refusal(asked, row, named.get((row.entity, row.record_id))) for row in rows]


def _refusal(asked: Context, row: BulkRefusal, named: people.Named | None) -> dict[str, Any]:
    details: Mapping[str, Any] = load(row.details)
    visible = {f.key: f for f in fields.visible(asked, row.entity)} if asked.schema.has(row.entity) else {}
    every = [visible[n] for n in details if n in visible]
    known = shown.named(asked, every, [{n: value} for n, values in details.items() for value in values])
    values = [
        (str(f.label), [shown.words(asked, f, value, known) for value in details[f.key]]) for f in every
    ]
    return {
        "name": named.name if named else "",
        "url": url_for(named.url, record_id=named.id) if named and named.url else None,
        "reason": row.reason,
        "values": values,
    }


def changes(asked: Context, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return changes of an operation: the record, and its values before and after; records out of sight are left out."""
    named = people.names(asked, {(row.entity, row.record_id) for row in rows})
    found = []
    for row in rows:
        name = named.get((row.entity, row.record_id))
        if name is None and not (row.verb == "delete" and asked.may(f"{row.entity}.delete")):
            continue
        before, after = load(row.before), load(row.after)
        visible = fields.visible(asked, row.entity) if asked.schema.has(row.entity) else ()
        every = [f for f in visible if f.key in after] if row.verb == "edit" else []
        known = shown.named(asked, every, [before, after])
        found.append(
            {
                "name": name.name if name else _("A record in the trash"),
                "url": url_for(name.url, record_id=name.id) if name and name.url else None,
                "rows": [
                    (
                        str(f.label),
                        *(shown.words(asked, f, side.get(f.key), known) for side in (before, after)),
                    )
                    for f in every
                ],
            }
        )
    return found
