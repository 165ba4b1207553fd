"""A calendar to subscribe to (RFC 5545): the absences that its owner sees, at an address that only the owner knows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from flask import Response, request, url_for
from sqlalchemy import delete, select

from app.sdk import Context, NotVisible, _
from app.sdk.services import acting, as_house, for_user, people
from app.sdk.web import ctx, done, public, render, requires

from ..people.choices import EMPLOYEE
from . import balance
from .blueprint import pages
from .choices import ABSENCE, APPROVED
from .models import Absence, Feed

BEHIND, MOST = 90, 1000


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@pages.route("/calendar", methods=["GET", "POST"])
@requires(f"{ABSENCE}.view")
def calendar() -> Response:
    """Make an address for calendar programs, or end it. It is shown once."""
    asked = ctx()
    if request.method == "POST":
        token = secrets.token_urlsafe(32) if request.form.get("do") != "end" else ""
        with asked.unit():
            asked.session.execute(delete(Feed).where(Feed.user_id == asked.user.id))
            if token and asked.user.id is not None:
                asked.session.add(Feed(user_id=asked.user.id, digest=_digest(token), made_at=asked.now))
        if not token:
            return done(url_for("hr_leave.calendar"), toast=_("The address is ended"))
        address = url_for("hr_leave.feed", token=token, _external=True)
        return render("hr/leave/calendar.html", title=_("In your calendar"), address=address, known=True)
    known = asked.session.execute(select(Feed.id).where(Feed.user_id == asked.user.id)).first() is not None
    return render("hr/leave/calendar.html", title=_("In your calendar"), address="", known=known)


@pages.get("/feed/<token>.ics")
@public("A calendar program has no login; the address holds a secret of 256 bits.")
def feed(token: str) -> Response:
    """Return the absences that the owner of an address sees."""
    with as_house("a calendar program asks for absences") as house:
        query = select(Feed.user_id).where(Feed.digest == _digest(token))
        user_id = house.session.execute(query).scalar()
    try:
        reader = for_user(user_id or 0, source="web")
    except LookupError:
        raise NotVisible(_("There is no such calendar.")) from None
    with acting(reader):
        body = "\r\n".join(_folded(line) for line in _lines(reader)) + "\r\n"
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _lines(reader: Context) -> Iterable[str]:
    since = (reader.now - timedelta(days=BEHIND)).date().isoformat()
    query = select(Absence).where(Absence.status == APPROVED, Absence.last_on >= since)
    rows = reader.session.execute(query.order_by(Absence.first_on, Absence.id).limit(MOST)).scalars().all()
    names = people.names(reader, {(EMPLOYEE, a.employee_id) for a in rows if a.employee_id})
    kinds = {kind.id: kind.name for kind in balance.types(reader)}
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kith//HR//EN", "CALSCALE:GREGORIAN")
    for a in rows:
        key = (EMPLOYEE, a.employee_id or 0)
        name = names[key].name if key in names else "–"
        kind = kinds.get(a.type_id or 0, _("Away"))
        after = date.fromisoformat(a.last_on) + timedelta(days=1)
        yield from (
            "BEGIN:VEVENT",
            f"UID:{a.uid}@kith",
            f"DTSTAMP:{a.updated_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{a.first_on.replace('-', '')}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}",
            f"SUMMARY:{_text(f'{name}: {kind}')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    yield "END:VCALENDAR"


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return " ".join(value.split())


def _folded(line: str) -> str:
    """Fold a line at 75 octets, between characters."""
    parts: list[bytes] = []
    part = b""
    for sign in line:
        encoded = sign.encode()
        if len(part) + len(encoded) > (75 if not parts else 74):
            parts.append(part)
            part = b""
        part += encoded
    return "\r\n ".join(p.decode() for p in [*parts, part])
