"""The page of private data: HR changes all of it, the person the own part; every look is in the audit log."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.sdk import _, _l
from app.sdk.web import Form, Response, ctx, day_text, done, render, requires

from . import private
from .blueprint import pages
from .choices import EMPLOYEE

OFF = {"autocomplete": "off"}


class PrivateForm(Form):
    """Private data of an employee."""

    birthday = DateField(_l("Birthday"), [Optional()])
    address = TextAreaField(_l("Home address"), [Length(max=500)], render_kw={"rows": 3, **OFF})
    private_email = StringField(_l("Private e-mail"), [Length(max=254)], render_kw=OFF)
    private_phone = StringField(_l("Private phone"), [Length(max=60)], render_kw=OFF)
    emergency_name = StringField(_l("Whom to call in an emergency"), [Length(max=200)], render_kw=OFF)
    emergency_phone = StringField(_l("Emergency phone"), [Length(max=60)], render_kw=OFF)
    bank = StringField(_l("Bank account (IBAN)"), [Length(max=60)], render_kw=OFF)
    tax_number = StringField(_l("Tax number"), [Length(max=60)], render_kw=OFF)
    social_security = StringField(_l("Social security number"), [Length(max=60)], render_kw=OFF)
    family = StringField(_l("Family (marital status, children)"), [Length(max=300)], render_kw=OFF)
    note = TextAreaField(_l("Note of HR"), [Length(max=4000)], render_kw={"rows": 3})


@pages.route("/people/<int:record_id>/private", methods=["GET", "POST"])
@requires(f"{EMPLOYEE}.view")
def private_data(record_id: int) -> Response:
    """Show and change private data."""
    asked = ctx()
    employee = private.employee(asked, record_id)
    found: dict[str, Any] = dict(private.read(asked, record_id))
    born = found.get("birthday") or ""
    form: Any = PrivateForm.of(**found | {"birthday": date.fromisoformat(born) if born else None})
    closed = [
        (form[n].label.text, found.get(n, "")) for n in private.NAMES if n not in private.writable(asked)
    ]
    for name in set(private.NAMES) - private.writable(asked):
        del form[name]
    if form.accepted():
        private.write(asked, record_id, {name: _text(value) for name, value in form.data.items()})
        return done(url_for("hr_people.show", record_id=record_id), toast=_("Private data saved"))
    return render(
        "hr/people/private.html",
        status=422 if form.wrong else 200,
        title=_("Private data"),
        form=form,
        employee=employee,
        closed=[(label, day_text(value) if value == born else value) for label, value in closed if value],
    )


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
