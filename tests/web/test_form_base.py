"""What a service says no to stands in the form: at its field, or above all of them."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms import StringField

from app.sdk import Invalid, Refuse
from app.sdk.services import fields
from app.sdk.web import Form, RecordForm
from app.testing.factories import Make


class Named(Form):
    """A form with one field."""

    name = StringField("Name")


@pytest.mark.parametrize(
    ("error", "at_field", "above"),
    [
        (Invalid({"name": "Too short.", "city": "Nowhere."}), ["Too short."], ["Nowhere."]),
        (Refuse("Not on Sundays."), [], ["Not on Sundays."]),
    ],
)
def test_a_no_stands_at_its_field_or_above(
    app: Flask, make: Make, error: Invalid | Refuse, at_field: list[str], above: list[str]
) -> None:
    ctx = make.ctx()
    with app.test_request_context():
        form = Named()
        form.explain(error)
        record = RecordForm(ctx, [f for f in fields.visible(ctx, "company") if f.key == "name"])
        record.blame(error.problems)

    assert (list(form["name"].errors), list(form.form_errors)) == (at_field, above)
    assert (record.controls["name"].errors, record.form_errors) == (at_field, above)
    assert form.wrong
    assert record.failed
