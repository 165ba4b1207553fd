"""The form of a field that is added to records; which parts it has depends on the type."""

from __future__ import annotations

from typing import Any, cast

from flask import request
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms import Form as Plain
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.i18n import _l
from app.kernel.contributions import Choice
from app.services.custom_fields import CHOOSING, Values
from app.services.custom_fields_kinds import FORMULA, RESULTS, TYPES
from app.web.forms.base import Form, refuse
from app.web.forms.stage import TONES
from app.web.security.csrf import FIELD

SPARE = 3
"""Empty rows for further choices."""

REST = {"more"}
"""What the form sends besides its fields: the button for further rows."""


class OneChoice(Plain):
    """A row of the choices: its stored value, what it is called, its colour and place."""

    form_errors: list[Any]
    value = HiddenField()
    label = StringField(_l("Choice"), [Length(max=80)], render_kw={"autocomplete": "off"})
    tone = SelectField(
        _l("Colour"), choices=[SelectChoice(value, label) for value, label in (("", _l("None")), *TONES)]
    )
    place = IntegerField(_l("Place"), [Optional(), NumberRange(0, 9999)], render_kw={"inputmode": "numeric"})
    retired = BooleanField(_l("Not offered any more"))


class AddedField(Form):
    """What a field is called, what it holds, and the rules it follows."""

    label = StringField(
        _l("Name"),
        [InputRequired(_l("This is needed.")), Length(max=60)],
        render_kw={"autocomplete": "off"},
    )
    hint = StringField(
        _l("Help"), [Length(max=300)], description=_l("Stands beside the field while people fill it in.")
    )
    choices = FieldList(FormField(OneChoice), label=_l("Choices"))
    decimals = IntegerField(
        _l("Decimals"), [Optional(), NumberRange(0, 6)], default=0, render_kw={"inputmode": "numeric"}
    )
    ref = SelectField(_l("Which records"), choices=[])
    result = SelectField(
        _l("What it comes to"), choices=[SelectChoice(name, TYPES[name].label) for name in RESULTS]
    )
    formula = StringField(
        _l("Formula"),
        [Length(max=1000)],
        description=_l(
            "Over other fields by their names: round(x_seats * x_price, 2) or days(x_begin, x_end)."
        ),
        render_kw={"spellcheck": "false", "autocapitalize": "off"},
    )
    default = StringField(
        _l("Default"), [Length(max=400)], description=_l("What a new record has when nobody says otherwise.")
    )
    only_if = StringField(
        _l("Only when"),
        [Length(max=1000)],
        description=_l("A condition as in filters: stage = customer. Elsewhere the field is not asked for."),
        render_kw={"spellcheck": "false", "autocapitalize": "off"},
    )
    required = BooleanField(_l("Must be filled in"))
    searched = BooleanField(_l("Found by the search"))
    personal = BooleanField(_l("Says something about a person"), default=True)

    @classmethod
    def fitting(cls, type_: str, targets: list[tuple[str, Any]], *, new: bool, **values: Any) -> AddedField:
        """Return the form with the parts that a type has; `targets` are the kinds of record it can point at."""
        form = cast(AddedField, cls.of(**values))
        form.ref.choices = [SelectChoice(name, label) for name, label in targets]
        for name in _without(type_, new=new):
            del form[name]
        return form

    def accepted(self) -> bool:
        """Tell whether it was posted and every field is right; rows of choices have names of their own."""
        if request.method != "POST":
            return False
        own = {f.name for f in self} | {FIELD} | REST
        refuse(name for name in set(request.form) - own if not name.startswith("choices-"))
        return bool(self.validate()) and "more" not in request.form

    def grow(self) -> None:
        """Add empty rows for further choices."""
        if "choices" in self:
            for _row in range(SPARE):
                self.choices.append_entry()

    def values(self, type_: str) -> Values:
        """Return what was typed."""
        said: dict[str, Any] = {f.name: f.data for f in self if f.name != "choices"}
        return Values(
            type=type_,
            choices=self._chosen() if "choices" in self else (),
            label=said["label"] or "",
            hint=said["hint"] or "",
            decimals=said.get("decimals") or 0,
            ref=said.get("ref") or "",
            default=said.get("default") or "",
            only_if=said["only_if"] or "",
            formula=said.get("formula") or "",
            result=said.get("result") or "",
            required=bool(said.get("required")),
            searched=bool(said.get("searched")),
            personal=bool(said["personal"]),
        )

    def _chosen(self) -> tuple[Choice, ...]:
        rows = [(n, row.form) for n, row in enumerate(self.choices) if (row.form.label.data or "").strip()]
        rows.sort(
            key=lambda pair: (pair[1].place.data if pair[1].place.data is not None else 10_000, pair[0])
        )
        return tuple(
            Choice(
                value=row.value.data or "",
                label=" ".join(row.label.data.split()),
                tone=row.tone.data or "",
                retired=bool(row.retired.data),
            )
            for _n, row in rows
        )


def rows_of(choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    """Return choices as the rows of the form."""
    return [
        {"value": c.value, "label": c.label, "tone": c.tone, "place": n, "retired": c.retired}
        for n, c in enumerate(choices, 1)
    ]


def _without(type_: str, *, new: bool) -> list[str]:
    """Return the parts that a form of a type does not have; some hold from the beginning on."""
    if type_ == FORMULA:
        return ["choices", "ref", "default", "required", "searched", *([] if new else ["result", "decimals"])]
    found = ["result", "formula", *(["choices"] if type_ not in CHOOSING else [])]
    found += ["decimals"] if type_ != "number" or not new else []
    found += ["ref"] if type_ != "ref" or not new else []
    found += ["default"] if type_ in {"ref", "user", "time", "long_text", "file"} else []
    found += ["searched"] if TYPES[type_].empty != "" or type_ in {"date", "choice"} else []
    return found + (["required"] if type_ == "bool" else [])
