"""A person's page, and writing a new person down."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Show
from app.kernel.errors import Invalid, NotVisible
from app.models import Contact
from app.services import contacts as service
from app.services import duplicates, fields, nonces, photos, records
from app.services.context import ctx
from app.web import actions, cells, htmx, panels, record_page, shown, tasks, timeline
from app.web.composer import composer
from app.web.forms import contact as forms
from app.web.forms.record import grouped
from app.web.merged import leads_on
from app.web.record_page import Loaded
from app.web.render import done, fragment, render
from app.web.routes import requires
from app.web.security.redirects import local_path

contacts = Blueprint("contacts", __name__)

ELSEWHERE = ("company", "title")
"""Fields that repeat what another one shows."""

ASIDE = (
    "phones",
    "emails",
    "affiliations",
    "addresses",
    "links",
    "lifecycle_stage",
    "tags",
    "do_not_contact",
    "birthday",
    "anniversary",
    "dates",
    "keep_in_touch_days",
    "keep_in_touch_on",
    "languages",
    "time_zone",
    "owner_id",
    "team_id",
    "note",
)
ALWAYS = ("phones", "emails", "tags", "owner_id")
"""Rows of the aside that are shown empty too, so that they can be filled in."""


@contacts.get("/contacts/<int:record_id>")
@requires("contact.view")
@leads_on("contact")
def show(record_id: int) -> Response:
    """Show a person with the timeline."""
    asked = ctx()
    contact = records.get(asked, "contact", record_id)
    if htmx.partial() and request.args.get("part") == "head":
        return fragment(
            "contacts/_head.html",
            on_tab=request.args.get("tab", ""),
            **page_of(asked, contact, skip=("relations",)),
        )
    values = page_of(asked, contact, skip=("relations",))
    aside = record_page.props(asked, values["of"], (*ASIDE, *_of_plugins(values["of"])), always=ALWAYS)
    log = composer(contact) if asked.may("interaction.create") else {"composer": None}
    return render(
        "contacts/show.html",
        on_tab="timeline",
        aside=aside,
        side=panels.in_slot("contact.side", contact),
        main=panels.in_slot("contact.main", contact),
        **values,
        **log,
        **timeline.for_record("contact", contact),
    )


@contacts.get("/contacts/<int:record_id>/details")
@requires("contact.view")
def details(record_id: int) -> Response:
    """Show everything that is known of a person, each value with its pencil."""
    asked = ctx()
    contact = records.get(asked, "contact", record_id)
    values = page_of(asked, contact)
    of: Loaded = values["of"]
    return render(
        "contacts/details.html",
        on_tab="details",
        groups=[
            (title, _rows(asked, of, names))
            for title, names in grouped(asked, "contact", of.fields, forms.groups)
        ],
        facts=_facts(of),
        further=forms.further(contact.extra),
        **values,
    )


@contacts.get("/contacts/<int:record_id>/reach/<channel>")
@requires("contact.view")
def reach(record_id: int, channel: str) -> Response:
    """Say that somebody asked not to be reached this way, and ask whether to do it anyway."""
    asked = ctx()
    contact = records.get(asked, "contact", record_id)
    of = record_page.load(asked, "contact", contact, skip=ELSEWHERE)
    flag = next((f for f in of.values.get("do_not_contact") or () if f["channel"] == channel), None)
    quick = record_page.quick(asked, "contact", of)
    way = quick.get(channel)
    if flag is None or way is None:
        raise NotVisible(_("There is no such page."))
    others = [e for e in quick["more"] if e["flagged"]]
    return render(
        "contacts/reach.html",
        title=_("Do not contact"),
        contact=contact,
        channel=channel,
        flag=flag,
        way=way,
        others=others,
    )


@contacts.route("/contacts/new", methods=["GET", "POST"])
@requires("contact.create")
def new() -> Response:
    """Write somebody down: one line first, all fields below it."""
    asked = ctx()
    typed = forms.NewContact(asked, request.form if request.method == "POST" else None)
    if request.method == "GET":
        typed.line = request.args.get("line", "")[: forms.LONGEST]
        return _new(asked, typed)
    pressed = typed.form.press(request.form.get("do", ""))
    if pressed is not None:
        typed.more = True
        return _new(asked, typed, control=pressed)
    valid = typed.validate()
    if request.form.get("do") == "preview":
        typed.form.forgive()
        return _new(asked, typed)
    found = [m for m in _matches(asked, typed) if m.sure and str(m.id) not in typed.seen] if valid else []
    if not valid:
        typed.form.foresee(lambda: service.create(asked, typed.values))
    if not valid or found:
        return _new(asked, typed, status=422)
    return _save(asked, typed)


@contacts.get("/contacts/new/preview")
@requires("contact.create")
def preview() -> Response:
    """Answer what was understood so far, with likely duplicates, while somebody types."""
    asked = ctx()
    typed = forms.NewContact(asked, request.args)
    typed.validate()
    return _new(asked, typed, part="contacts/_understood.html")


def page_of(asked: Context, contact: Contact, *, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what every page of a person needs: loaded values (without those to skip), header, tabs, menu."""
    of = record_page.load(asked, "contact", contact, skip=(*ELSEWHERE, *skip))
    places = of.values.get("affiliations") or []
    place = next((p for p in places if not p["ended_on"]), None)
    photo = photos.uids(asked, [contact.photo_id]).get(contact.photo_id or 0)
    initials, hue = cells.face(
        "contact", contact.id, contact.given_name, contact.family_name, contact.formatted_name
    )
    return {
        "title": contact.formatted_name or _("No name"),
        "contact": contact,
        "of": of,
        "place": place,
        "face": {
            "initials": initials,
            "hue": hue,
            "photo": url_for("files.show", uid=photo, small=1) if photo else None,
        },
        "quick": record_page.quick(asked, "contact", of),
        "tabs": _tabs(contact),
        "actions": actions.offered("contact", contact),
        "links": record_page.links(asked, "contact", contact),
        "header": panels.in_slot("contact.header", contact),
        "nudge": tasks.nudge("contact", contact),
    }


def _tabs(contact: Contact) -> list[dict[str, Any]]:
    here = request.endpoint
    own: list[dict[str, Any]] = [
        {"label": _("Timeline"), "url": url_for("contacts.show", record_id=contact.id), "n": None},
        {"label": _("Details"), "url": url_for("contacts.details", record_id=contact.id), "n": None},
    ]
    for tab, endpoint in zip(own, ("contacts.show", "contacts.details"), strict=True):
        tab["on"] = here == endpoint
    return [*own, *panels.tabs("contact", contact)]


def _of_plugins(of: Loaded) -> list[str]:
    return [f.key for f in of.fields if fields.is_added(f)]


def _rows(asked: Context, of: Loaded, names: Any) -> list[record_page.Prop]:
    return [record_page.prop(asked, of, f) for n in names if (f := of.field(n)) is not None]


def _facts(of: Loaded) -> list[tuple[str, Any]]:
    """Return the instants that nobody edits."""
    told = ("created_at", "updated_at", "last_interaction_at")
    return [
        (str(f.label), of.values.get(f.key)) for f in of.fields if f.key in told and Show.DETAIL in f.show
    ]


def _matches(asked: Context, typed: forms.NewContact) -> list[duplicates.Match]:
    return duplicates.of_contact(asked, duplicates.wanted_of(typed.values))


def _new(
    asked: Context, typed: forms.NewContact, *, part: str = "", status: int = 200, control: Any = None
) -> Response:
    action = url_for("contacts.new")
    if control is not None and htmx.partial():
        grown = request.form.get("do", "").endswith("+")
        return fragment("contacts/_control.html", control=control, action=action, grown=grown)
    values: dict[str, Any] = {
        "typed": typed,
        "matches": _matches(asked, typed) if typed.values else [],
        "understood": understood(asked, typed),
    }
    if part:
        return fragment(part, **values)
    title = _("New contact") if status == 200 else _("Error: New contact")
    nonce = request.form.get("nonce") or nonces.fresh()
    return render(
        "contacts/new.html",
        status=status,
        title=title,
        form=typed.form,
        action=action,
        nonce=nonce,
        **values,
    )


def understood(asked: Context, typed: forms.NewContact) -> list[record_page.Prop]:
    """Return what will be saved, as rows of properties."""
    rows = []
    for one in asked.schema.fields("contact"):
        value = typed.values.get(one.key) if typed.said(one.key) else None
        if one.key == "affiliations" and value:
            value = [forms.with_known_company(asked, p) for p in value]
        if bits := shown.bits(asked, one, value, typed.names):
            rows.append(record_page.Prop(name=one.key, label=str(one.label), bits=bits))
    return rows


def _save(asked: Context, typed: forms.NewContact) -> Response:
    try:
        record_id, fresh = service.create(asked, typed.values, nonce=request.form.get("nonce", ""))
    except Invalid as error:
        typed.form.blame(error.problems)
        typed.more = True
        return _new(asked, typed, status=422)
    toast = _("Contact saved") if fresh else _("This contact was saved already")
    if request.form.get("do") == "again":
        return done(url_for("contacts.new"), toast=toast)
    return done(
        local_path(request.form.get("next")) or url_for("contacts.show", record_id=record_id), toast=toast
    )
