"""A company's page, its form, and writing a new one down."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Company
from app.services import companies as service
from app.services import duplicates, fields, layouts, nonces, photos, records
from app.services.context import ctx
from app.web import actions, cells, edit_page, htmx, panels, record_page, tasks, timeline
from app.web.composer import composer
from app.web.forms import company as forms
from app.web.forms import contact as contact_forms
from app.web.forms.record import RecordForm, grouped
from app.web.merged import leads_on
from app.web.render import done, fragment, render
from app.web.routes import requires
from app.web.security.redirects import local_path

companies = Blueprint("companies", __name__)

PLACE = edit_page.Place("company", "companies.show", "companies.edit")
ASIDE = (
    "phones",
    "emails",
    "addresses",
    "links",
    "domains",
    "industry",
    "kinds",
    "number_of_employees",
    "annual_revenue",
    "tags",
    "vat_id",
    "owner_id",
    "team_id",
    "description",
)
ALWAYS = ("phones", "emails", "tags", "owner_id")


@companies.get("/companies/<int:record_id>")
@requires("company.view")
@leads_on("company")
def show(record_id: int) -> Response:
    """Show a company with the timeline of all of its people."""
    asked = ctx()
    company = records.get(asked, "company", record_id)
    if htmx.partial() and request.args.get("part") == "head":
        return fragment("companies/_head.html", on_tab=request.args.get("tab", ""), **page_of(asked, company))
    values = page_of(asked, company)
    of = values["of"]
    names = (*ASIDE, *(f.key for f in of.fields if fields.is_added(f)))
    log = composer(company, entity="company") if asked.may("interaction.create") else {"composer": None}
    return render(
        "companies/show.html",
        on_tab="timeline",
        aside=record_page.props(asked, of, names, always=ALWAYS),
        side=panels.in_slot("company.side", company),
        main=panels.in_slot("company.main", company),
        **values,
        **log,
        **timeline.for_record("company", company),
    )


@companies.get("/companies/<int:record_id>/details")
@requires("company.view")
def details(record_id: int) -> Response:
    """Show everything that is known of a company, each value with its pencil."""
    asked = ctx()
    company = records.get(asked, "company", record_id)
    values = page_of(asked, company)
    of = values["of"]
    groups = [
        (title, [record_page.prop(asked, of, f) for n in names if (f := of.field(n)) is not None])
        for title, names in grouped(asked, "company", of.fields, forms.groups)
    ]
    further = contact_forms.further(company.extra)
    return render("companies/details.html", on_tab="details", groups=groups, further=further, **values)


@companies.route("/companies/<int:record_id>/edit", methods=["GET", "POST"])
@requires("company.edit")
def edit(record_id: int) -> Response:
    """Show all fields of a company, and save them."""
    asked = ctx()
    company = records.get(asked, "company", record_id, "edit")
    form = forms.whole(asked, company, request.form if request.method == "POST" else None)
    arranged = grouped(asked, "company", [c.field for c in form], forms.groups)
    groups = [(title, form.only(names)) for title, names in arranged]
    page = edit_page.Page(place=PLACE, record=company, form=form, name=company.name, groups=groups)
    return edit_page.answer(asked, page)


@companies.route("/companies/new", methods=["GET", "POST"])
@requires("company.create")
def new() -> Response:
    """Write a company down."""
    asked = ctx()
    stored = {"name": request.args.get("name", "")[:300]}
    form = forms.new(asked, request.form if request.method == "POST" else None, stored)
    if request.method == "GET":
        return _new(asked, form)
    pressed = form.press(request.form.get("do", ""))
    if pressed is not None:
        return _new(asked, form, control=pressed)
    if not form.validate():
        form.foresee(lambda: _made(asked, form))
        return _new(asked, form, status=422)
    seen = request.form.getlist("seen")
    if any(m.sure and str(m.id) not in seen for m in _matches(asked, form)):
        return _new(asked, form, status=422)
    return _save(asked, form)


@companies.get("/companies/new/preview")
@requires("company.create")
def preview() -> Response:
    """Answer likely duplicates while somebody types."""
    asked = ctx()
    form = forms.new(asked, request.args, {})
    form.validate()
    return fragment("companies/_matches.html", matches=_matches(asked, form))


@companies.get("/companies/suggest")
@requires("company.view")
def suggest() -> Response:
    """Answer companies whose name begins with what is typed, as options of a datalist."""
    asked = ctx()
    text = request.args.get(request.args.get("name", "parent_id"), "")
    found = [name for _id, name in service.starting(asked, text)]
    return fragment("contacts/_suggest.html", options=list(dict.fromkeys(found)))


def page_of(asked: Context, company: Company) -> dict[str, Any]:
    """Return what every page of a company needs: loaded values, header, tabs, menu."""
    of = record_page.load(asked, "company", company)
    photo = photos.uids(asked, [company.logo_id]).get(company.logo_id or 0)
    initials, hue = cells.face("company", company.id, "", "", company.name)
    kind = of.field("kinds")
    return {
        "title": company.name,
        "company": company,
        "of": of,
        "tags": record_page.prop(asked, of, kind).bits if kind is not None else [],
        "face": {
            "initials": initials,
            "hue": hue,
            "photo": url_for("files.show", uid=photo, small=1) if photo else None,
        },
        "quick": record_page.quick(asked, "company", of),
        "tabs": _tabs(company),
        "actions": actions.offered("company", company),
        "links": record_page.links(asked, "company", company),
        "header": panels.in_slot("company.header", company),
        "nudge": tasks.nudge("company", company),
    }


def _tabs(company: Company) -> list[dict[str, Any]]:
    own = [
        {
            "label": label,
            "url": url_for(endpoint, record_id=company.id),
            "n": None,
            "on": request.endpoint == endpoint,
        }
        for label, endpoint in ((_("Timeline"), "companies.show"), (_("Details"), "companies.details"))
    ]
    return [*own, *panels.tabs("company", company)]


def _matches(asked: Context, form: RecordForm) -> list[duplicates.Match]:
    return duplicates.of_company(asked, duplicates.wanted_of(form.values))


def _new(asked: Context, form: RecordForm, *, status: int = 200, control: Any = None) -> Response:
    action = url_for("companies.new")
    if control is not None and htmx.partial():
        grown = request.form.get("do", "").endswith("+")
        return fragment("contacts/_control.html", control=control, action=action, grown=grown)
    return render(
        "companies/new.html",
        status=status,
        title=_("New company") if status == 200 else _("Error: New company"),
        form=form,
        action=action,
        nonce=request.form.get("nonce") or nonces.fresh(),
        matches=_matches(asked, form) if form.values else [],
    )


def _made(asked: Context, form: RecordForm) -> Any:
    with asked.unit():
        made = records.create(asked, "company", service.settled(asked, form.filled()))
        layouts.judge(asked, "company", [made.id])
        return made


def _save(asked: Context, form: RecordForm) -> Response:
    nonce = request.form.get("nonce", "")
    try:
        record_id, fresh = nonces.once(asked, nonce, "company", lambda: _made(asked, form))
    except Invalid as error:
        form.blame(error.problems)
        return _new(asked, form, status=422)
    toast = _("Company saved") if fresh else _("This company was saved already")
    if request.form.get("do") == "again":
        return done(url_for("companies.new"), toast=toast)
    return done(
        local_path(request.form.get("next")) or url_for("companies.show", record_id=record_id), toast=toast
    )
