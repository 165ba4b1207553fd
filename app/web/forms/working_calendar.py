"""Forms of the working calendar: the week with its holidays, and days that differ."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.formats import holidays
from app.i18n import _, _l
from app.services import working_calendar_text as text
from app.services.working_calendar import NONE, Level
from app.services.working_calendar_hours import Period
from app.web.forms.base import Form

DAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


class HoursField(StringField):
    """The periods of a day, as people write them; `periods` once it was checked."""

    periods: tuple[Period, ...] = ()

    def pre_validate(self, form: Any) -> None:
        """Read what was typed. Raises ValidationError with a sentence."""
        try:
            self.periods = text.parse(self.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error


def _day(label: Any) -> HoursField:
    return HoursField(
        label, [Length(max=120)], render_kw={"autocomplete": "off", "placeholder": _l("Closed")}
    )


class Week(Form):
    """A week, holidays and zone of one level; `own` says whether the week is its own."""

    own = BooleanField(_l("Hours of its own"))
    day_0 = _day(DAYS[0])
    day_1 = _day(DAYS[1])
    day_2 = _day(DAYS[2])
    day_3 = _day(DAYS[3])
    day_4 = _day(DAYS[4])
    day_5 = _day(DAYS[5])
    day_6 = _day(DAYS[6])
    country = SelectField(_l("Public holidays of"))
    region = SelectField(
        _l("Region"), description=_l("Choose the country and save; then its regions are offered.")
    )

    @property
    def days(self) -> list[HoursField]:
        """Return the seven days in order."""
        return [self[f"day_{n}"] for n in range(7)]

    def offer(self, locale: str, *, first: str) -> None:
        """Fill the lists; `first` is what an empty country means here. A region of another country is dropped."""
        found = [("", first), (NONE, _("No holidays")), *holidays.countries(locale)]
        self.country.choices = [SelectChoice(code, name) for code, name in found if code or name]
        regions = holidays.region_names(self.country.data or "")
        self.region.choices = [
            SelectChoice(code, name) for code, name in [("", _("Whole country")), *regions]
        ]
        if self.region.data not in {code for code, _name in regions}:
            self.region.data = ""

    def level(self, *, always: bool) -> Level:
        """Return what was chosen; the company's week is always its own."""
        own = always or bool(self.own.data)
        return Level(
            week=tuple(day.periods for day in self.days) if own else (),
            country=self.country.data or "",
            region=self.region.data or "",
        )


class Days(Form):
    """Days that differ from the week."""

    first_on = DateField(_l("From"), [InputRequired(_l("This is needed."))])
    last_on = DateField(_l("Until"), [Optional()], description=_l("Empty for a single day."))
    hours = HoursField(
        _l("Hours"), [Length(max=120)], description=_l("Empty for closed."), render_kw={"autocomplete": "off"}
    )
    label = StringField(_l("Why"), [Length(max=120)], render_kw={"autocomplete": "off"})
