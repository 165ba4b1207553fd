"""The agenda as its template shows it: groups of tasks, whose they are, how many are overdue."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.i18n import _
from app.kernel.context import Context
from app.services import nonces, people, task_agenda
from app.services.task_agenda import COUNTED
from app.services.task_scopes import ALL, MINE, TEAM
from app.web import task_rows
from app.web.amounts import number


def values(asked: Context, who: str, after: str = "") -> dict[str, Any]:
    """Return what tasks/_agenda.html needs."""
    who = scope(asked, who)
    found = task_agenda.agenda(asked, who, after=after)
    rows = task_rows.shown(asked, [task for group in found.groups for task in group.tasks])
    by_id = {one["id"]: one for one in rows}
    labels = headings()
    count = number(found.overdue) if found.overdue < COUNTED else f"{number(COUNTED)}+"
    return {
        "who": who,
        "groups": [
            {
                "key": group.key,
                "label": labels[group.key],
                "count": count if group.key == "overdue" else "",
                "tasks": [by_id[task.id] for task in group.tasks],
            }
            for group in found.groups
        ],
        "overdue": found.overdue,
        "more": f"{url_for('tasks.agenda', who=who)}&from={found.after}" if found.after else None,
        "nonce": nonces.fresh(),
        "may_create": asked.may("task.create"),
    }


def headings() -> dict[str, str]:
    """Return the names of the groups."""
    return {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "tomorrow": _("Tomorrow"),
        "week": _("Later this week"),
        "later": _("Later"),
        "someday": _("Without a date"),
    }


def scope(asked: Context, who: str) -> str:
    """Return whose tasks are meant; mine for anything that is not understood."""
    if who in {TEAM, ALL} or (who.isdecimal() and len(who) < 10 and int(who) != asked.user.id):
        return who
    return MINE


def scopes(asked: Context, who: str, endpoint: str, **kept: Any) -> dict[str, Any]:
    """Return the chips of whose tasks are shown, and the colleagues to choose from."""
    mates = [(str(i), name) for i, name in people.colleagues(asked) if i != asked.user.id]
    chips = [(MINE, _("Mine"))]
    if asked.user.teams:
        chips.append((TEAM, _("My team")))
    chips.append((ALL, _("Everybody")))
    person = next((name for i, name in mates if i == who), "")
    return {
        "chips": [
            {
                "url": url_for(endpoint, who=key if key != MINE else None, **kept),
                "text": text,
                "on": key == who,
            }
            for key, text in chips
        ],
        "mates": mates,
        "person": person,
    }
