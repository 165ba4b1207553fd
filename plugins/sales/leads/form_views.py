"""The pages on which forms for strangers are made, and where their address and their HTML for other sites are found."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, url_for
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.sdk import Context, Invalid, _, _l
from app.sdk.services import records, unit
from app.sdk.web import Form, ctx, done, record_page, render, requires

from . import form_fields
from .choices import FORM
from .models import LeadForm

pages = Blueprint("sales_lead_forms", __name__)

SITES = 20


class FormForm(Form):
    """What a form for strangers looks like."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the form a name.")), Length(max=200)])
    title = StringField(_l("Headline"), [Length(max=200)])
    intro = TextAreaField(_l("Introduction"), [Length(max=2000)], render_kw={"rows": 2})
    fields_ = SelectMultipleField(_l("Fields"), name="fields")
    needed = SelectMultipleField(_l("Must be filled in"))
    questions = TextAreaField(
        _l("Questions of your own"),
        [Length(max=3000)],
        description=_l("One in each line; a * at its end makes it one that must be answered."),
        render_kw={"rows": 3},
    )
    thanks = TextAreaField(_l("Thanks"), [Length(max=2000)], render_kw={"rows": 2})
    consent_text = TextAreaField(
        _l("Consent"),
        [Length(max=2000)],
        description=_l(
            "The sentence beside the box to tick. It is kept with the lead, word by word. Empty: no box."
        ),
        render_kw={"rows": 2},
    )
    consent_needed = BooleanField(_l("The box must be ticked"))
    channel = StringField(_l("Lead source"), [Length(max=80)])
    campaign = StringField(_l("Campaign"), [Length(max=200)])
    origins = TextAreaField(
        _l("Sites that may show it"),
        [Length(max=2000)],
        description=_l(
            "One in each line, like https://www.example.org. Without one it is on its own page only."
        ),
        render_kw={"rows": 2},
    )
    proof = BooleanField(
        _l("Let the browser work for a moment before it sends"),
        description=_l("Against spam. What comes without is kept until somebody has looked at it."),
    )
    active = BooleanField(_l("Takes submissions"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(c.value, c.label) for c in form_fields.OFFERED]
        self.fields_.choices = self.needed.choices = offered


TEXTS = ("name", "title", "intro", "thanks", "consent_text", "channel", "campaign")
FLAGS = ("consent_needed", "proof", "active")


@pages.get("/lead-forms/<int:record_id>")
@requires(f"{FORM}.view")
def show(record_id: int) -> Response:
    """Show a form: its address, its HTML for other sites, and what came by it."""
    asked = ctx()
    found: LeadForm = records.get(asked, FORM, record_id)
    address = url_for("sales_public_forms.show", token=found.token, _external=True)
    return record_page(
        "sales/leads/form_show.html",
        FORM,
        found,
        aside=("channel", "campaign", "active", "owner_id", "team_id", "consent_text", "thanks"),
        form=found,
        address=address,
        frame=render_template(
            "sales/leads/embed_frame.html", address=address, title=found.title or found.name
        ),
        html=render_template(
            "sales/leads/embed_form.html",
            form=found,
            action=url_for("sales_public_forms.send", token=found.token, _external=True),
        ).strip(),
        may_edit=asked.may(f"{FORM}.edit"),
    )


@pages.route("/lead-forms/new", methods=["GET", "POST"])
@requires(f"{FORM}.create")
def new() -> Response:
    """Make a form."""
    return _edit(None)


@pages.route("/lead-forms/<int:record_id>/edit", methods=["GET", "POST"])
@requires(f"{FORM}.edit")
def edit(record_id: int) -> Response:
    """Change a form."""
    return _edit(records.get(ctx(), FORM, record_id, "edit"))


def _edit(found: Any) -> Response:
    asked = ctx()
    form: Any = FormForm.of(
        **(_stored(found) if found else {"fields_": form_fields.USUAL, "needed": form_fields.USUALLY_NEEDED})
    )
    if form.accepted():
        try:
            made = save(asked, found, form)
            return done(url_for("sales_lead_forms.show", record_id=made), toast=_("Form saved"))
        except Invalid as error:
            form.explain(error)
    return render(
        "sales/leads/form_edit.html",
        status=422 if form.wrong else 200,
        title=found.name if found else _("New form"),
        form=form,
        found=found,
        offered=[(c.value, c.label) for c in form_fields.OFFERED],
    )


def _stored(found: LeadForm) -> dict[str, Any]:
    own = [f for f in found.fields if f["name"].startswith("q") and f["name"][1:].isdecimal()]
    return {
        **{n: getattr(found, n) for n in (*TEXTS, *FLAGS)},
        "fields_": [f["name"] for f in found.fields if f not in own],
        "needed": [f["name"] for f in found.fields if f["needed"]],
        "questions": "\n".join(f["label"] + (" *" if f["needed"] else "") for f in own),
        "origins": "\n".join(found.origins),
    }


@unit
def save(asked: Context, found: Any, form: Any) -> int:
    """Store what the form describes and return the id. Raises Invalid with a sentence per field."""
    fields = form_fields.described(form.fields_.data, form.needed.data, form.questions.data or "")
    origins = sites(form.origins.data or "")
    values = {n: form[n].data or "" for n in TEXTS} | {"active": form.active.data}
    if found is None:
        found = records.create(asked, FORM, values)
    else:
        records.update(asked, FORM, found.id, values)
    found.fields, found.origins = fields, origins
    found.consent_needed, found.proof = form.consent_needed.data, form.proof.data
    return int(found.id)


def sites(text: str) -> list[str]:
    """Return origins from lines. Raises Invalid for one that is none, or too many."""
    found = [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]
    for origin in found:
        parts = urlsplit(origin)
        if (
            parts.scheme != "https"
            or not parts.hostname
            or origin != f"https://{parts.netloc}"
            or ";" in origin
        ):
            raise Invalid({"origins": _("“%(text)s” is no site like https://www.example.org.", text=origin)})
    if len(found) > SITES:
        raise Invalid({"origins": _("Name at most %(most)s sites.", most=SITES)})
    return list(dict.fromkeys(found))
