"""Forms of layouts: the rules of a field in its place, and the heading of a group."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from app.i18n import _l
from app.web.forms.base import Form


class PlacedField(Form):
    """What holds for a field where it stands."""

    group = SelectField(_l("Group"), choices=[])
    required = BooleanField(_l("Must be filled in"))
    readonly = BooleanField(_l("Can be read only"))
    hidden = BooleanField(_l("Not shown"))
    only_if = StringField(
        _l("Only when"),
        [Length(max=1000)],
        description=_l("A condition as in filters: stage = customer. Elsewhere the field is not shown."),
        render_kw={"spellcheck": "false", "autocapitalize": "off"},
    )


class GroupTitle(Form):
    """What a group is called."""

    title = StringField(_l("Heading"), [Length(max=60)], render_kw={"autocomplete": "off"})
