"""The words of the daily mail, as plain text and as simple HTML, with the link that switches it off (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from babel.dates import format_date

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.protocols import Mail
from app.models import Task, User
from app.services import digest_link, important_dates, notify_channels

if TYPE_CHECKING:
    from app.services.digest import Day


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing of the day: what, a word about it, where it leads."""

    what: str
    why: str
    url: str


def compose(ctx: Context, person: User, day: Day) -> Mail:
    """Return somebody's mail of the day, in the language that is in force."""
    parts = [(title, lines) for title, lines in _parts(ctx, person, day) if lines]
    off = _full(notify_channels.path("notifications.digest_off", token=digest_link.token(person)))
    today = notify_channels.absolute(notify_channels.path("today.index"))
    return Mail(
        to=(person.email,),
        subject=_subject(day),
        text=_text(parts, today, off),
        html=_html(parts, today, off),
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _subject(day: Day) -> str:
    tasks = len(day.late) + len(day.due)
    if day.late:
        late = _n("%(num)s overdue", "%(num)s overdue", len(day.late))
        return _("Your day: %(tasks)s, %(late)s", tasks=_n("%(num)s task", "%(num)s tasks", tasks), late=late)
    if tasks:
        return _("Your day: %(tasks)s", tasks=_n("%(num)s task", "%(num)s tasks", tasks))
    return _("Your day: people to think of")


def _parts(ctx: Context, person: User, day: Day) -> Iterable[tuple[str, Sequence[Line]]]:
    locale = person.locale or str(ctx.settings.get("locale") or "en")
    yield _("Overdue"), [_task(ctx, t, _date(t.due_on, locale)) for t in day.late]
    yield _("Due today"), [_task(ctx, t, "") for t in day.due]
    yield (
        _("Keep in touch"),
        [
            Line(what=d.contact.formatted_name, why=d.reason, url=_record(ctx, "contact", d.contact.id))
            for d in day.cold
        ],
    )
    yield (
        _("Important dates"),
        [
            Line(
                what=f"{d.name}: {important_dates.words(d)}",
                why=_("today") if d.days == 0 else _date(d.on.isoformat(), locale),
                url=_record(ctx, "contact", d.contact_id),
            )
            for d in day.dates
        ],
    )


def _task(ctx: Context, task: Task, why: str) -> Line:
    return Line(what=task.summary, why=why, url=_record(ctx, "task", task.id))


def _record(ctx: Context, entity: str, record_id: int) -> str:
    return _full(notify_channels.link(ctx, entity, record_id))


def _full(path: str) -> str:
    return notify_channels.absolute(path)


def _date(iso: str, locale: str) -> str:
    return str(format_date(date.fromisoformat(iso), "medium", locale=locale))


def _text(parts: Sequence[tuple[str, Sequence[Line]]], today: str, off: str) -> str:
    found: list[str] = []
    for title, lines in parts:
        found += [title.upper(), *(_plain(line) for line in lines), ""]
    found += [_("Open Kith:"), today, "", "--", _("Switch this daily mail off:"), off]
    return "\n".join(found) + "\n"


def _plain(line: Line) -> str:
    said = f"- {line.what}" + (f" ({line.why})" if line.why else "")
    return f"{said}\n  {line.url}" if line.url else said


def _html(parts: Sequence[tuple[str, Sequence[Line]]], today: str, off: str) -> str:
    found = [
        f"<h2>{escape(title)}</h2><ul>{''.join(_item(line) for line in lines)}</ul>" for title, lines in parts
    ]
    found.append(f'<p><a href="{escape(today)}">{escape(_("Open Kith"))}</a></p><hr>')
    found.append(
        f'<p><small><a href="{escape(off)}">{escape(_("Switch this daily mail off"))}</a></small></p>'
    )
    return "".join(found)


def _item(line: Line) -> str:
    what = f'<a href="{escape(line.url)}">{escape(line.what)}</a>' if line.url else escape(line.what)
    return f"<li>{what}{f' <small>{escape(line.why)}</small>' if line.why else ''}</li>"
