"""Who should hear from us, which dates come up, and the rules by stage and tag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlalchemy import select

from app.formats.fold import fold
from app.formats.names import hue
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Tag
from app.services import important_dates
from app.services import keep_in_touch as service
from app.services.context import ctx
from app.services.important_dates import Upcoming
from app.services.keep_in_touch import Due, Rules
from app.web import cells, dates
from app.web.render import done, render
from app.web.routes import requires

keep_in_touch = Blueprint("keep_in_touch", __name__)

SPAN = 30
MOST = 100
"""So many dates are shown at once; the page goes on with the day that was not shown in full."""

TAGS = 300


@keep_in_touch.get("/keep-in-touch")
@requires("contact.view")
def index() -> Response:
    """Show who is due by the rules, the latest first."""
    mine = request.args.get("whose") != "all"
    found, after = service.page(ctx(), mine=mine, after=request.args.get("after", ""))
    whose: dict[str, Any] = {} if mine else {"whose": "all"}
    return render(
        "keep_in_touch/index.html",
        title=_("Keep in touch"),
        people=[_person(one) for one in found],
        mine=mine,
        more=url_for("keep_in_touch.index", after=after, **whose) if after else "",
    )


@keep_in_touch.get("/dates")
@requires("contact.view")
def upcoming() -> Response:
    """Show the birthdays and other dates of the next weeks, day by day."""
    mine = request.args.get("whose") != "all"
    first = _day(request.args.get("from", ""), ctx())
    found = important_dates.upcoming(ctx(), SPAN, mine=mine, start=first, limit=MOST + 1)
    last = first + timedelta(days=SPAN)
    if len(found) > MOST:
        last = found[-1].on - timedelta(days=1)
        found = [one for one in found if one.on <= last] or found[:MOST]
    whose: dict[str, Any] = {} if mine else {"whose": "all"}
    following = (last + timedelta(days=1)).isoformat()
    return render(
        "keep_in_touch/dates.html",
        title=_("Important dates"),
        days=_by_day(found),
        mine=mine,
        until=dates.day(last),
        more=url_for("keep_in_touch.upcoming", **(whose | {"from": following})),
    )


@keep_in_touch.route("/admin/keep-in-touch", methods=["GET", "POST"])
@requires("admin.settings")
def rules() -> Response:
    """Show and change how often people of a stage or with a tag should hear from us."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            service.save_rules(ctx(), _rules(problems))
            return done(
                url_for("keep_in_touch.rules"), toast=_("Saved. Everybody's next day is being worked out.")
            )
        except Invalid as error:
            problems |= {k: v for k, v in error.problems.items() if k not in problems}
    title = _("Keeping in touch")
    return render(
        "keep_in_touch/rules.html",
        status=422 if problems else 200,
        title=_("Error: %(title)s", title=title) if problems else title,
        heading=title,
        problems=problems,
        rows=_rows(),
        tag_names=_tag_names(ctx()),
        typed=request.form,
    )


def _person(due: Due) -> dict[str, Any]:
    contact = due.contact
    name = contact.formatted_name
    initials, colour = cells.face("contact", contact.id, contact.given_name, contact.family_name, name)
    return {
        "name": name,
        "initials": initials,
        "hue": colour,
        "reason": due.reason,
        "url": url_for("contacts.show", record_id=contact.id),
        "log": url_for("contacts.show", record_id=contact.id, log="call", _anchor="log"),
    }


def _by_day(found: Sequence[Upcoming]) -> list[dict[str, Any]]:
    days: dict[date, list[dict[str, Any]]] = {}
    for one in found:
        days.setdefault(one.on, []).append(
            {
                "name": one.name,
                "what": important_dates.words(one),
                "icon": "cake" if one.kind == "birthday" else "calendar",
                "hue": hue(f"contact:{one.contact_id}"),
                "url": url_for("contacts.show", record_id=one.contact_id),
            }
        )
    return [{"label": dates.day(day), "items": items} for day, items in days.items()]


def _day(text: str, asked: Context) -> date:
    today = asked.now.astimezone(asked.zone).date()
    try:
        wanted = date.fromisoformat(text) if text else today
    except ValueError:
        return today
    return min(max(wanted, today - timedelta(days=366)), today + timedelta(days=3660))


def _rows() -> list[dict[str, Any]]:
    """Return the rules as controls: every stage, and the tags that have a rule."""
    asked, now = ctx(), service.rules(ctx())
    rows = [
        {"name": f"stage-{s.value}", "label": str(s.label), "days": now.stages.get(s.value, "")}
        for s in asked.schema.stages()
        if not s.retired or s.value in now.stages
    ]
    tags = select(Tag.id, Tag.name).where(Tag.id.in_(list(now.tags))).order_by(Tag.key)
    rows += [
        {"name": f"tag-{i}", "label": _("Tag “%(name)s”", name=name), "days": now.tags[i]}
        for i, name in asked.session.execute(tags)
    ]
    for row in rows:
        row["days"] = request.form.get(str(row["name"]), row["days"])
    return rows


def _rules(problems: dict[str, str]) -> Rules:
    """Return what was typed. Raises Invalid, with a sentence for each wrong control in `problems`."""
    stages: dict[str, int] = {}
    tags: dict[int, int] = {}
    for name, text in request.form.items():
        kind, _dash, which = name.partition("-")
        days = _days(name, text.strip(), problems) if kind in {"stage", "tag"} and which else None
        if days is not None and kind == "stage":
            stages[which] = days
        elif days is not None and which.isdecimal() and len(which) < 10:
            tags[int(which)] = days
    tags |= _new_tag(problems)
    if problems:
        raise Invalid(problems)
    return Rules(stages=stages, tags=tags)


def _new_tag(problems: dict[str, str]) -> dict[int, int]:
    name = request.form.get("tag", "").strip()
    days = _days("days", request.form.get("days", "").strip(), problems)
    if not name and days is None:
        return {}
    found = ctx().session.execute(select(Tag.id).where(Tag.key == fold(name).strip()[:80])).scalar()
    if found is None:
        problems["tag"] = _("There is no tag “%(name)s”. Put it on a contact first.", name=name[:80])
    elif days is None and "days" not in problems:
        problems["days"] = _("How many days?")
    return {found: days} if found is not None and days is not None else {}


def _days(name: str, text: str, problems: dict[str, str]) -> int | None:
    try:
        return service.parse_days(ctx(), text)
    except ValueError as error:
        problems[name] = str(error)
        return None


def _tag_names(asked: Context) -> list[str]:
    return list(asked.session.execute(select(Tag.name).order_by(Tag.key).limit(TAGS)).scalars())
