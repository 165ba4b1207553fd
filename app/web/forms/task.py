"""The form of a task: what was typed, kept as it was, and what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from app.formats import recurrence, task_line
from app.formats.recurrence import WORKDAYS, Rule, RuleError
from app.formats.task_line import TaskLine
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Task
from app.services import access, people, task_fields
from app.services import tasks as service
from app.services.task_fields import SOMEDAY
from app.web.forms.base import refuse
from app.web.security.csrf import FIELD

KEEP, WEEKDAYS = "KEEP", "WORKDAYS"
MANY = ("with_", "weekdays", "remind")
BESIDE = {"version", "do", "at", "next", FIELD}
"""What is posted beside the texts: which button was pressed, and where to go on."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stands in the form. `with_` holds "contact:5" and "user:3"; `freq` "" never, KEEP the rule in `rule`."""

    line: str = ""
    summary: str = ""
    description: str = ""
    due_on: str = ""
    due_clock: str = ""
    priority: str = ""
    assignee_id: str = ""
    with_: tuple[str, ...] = ()
    who: str = ""
    freq: str = ""
    interval: str = ""
    weekdays: tuple[str, ...] = ()
    place: str = "day"
    until: str = ""
    count: str = ""
    after_done: str = ""
    rule: str = ""
    remind: tuple[str, ...] = ()
    checklist: str = ""
    parent: str = ""
    nonce: str = ""

    @classmethod
    def of(cls, form: Any) -> Typed:
        """Return what was sent, cut to what anybody would type. Raises 422 for a field that the form does not have."""
        refuse(set(form) - {one.name.rstrip("_") for one in fields(cls)} - BESIDE)
        found: dict[str, Any] = {}
        for one in fields(cls):
            name = one.name.rstrip("_")
            if one.name in MANY:
                found[one.name] = tuple(text[:100] for text in form.getlist(name)[:200])
            elif name in form:
                found[one.name] = form[name].strip()[:100_000].replace("\r\n", "\n")
        return cls(**found)

    @classmethod
    def stored(cls, ctx: Context, task: Task) -> Typed:
        """Return the form of a task as it is."""
        rule = recurrence.read(task.recurrence) if task.recurrence else None
        mates = [f"user:{i}" for i in task_fields.load_mates(ctx, [task.id])[task.id]]
        return replace(
            _recurring(rule, task.recurrence),
            summary=task.summary,
            description=task.description,
            due_on="" if task.due_on == SOMEDAY else task.due_on,
            due_clock=task.due_clock,
            priority=task_fields.urgency(task.priority or 5),
            assignee_id=str(task.assignee_id or ""),
            with_=(*task_fields.load_about(ctx, [task.id])[task.id], *mates),
            after_done="1" if task.after_done else "",
            remind=tuple(task_fields.load_remind(ctx, [task.id])[task.id]),
            checklist="\n".join(task_fields.load_items(ctx, [task.id])[task.id]),
        )


def _recurring(rule: Rule | None, text: str) -> Typed:
    if not text:
        return Typed()
    if rule is None or rule.nth == 99:
        return Typed(freq=KEEP, rule=text)
    workdays = rule.freq == "WEEKLY" and rule.weekdays == WORKDAYS
    return Typed(
        freq=WEEKDAYS if workdays else rule.freq,
        rule=text,
        interval=str(rule.interval) if rule.interval > 1 else "",
        weekdays=() if workdays else tuple(str(n) for n in rule.weekdays if rule.freq == "WEEKLY"),
        place="nth" if rule.nth else "day",
        until=rule.until,
        count=str(rule.count) if rule.count else "",
    )


def understood(ctx: Context, line: str) -> TaskLine:
    """Return what a line says for the reader: days and words of his language, in his zone."""
    first = ctx.locale.replace("-", "_") in {"en", "en_US", "en_PH"}
    return task_line.understand(line, ctx.now.astimezone(ctx.zone), ctx.locale, month_first=first)


def mate_of(ctx: Context, word: str) -> int | None:
    """Return the one colleague whose name begins with a word after "@", or None."""
    if not word:
        return None
    plain = word.replace(".", " ").replace("_", " ").casefold()
    found = [i for i, name in people.colleagues(ctx) if _named(name, plain)]
    return found[0] if len(found) == 1 else None


def _named(name: str, word: str) -> bool:
    whole = name.casefold()
    return whole.startswith(word) or any(part.startswith(word) for part in whole.split())


def values(ctx: Context, typed: Typed) -> dict[str, Any]:
    """Return the field values that were typed. Raises Invalid with a sentence per field.

    What the line says holds where the form's own controls are empty.
    """
    problems: dict[str, str] = {}
    said = understood(ctx, typed.line) if typed.line else TaskLine()
    found: dict[str, Any] = {"description": typed.description}
    summary = typed.summary or said.summary
    if not summary:
        name = "line" if typed.line or not typed.summary else "summary"
        problems[name] = _("Write what is to be done.")
    found["summary"] = summary
    found |= _due(typed, said, problems)
    found["priority"] = typed.priority or said.priority or "normal"
    found["remind"] = list(typed.remind)
    found["checklist"] = typed.checklist
    found |= _people(ctx, typed, said, problems)
    found |= _rule(typed, said, found["due_on"], service.today(ctx), problems)
    if problems:
        raise Invalid(problems)
    return {name: value for name, value in found.items() if access.writes(ctx, "task", name)}


def _due(typed: Typed, said: TaskLine, problems: dict[str, str]) -> dict[str, Any]:
    day = typed.due_on or (said.due.isoformat() if said.due else "")
    clock = typed.due_clock or said.clock
    if day:
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            problems["due_on"] = _("“%(text)s” is no date. Write it as 2026-02-28.", text=day[:40])
    elif clock:
        problems["due_on"] = _("Choose a day for this time.")
    parts = clock.split(":")
    if clock and not (
        len(parts) == 2
        and all(p.isdecimal() and len(p) <= 2 for p in parts)
        and int(parts[0]) < 24
        and int(parts[1]) < 60
    ):
        problems["due_clock"] = _("“%(text)s” is no time of day. Write it like 15:30.", text=clock[:20])
    elif clock:
        clock = f"{int(parts[0]):02}:{int(parts[1]):02}"
    return {"due_on": day or SOMEDAY, "due_clock": clock}


def _people(ctx: Context, typed: Typed, said: TaskLine, problems: dict[str, str]) -> dict[str, Any]:
    whose = typed.assignee_id
    found: dict[str, Any] = {"assignee_id": int(whose) if whose.isdecimal() and len(whose) < 10 else None}
    if said.mate and not whose:
        found["assignee_id"] = mate_of(ctx, said.mate)
        if found["assignee_id"] is None:
            told = _(
                "Nobody here, or more than one, is called “%(name)s”. Choose who is to do it.", name=said.mate
            )
            problems["assignee_id"] = told
    elif not whose and typed.line:
        found["assignee_id"] = ctx.user.id
    ties = _targets(typed.with_)
    found["mates"] = [i for entity, i in ties if entity == "user" and i != found["assignee_id"]]
    found["about"] = [f"{entity}:{i}" for entity, i in ties if entity != "user"]
    return found


def _targets(texts: Sequence[str]) -> list[tuple[str, int]]:
    found = []
    for text in dict.fromkeys(texts):
        try:
            found.append(task_fields.target(text))
        except NotVisible:
            continue
    return found


def _rule(typed: Typed, said: TaskLine, due: str, today: date, problems: dict[str, str]) -> Mapping[str, Any]:
    try:
        text = _rule_text(typed, said, due, today, problems)
    except RuleError as error:
        problems["freq"] = str(error)
        text = ""
    return {"recurrence": text, "after_done": bool(text and typed.after_done)}


def _rule_text(typed: Typed, said: TaskLine, due: str, today: date, problems: dict[str, str]) -> str:
    if typed.freq == KEEP:
        return recurrence.normal(typed.rule)
    if not typed.freq:
        return said.rule
    if typed.freq != WEEKDAYS and typed.freq not in recurrence.FREQUENCIES:
        problems["freq"] = _("Choose how often it comes.")
        return ""
    bad = "due_on" in problems or due == SOMEDAY
    start = today if bad else date.fromisoformat(due)
    interval = _number(typed.interval, "interval", problems) or 1
    weekdays = tuple(sorted({int(d) for d in typed.weekdays if d in "0123456" and len(d) == 1}))
    if typed.freq == WEEKDAYS:
        rule = Rule(freq="WEEKLY", interval=interval, weekdays=WORKDAYS)
    elif typed.freq == "WEEKLY" and weekdays:
        rule = Rule(freq="WEEKLY", interval=interval, weekdays=weekdays)
    elif typed.freq == "MONTHLY" and typed.place == "nth":
        nth = recurrence.nth_of(start)
        rule = Rule(freq="MONTHLY", interval=interval, weekdays=(start.weekday(),), nth=nth)
    else:
        rule = recurrence.suggested(typed.freq, start, interval)
    count = _number(typed.count, "count", problems)
    return str(replace(rule, until=_until(typed.until, start, problems), count=count))


def _number(text: str, name: str, problems: dict[str, str]) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 0 < int(text[:6]) <= recurrence.MOST:
        problems[name] = _("Write a number from 1 to %(most)s.", most=recurrence.MOST)
        return 0
    return int(text)


def _until(text: str, start: date, problems: dict[str, str]) -> str:
    if not text:
        return ""
    try:
        until = date.fromisoformat(text)
    except ValueError:
        problems["until"] = _("“%(text)s” is no date. Write it as 2026-02-28.", text=text[:40])
        return ""
    if until < start:
        problems["until"] = _("It would end before it begins. Choose a later day.")
    return until.isoformat()
