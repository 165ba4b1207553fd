"""The pages of one territory: what it is, changing it after a look at what moves, and importing drawn areas."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from wtforms import BooleanField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.sdk import Context, Invalid, Refuse, _, _l, _n
from app.sdk.models import Contact, Team
from app.sdk.services import people, records
from app.sdk.web import Form, Response, ctx, done, number, record_page, render, requires

from .. import drawing, entities, geometry, outlines, previewing
from ..entities import TERRITORY
from ..matching import every
from ..models import Place, Territory
from .blueprint import pages

DAY = Regexp(r"^\d{4}-\d{2}-\d{2}$", message=_l("Write a day like 2026-11-30."))
NAMES = (
    "name",
    "priority",
    "borders",
    "shape",
    "condition",
    "valid_from",
    "valid_until",
    "marks",
    "follows",
    "note",
)
ASIDE = (
    "parent_id",
    "owner_id",
    "team_id",
    "priority",
    "valid_from",
    "valid_until",
    "condition",
    "follows",
    "marks",
)
CAP = 10_000


class TerritoryForm(Form):
    """What a territory is."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=200)])
    parent_id = SelectField(_l("Part of"), coerce=int, default=0)
    owner_id = SelectField(_l("Whose it is"), coerce=int, default=0)
    team_id = SelectField(_l("Team"), coerce=int, default=0)
    borders = TextAreaField(
        _l("Borders"),
        [Length(max=50_000)],
        description=_l(
            "A line each: country DE, AT · region US-CA · postal DE 80000-86999 · within 25 km of Berlin"
        ),
        render_kw={"rows": 5, "spellcheck": "false"},
    )
    shape = TextAreaField(
        _l("Drawn area"),
        [Length(max=2_000_000)],
        description=_l("GeoJSON with polygons. With a script it can be drawn on the map."),
        render_kw={"rows": 3, "spellcheck": "false"},
    )
    condition = StringField(
        _l("Condition"),
        [Length(max=1000)],
        description=_l("Which records besides, in the language of filters: stage = customer"),
    )
    priority = IntegerField(
        _l("Priority"),
        [Optional(), NumberRange(min=-1000, max=1000)],
        default=0,
        description=_l("Where territories overlap, the greater number has the record."),
    )
    valid_from = StringField(_l("From"), [Optional(), DAY], render_kw={"type": "date"})
    valid_until = StringField(_l("Until"), [Optional(), DAY], render_kw={"type": "date"})
    follows = BooleanField(_l("Records go to its owner"))
    marks = BooleanField(_l("Only marks a place to filter by"))
    note = TextAreaField(_l("Note"), [Length(max=20_000)], render_kw={"rows": 2})
    do = StringField(_l("Button"), default="look")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked, nobody = ctx(), [(0, "–")]
        self.parent_id.choices = nobody + [(one.id, one.name) for one in every(asked) if not one.marks]
        self.owner_id.choices = nobody + people.colleagues(asked)
        teams = select(Team.id, Team.name).order_by(Team.name, Team.id).limit(1000)
        self.team_id.choices = nobody + [(row[0], row[1]) for row in asked.session.execute(teams)]
        if not asked.may(f"{TERRITORY}.assign"):
            del self.owner_id, self.team_id


class AreasForm(Form):
    """A file with drawn areas."""

    file = FileField(_l("File"), description=_l("GeoJSON or TopoJSON. Each area in it becomes a territory."))
    parent_id = SelectField(_l("Part of"), coerce=int, default=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parent_id.choices = [(0, "–")] + [(one.id, one.name) for one in every(ctx()) if not one.marks]


@pages.get("/territory/<int:record_id>")
@requires(f"{TERRITORY}.view")
def show(record_id: int) -> Response:
    """Show a territory: where it is, what is in it, and what is below it."""
    asked = ctx()
    found: Territory = records.get(asked, TERRITORY, record_id)
    shape = outlines.of(found)
    frame = drawing.Frame.of(geometry.box_of(shape) if shape else drawing.WORLD, 640, 360)
    below = [one for one in every(asked) if one.parent_id == found.id]
    test = f"territories.areas = {found.id}" if found.marks else f"territories.territory = {found.id}"
    return record_page(
        "territories/show.html",
        TERRITORY,
        found,
        aside=ASIDE,
        territory=found,
        path=previewing.path(asked, found),
        parts=below,
        frame=frame,
        land=drawing.land(frame),
        drawn=frame.path(shape),
        contacts=_in_it(asked, found),
        contacts_url=url_for("lists.index", entity="contact", where=test),
        companies_url=url_for("lists.index", entity="company", where=test),
        may_edit=asked.may(f"{TERRITORY}.edit"),
    )


def _in_it(asked: Context, found: Territory) -> str:
    """Return how many contacts a territory has, in words; many are not counted to the end."""
    some = (
        select(Contact.id)
        .join(Place, Place.contact_id == Contact.id)
        .where(Place.territory_id == found.id)
        .limit(CAP + 1)
    )
    count = asked.session.execute(select(func.count()).select_from(some.subquery())).scalar() or 0
    if count > CAP:
        return _("More than %(count)s contacts", count=number(CAP))
    return _n("%(num)s contact", "%(num)s contacts", count)


@pages.route("/territory/new", methods=["GET", "POST"])
@requires(f"{TERRITORY}.create")
def new() -> Response:
    """Make a territory, after a look at which records it would have."""
    given = {name: request.args[name] for name in ("name", "borders") if name in request.args}
    return _edit(None, {**given, "marks": request.args.get("marks") == "1"})


@pages.route("/territory/<int:record_id>/edit", methods=["GET", "POST"])
@requires(f"{TERRITORY}.edit")
def edit(record_id: int) -> Response:
    """Change a territory, after a look at which records move."""
    found: Territory = records.get(ctx(), TERRITORY, record_id, "edit")
    stored = {name: getattr(found, name) for name in NAMES}
    return _edit(
        found, {**stored, **{n: getattr(found, n) or 0 for n in ("parent_id", "owner_id", "team_id")}}
    )


def _edit(found: Territory | None, given: dict[str, Any]) -> Response:
    asked = ctx()
    form: Any = TerritoryForm.of(**given)
    preview = None
    if form.accepted():
        values = _values(form)
        try:
            draft = _draft(asked, found, values)
            if form.do.data != "save":
                preview = previewing.of(asked, draft)
            else:
                number_ = found.id if found else 0
                made = (
                    records.update(asked, TERRITORY, number_, values)
                    if found
                    else records.create(asked, TERRITORY, values)
                )
                return done(
                    url_for(".show", record_id=made.id),
                    toast=_("Territory saved; records follow in a moment"),
                )
        except Invalid as error:
            form.explain(error)
        except Refuse as error:
            form.explain(Invalid({"marks": error.reason}))
    shape = outlines.of(Territory(borders=form.borders.data or "", shape=form.shape.data or ""))
    frame = drawing.Frame.of(geometry.box_of(shape) if shape else drawing.EUROPE, 640, 360)
    return render(
        "territories/edit.html",
        status=422 if form.wrong else 200,
        title=found.name if found else _("New territory"),
        form=form,
        territory=found,
        preview=preview,
        frame=frame,
        land=drawing.land(frame),
        drawn=frame.path(shape),
    )


def _values(form: Any) -> dict[str, Any]:
    values = {name: getattr(form, name).data for name in NAMES}
    values = {name: "" if value is None else value for name, value in values.items()}
    values["priority"] = int(values["priority"] or 0)
    chosen = [name for name in ("parent_id", "owner_id", "team_id") if name in form]
    return values | {name: getattr(form, name).data or None for name in chosen}


def _draft(asked: Context, found: Territory | None, values: dict[str, Any]) -> Territory:
    """Return a territory as it would be, stored nowhere. Raises Invalid."""
    kept = {n: getattr(found, n) for n in ("owner_id", "team_id") if found and n not in values}
    draft = Territory(**kept, **values)
    draft.id = found.id if found else 0
    entities.derive(asked, draft)
    return draft


@pages.route("/territory/import", methods=["GET", "POST"])
@requires(f"{TERRITORY}.import")
def import_areas() -> Response:
    """Make a territory of each area of a GeoJSON or TopoJSON file."""
    asked = ctx()
    form: Any = AreasForm.of()
    if form.accepted():
        try:
            made = _imported(asked, form)
            url = url_for("lists.index", entity=TERRITORY)
            return done(url, toast=_n("%(num)s territory imported", "%(num)s territories imported", made))
        except Invalid as error:
            form.explain(error)
    return render(
        "territories/import.html", status=422 if form.wrong else 200, title=_("Import areas"), form=form
    )


def _imported(asked: Context, form: Any) -> int:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid({"file": _("Choose a file.")})
    try:
        found = geometry.features(sent.read(40_000_001).decode("utf-8-sig", "replace"))
    except geometry.Misdrawn as error:
        raise Invalid({"file": str(error)}) from error
    if not found:
        raise Invalid({"file": _("There is no polygon in it. Territories are polygons or several of them.")})
    rows = [
        {
            "name": name,
            "shape": geometry.written(shape),
            "parent_id": form.parent_id.data or None,
            "owner_id": None,
        }
        for name, shape in found[:5000]
    ]
    with asked.unit():
        for start in range(0, len(rows), 200):
            records.create_many(asked, TERRITORY, rows[start : start + 200])
    return len(rows)
