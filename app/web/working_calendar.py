"""When work is done: the calendar of the company, of a team, and one's own."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.services import working_calendar as service
from app.services import working_calendar_editing
from app.services import working_calendar_text as text
from app.services.context import ctx
from app.services.working_calendar import COMPANY, TEAM, USER, Place
from app.services.working_calendar_hours import Hours
from app.web import dates
from app.web.forms import working_calendar as forms
from app.web.forms.base import page
from app.web.render import done
from app.web.routes import requires, signed_in

working_calendar = Blueprint("working_calendar", __name__)


@working_calendar.route("/admin/calendar", methods=["GET", "POST"])
@requires("admin.settings")
def company() -> Response:
    """Show and change when the company works."""
    return _page((COMPANY, 0), _("Working hours"))


@working_calendar.route("/admin/calendar/team/<int:team_id>", methods=["GET", "POST"])
@requires("admin.settings")
def team(team_id: int) -> Response:
    """Show and change when a team works."""
    working_calendar_editing.require(ctx(), (TEAM, team_id))
    name = dict(service.team_names(ctx()))[team_id]
    return _page((TEAM, team_id), _("Working hours of %(name)s", name=name))


@working_calendar.route("/account/calendar", methods=["GET", "POST"])
@signed_in
def own() -> Response:
    """Show and change when the principal works."""
    return _page((USER, ctx().user.id or 0), _("Your working hours"))


@working_calendar.post("/admin/calendar/days/<int:exception_id>/remove")
@requires("admin.settings")
def remove_of_company(exception_id: int) -> Response:
    """Let days of the company be ordinary again."""
    return _remove((COMPANY, 0), exception_id)


@working_calendar.post("/admin/calendar/team/<int:team_id>/days/<int:exception_id>/remove")
@requires("admin.settings")
def remove_of_team(team_id: int, exception_id: int) -> Response:
    """Let days of a team be ordinary again."""
    return _remove((TEAM, team_id), exception_id)


@working_calendar.post("/account/calendar/days/<int:exception_id>/remove")
@signed_in
def remove_own(exception_id: int) -> Response:
    """Let days of one's own be ordinary again."""
    return _remove((USER, ctx().user.id or 0), exception_id)


def _page(place: Place, heading: str) -> Response:
    """Show a level; the button says which of the two forms was sent."""
    adding = request.method == "POST" and request.form.get("form") == "days"
    week, days = _week(place, posted=not adding), _days(posted=adding)
    if request.method == "POST" and (saved := _saved(place, week, days, adding=adding)) is not None:
        return saved
    wrong = days if adding else week
    return page(
        "working_calendar/edit.html",
        heading,
        wrong,
        week=week,
        days=days,
        top=place[0] == COMPANY,
        back=_back(place),
        now=_in_force(place),
        teams=_teams() if place[0] == COMPANY else [],
        differing=_differing(place),
    )


def _week(place: Place, *, posted: bool) -> forms.Week:
    stored = service.level(ctx(), place)
    first = _hours(place).week
    shown = stored.week or first
    values: dict[str, Any] = {f"day_{n}": text.write(periods) for n, periods in enumerate(shown)}
    values |= {"own": bool(stored.week), "country": stored.country, "region": stored.region}
    data = _without_form() if posted and request.method == "POST" else None
    form = forms.Week(data, **values)
    above = "" if place[0] == COMPANY else _("Like the team") if place[0] == USER else _("Like the company")
    if place[0] == USER:
        form.own.label.text = _("Hours of my own")
    form.offer(ctx().locale, first=above or _("No holidays"))
    return form


def _days(*, posted: bool) -> forms.Days:
    return forms.Days(_without_form() if posted else None)


def _without_form() -> Any:
    found = request.form.copy()
    found.pop("form", None)
    return found


def _saved(place: Place, week: forms.Week, days: forms.Days, *, adding: bool) -> Response | None:
    form: forms.Week | forms.Days = days if adding else week
    if not form.validate():
        return None
    try:
        if adding:
            first = days.first_on.data
            last = days.last_on.data or first
            working_calendar_editing.add_exception(
                ctx(), place, first, last, days.hours.periods, days.label.data or ""
            )
        else:
            working_calendar_editing.save(ctx(), place, week.level(always=place[0] == COMPANY))
    except Invalid as error:
        form.explain(error)
        return None
    return done(_url(place), toast=_("Saved"))


def _remove(place: Place, exception_id: int) -> Response:
    working_calendar_editing.remove_exception(ctx(), place, exception_id)
    return done(_url(place), toast=_("Removed"))


def _url(place: Place) -> str:
    if place[0] == COMPANY:
        return url_for("working_calendar.company")
    return (
        url_for("working_calendar.team", team_id=place[1])
        if place[0] == TEAM
        else url_for("working_calendar.own")
    )


def _back(place: Place) -> tuple[str, str]:
    if place[0] == COMPANY:
        return _("Settings"), url_for("admin.index")
    if place[0] == TEAM:
        return _("Working hours"), url_for("working_calendar.company")
    return _("Your account"), url_for("account.profile")


def _hours(place: Place) -> Hours:
    asked = ctx()
    if place[0] == COMPANY:
        return service.company(asked)
    return service.of_team(asked, place[1]) if place[0] == TEAM else service.of_user(asked, place[1])


def _in_force(place: Place) -> str:
    """Return in a sentence what holds now: whether it is open, and when that changes."""
    hours, now = _hours(place), ctx().now
    try:
        if hours.is_open(now):
            return _("Open now.")
        return _("Closed now. Open again: %(when)s.", when=dates.moment(hours.next_open(now)))
    except LookupError as error:
        return str(error)


def _teams() -> list[dict[str, str]]:
    return [
        {"name": name, "url": url_for("working_calendar.team", team_id=team_id)}
        for team_id, name in service.team_names(ctx())
    ]


def _differing(place: Place) -> list[dict[str, Any]]:
    asked = ctx()
    endpoint = {COMPANY: "remove_of_company", TEAM: "remove_of_team", USER: "remove_own"}[place[0]]
    values = {"team_id": place[1]} if place[0] == TEAM else {}
    found = []
    for row in service.exceptions(asked, place, since=asked.now.astimezone(asked.zone).date()):
        periods = text.revived(row.periods)
        span = dates.day(row.first_on) + (
            "" if row.first_on == row.last_on else f" – {dates.day(row.last_on)}"
        )
        found.append(
            {
                "days": span,
                "hours": text.write(periods[0]) if periods else _("Closed"),
                "label": row.label,
                "remove": url_for(f"working_calendar.{endpoint}", exception_id=row.id, **cast(Any, values)),
            }
        )
    return found
