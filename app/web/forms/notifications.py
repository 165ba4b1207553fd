"""The form of how somebody wants to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.i18n import _l
from app.web.forms.base import Form

DAYS = (
    ("0", _l("Monday")),
    ("1", _l("Tuesday")),
    ("2", _l("Wednesday")),
    ("3", _l("Thursday")),
    ("4", _l("Friday")),
    ("5", _l("Saturday")),
    ("6", _l("Sunday")),
)
HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))


class Boxes(SelectMultipleField):
    """Several of a few, as boxes that need no key held down."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Ways(Form):
    """Quiet hours, the digest, important dates; the table of topics and channels stands beside it."""

    quiet_from = TimeField(_l("Quiet from"), [Optional()])
    quiet_to = TimeField(_l("Quiet until"), [Optional()])
    digest = BooleanField(_l("Send me a mail with my day"))
    digest_hour = SelectField(_l("At"), choices=[SelectChoice(v, label) for v, label in HOURS])
    digest_days = Boxes(_l("On"), choices=[SelectChoice(v, label) for v, label in DAYS])
    days_before = StringField(
        _l("Days before an important date"),
        [Optional(), Length(max=40)],
        description=_l("Numbers separated by commas; 0 is the day itself. Empty for none."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    topics = SelectMultipleField()

    def offer(self, channels: Mapping[str, Sequence[str]]) -> None:
        """Say which pairs of topic and channel may come back."""
        self.topics.choices = [
            SelectChoice(f"{topic}:{channel}", channel)
            for topic, found in channels.items()
            for channel in found
        ]


def clock(value: Any) -> str:
    """Return a time of day as HH:MM, an empty text for none."""
    return value.strftime("%H:%M") if value is not None else ""
