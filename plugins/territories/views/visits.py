"""Checking in on a visit: the browser says where, if it may, and the visit stands in the timeline."""

from __future__ import annotations

import secrets
from typing import Any

from flask import url_for
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.sdk import Invalid, _, _l
from app.sdk.web import Form, Response, ctx, done, render, requires

from .. import checking_in
from .blueprint import pages
from .places import page_of, record_named


class VisitForm(Form):
    """Where somebody is, and what was talked about."""

    latitude = StringField(_l("Latitude"), [Length(max=30)], render_kw={"inputmode": "decimal"})
    longitude = StringField(_l("Longitude"), [Length(max=30)], render_kw={"inputmode": "decimal"})
    note = TextAreaField(_l("Note"), [Length(max=20_000)], render_kw={"rows": 3})
    nonce = HiddenField(default="")


@pages.route("/visit/<entity>/<int:record_id>", methods=["GET", "POST"])
@requires("interaction.create")
def visit(entity: str, record_id: int) -> Response:
    """Log a visit now, with the place it is made from."""
    asked = ctx()
    name = record_named(asked, entity, record_id)
    form: Any = VisitForm.of(nonce=secrets.token_hex(12))
    if form.accepted():
        try:
            at = checking_in.point(form.latitude.data or "", form.longitude.data or "")
            nonce = f"visit-{(form.nonce.data or secrets.token_hex(12))[:40]}"
            checking_in.check_in(asked, entity, record_id, at, form.note.data or "", nonce)
            return done(page_of(entity, record_id), toast=_("Visit logged"))
        except Invalid as error:
            form.explain(error)
    return render(
        "territories/visit.html",
        status=422 if form.wrong else 200,
        title=_("Visit to %(name)s", name=name),
        name=name,
        form=form,
        back=page_of(entity, record_id),
        near=url_for(".near_me", of=f"{entity}:{record_id}"),
    )
