"""Where one record is: why it is in its territory, and putting it on the map by hand."""

from __future__ import annotations

from typing import Any

from flask import url_for
from wtforms import StringField
from wtforms.validators import Length

from app.sdk import Context, Invalid, NotVisible, _, _l
from app.sdk.services import people, records
from app.sdk.web import Form, Response, ctx, done, render, requires

from .. import drawing, explaining, gazetteer, history, placing
from ..gazetteer import Found
from ..models import Place
from ..permissions import PIN
from .blueprint import pages


class PinForm(Form):
    """Where a record is."""

    do = StringField(_l("Button"), default="pin")
    place = StringField(
        _l("Place"),
        [Length(max=200)],
        description=_l("A town, a postal code, or latitude and longitude like 48.137, 11.575."),
    )


def record_named(asked: Context, entity: str, record_id: int, verb: str = "view") -> str:
    """Return what a contact or company is called. Raises NotVisible."""
    if entity not in placing.WHOSE:
        raise NotVisible(_("There is no such record."))
    records.get(asked, entity, record_id, verb)
    return people.names(asked, {(entity, record_id)})[entity, record_id].name


def page_of(entity: str, record_id: int) -> str:
    """Return the address of the page of a contact or company."""
    return url_for({"contact": "contacts.show", "company": "companies.show"}[entity], record_id=record_id)


@pages.get("/why/<entity>/<int:record_id>")
@requires("territories.territory.view")
def why(entity: str, record_id: int) -> Response:
    """Show why a record is in its territory, which others would hold it, and where it was before."""
    asked = ctx()
    name = record_named(asked, entity, record_id)
    place = placing.of(asked, entity, [record_id]).get(record_id)
    return render(
        "territories/why.html",
        title=_("Territory of %(name)s", name=name),
        name=name,
        back=page_of(entity, record_id),
        place=place,
        exact=place_words(place),
        reasons=explaining.explain(asked, entity, record_id),
        former=history.of(asked, place),
        pin=url_for(".pin", entity=entity, record_id=record_id) if asked.may(PIN) else "",
    )


@pages.route("/pin/<entity>/<int:record_id>", methods=["GET", "POST"])
@requires(PIN)
def pin(entity: str, record_id: int) -> Response:
    """Put a record on the map by hand, or leave it to its address again."""
    asked = ctx()
    name = record_named(asked, entity, record_id, "edit")
    place = placing.of(asked, entity, [record_id]).get(record_id)
    form: Any = PinForm.of()
    if form.accepted():
        try:
            at = None if form.do.data == "again" else _typed(form.place.data)
            placing.pin(asked, entity, record_id, (at.latitude, at.longitude) if at else None)
            return done(page_of(entity, record_id), toast=_("Its place is settled"))
        except Invalid as error:
            form.explain(error)
    frame = _frame(place)
    return render(
        "territories/pin.html",
        status=422 if form.wrong else 200,
        title=_("Where is %(name)s?", name=name),
        name=name,
        back=page_of(entity, record_id),
        form=form,
        place=place,
        exact=place_words(place),
        frame=frame,
        land=drawing.land(frame),
        dot=_dot(frame, place),
    )


def _dot(frame: drawing.Frame, place: Place | None) -> tuple[float, float] | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return frame.point(place.latitude, place.longitude)


def _frame(place: Place | None) -> drawing.Frame:
    if place is None or place.latitude is None or place.longitude is None:
        return drawing.Frame.of(drawing.WORLD, 640, 360)
    at = place.latitude, place.longitude
    return drawing.Frame.of((at[1] - 6, at[0] - 3, at[1] + 6, at[0] + 3), 640, 360)


def _typed(text: str | None) -> Found:
    found = gazetteer.place(text or "")
    if found is None:
        raise Invalid({"place": _("This place is not known. Write a town, a postal code, or two numbers.")})
    return found


def place_words(place: Place | None) -> str:
    """Return how well a place is known, in words."""
    if place is None:
        return _("Not looked up yet")
    if place.state == "pinned":
        return _("Put on the map by hand")
    if place.state == "lost":
        return _("No address") if not place.seen else _("The address was not found")
    words = {
        "street": _("To the street"),
        "point": _("To the point"),
        "postal_code": _("To the postal code"),
        "city": _("To the city"),
        "region": _("To the region"),
        "country": _("To the country"),
    }
    about = _("about %(km)s km", km=max(1, round(place.metres / 1000))) if place.metres >= 1000 else ""
    found = words.get(place.exact, _("To the address"))
    return f"{found}, {about}" if about else found
