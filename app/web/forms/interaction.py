"""The composer's form: what was typed, kept as it was, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Interaction
from app.services import access, tasks
from app.services.interactions import Entry, Target
from app.web.forms.base import refuse
from app.web.security.csrf import FIELD

DIRECTIONS = ("outbound", "inbound", "internal")
LISTED = ("ties", "version")
BESIDE = {"with", "version", "outcome_now", "on", "swap", "do", FIELD}
"""What is posted beside the texts: ties, the record it is on, which button was pressed."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The texts of the composer's fields, sent back untouched when something is wrong.

    `ties` are who else took part and what it was about, each as "entity:id"; `who` is what was looked for.
    """

    kind: str = ""
    subject: str = ""
    body: str = ""
    direction: str = ""
    outcome: str = ""
    minutes: str = ""
    when: str = ""
    location: str = ""
    follow: str = ""
    follow_on: str = ""
    follow_text: str = ""
    private: str = ""
    nonce: str = ""
    who: str = ""
    ties: tuple[str, ...] = ()
    version: int | None = None

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Typed:
        """Take the texts from a posted form; a pressed outcome button counts before the chosen outcome.

        Raises 422 for a field that the composer does not have.
        """
        names = [f.name for f in fields(cls) if f.name not in LISTED]
        refuse(set(form) - set(names) - BESIDE)
        texts = {name: form.get(name, "").replace("\x00", "") for name in names}
        texts["outcome"] = form.get("outcome_now") or texts["outcome"]
        version = form.get("version", "")
        number = int(version) if version.isdigit() and len(version) < 10 else None
        return cls(**texts, ties=tuple(form.getlist("with")[:200]), version=number)

    @classmethod
    def from_record(cls, ctx: Context, made: Interaction, ties: tuple[str, ...]) -> Typed:
        """Take the texts from a stored interaction, times in the reader's zone."""
        return cls(
            kind=made.kind,
            subject=made.subject,
            body=made.body,
            direction=made.direction,
            outcome=made.outcome,
            minutes=_shown_minutes(made.duration_s),
            when=made.occurred_at.astimezone(ctx.zone).strftime("%Y-%m-%dT%H:%M"),
            location=made.location,
            private="1" if made.visibility == "private" else "",
            ties=ties,
            version=made.version,
        )


def _shown_minutes(seconds: int | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds / 60:.2f}".rstrip("0").rstrip(".")


def target(text: str) -> Target | None:
    """Return "entity:id" as a pair; None for what is none."""
    entity, _sep, number = text.rpartition(":")
    return (entity, int(number)) if entity and number.isdecimal() and len(number) < 12 else None


def read(ctx: Context, typed: Typed, *, on: Target | None = None, name: str = "") -> Entry:
    """Return what was typed as an entry to log; `on` is the record on whose page it was, called `name`.

    Fields left empty are not in its values. Raises Invalid with a sentence per field.
    """
    problems: dict[str, str] = {}
    values = {k: v for k, v in _values(ctx, typed, problems).items() if v not in ("", None)}
    if not set(values) & {"body", "subject", "outcome", "duration_s"} and "minutes" not in problems:
        problems["body"] = _("Write a few words about what happened.")
    follow_up = _follow_up(ctx, typed, name, problems)
    if problems:
        raise Invalid(problems)
    contacts, users, about = tied([*([on] if on else []), *filter(None, map(target, typed.ties))])
    mine = [ctx.user.id] if ctx.user.id else []
    return Entry(
        values=values,
        contacts=contacts,
        users=list(dict.fromkeys([*mine, *users])),
        about=about,
        follow_up=follow_up,
        nonce=typed.nonce,
    )


def changes(ctx: Context, typed: Typed) -> tuple[dict[str, Any], Entry]:
    """Return the field values of an edited form that the principal may write, and its ties. Raises Invalid."""
    problems: dict[str, str] = {}
    values = _values(ctx, typed, problems)
    if not (typed.body.strip() or typed.subject.strip() or values["outcome"] or typed.minutes.strip()):
        problems["body"] = _("Write a few words about what happened.")
    if problems:
        raise Invalid(problems)
    contacts, users, about = tied(list(filter(None, map(target, typed.ties))))
    kept = {k: v for k, v in values.items() if access.writes(ctx, "interaction", k)}
    return kept, Entry(values={}, contacts=contacts, users=users, about=about)


def tied(targets: list[Target]) -> tuple[list[int], list[int], list[Target]]:
    """Return contacts, colleagues and other records of some targets, each once."""
    every = list(dict.fromkeys(targets))
    contacts = [i for entity, i in every if entity == "contact"]
    users = [i for entity, i in every if entity == "user"]
    return contacts, users, [t for t in every if t[0] not in {"contact", "user"}]


def _values(ctx: Context, typed: Typed, problems: dict[str, str]) -> dict[str, Any]:
    kind = ctx.schema.kind(typed.kind or "note")
    known = {o.value for o in kind.outcomes}
    values: dict[str, Any] = {
        "kind": kind.key,
        "subject": typed.subject.strip(),
        "body": typed.body.strip(),
        "outcome": typed.outcome if typed.outcome in known else "",
        "location": typed.location.strip(),
        "visibility": "private" if typed.private else "all",
        "direction": _direction(kind, typed),
        "duration_s": None,
    }
    for name, parse in (("when", _when), ("minutes", _minutes)):
        try:
            values |= parse(ctx, getattr(typed, name))
        except ValueError as error:
            problems[name] = str(error)
    return values


def _direction(kind: Any, typed: Typed) -> str:
    if not kind.directed:
        return ""
    return typed.direction if typed.direction in DIRECTIONS else "outbound"


def _when(ctx: Context, text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        at = datetime.fromisoformat(text.strip())
        if not 1900 <= at.year <= 2200:
            raise ValueError(at)
        local = at.replace(tzinfo=ctx.zone) if at.tzinfo is None else at
        return {"occurred_at": local.astimezone(ctx.now.tzinfo), "zone": ctx.zone.key}
    except ValueError:
        raise ValueError(
            _("“%(text)s” is no date and time. Write it like 2026-02-28 14:30.", text=text)
        ) from None


def _minutes(ctx: Context, text: str) -> dict[str, Any]:
    text = text.strip().replace(",", ".")
    if not text:
        return {}
    try:
        minutes = float(text)
    except ValueError:
        minutes = -1
    if not 0 <= minutes <= 7 * 24 * 60:
        raise ValueError(_("“%(text)s” is no number of minutes. Write it like 15.", text=text))
    return {"duration_s": round(minutes * 60)}


def _follow_up(ctx: Context, typed: Typed, name: str, problems: dict[str, str]) -> dict[str, Any] | None:
    choice, text = typed.follow_on.strip() or typed.follow, typed.follow_text.strip()
    if not choice and not text:
        return None
    try:
        due = tasks.due(ctx, choice) if choice else tasks.SOMEDAY
    except Invalid as error:
        problems |= error.problems
        return None
    summary = text or (_("Follow up with %(name)s", name=name) if name else _("Follow up"))
    return {"summary": summary[:500], "due_on": due}
