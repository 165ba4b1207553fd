"""Forms of this part: a new product, a new price list, a price in it, a tax rate."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from app.sdk import _, _l
from app.sdk.web import Form

from .entities import CURRENCY, RECURRING, TAX_CLASSES
from .typed import amount


class AmountField(StringField):
    """A number as people type it; `data` is the Decimal, None when nothing was typed."""

    amount: Decimal | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the number. Raises ValidationError with a sentence."""
        text = str(self.data or "").strip()
        try:
            self.amount = amount(text) if text else None
        except InvalidOperation as error:
            raise ValidationError(
                _("“%(text)s” is no number. Write it like 1200.50.", text=text[:40])
            ) from error


def _choices(of: Any) -> list[SelectChoice]:
    return [SelectChoice(one.value, one.label) for one in of]


def _code(form: Any, field: Any) -> None:
    field.data = (field.data or "").strip().upper()


THREE = Regexp(r"^[A-Za-z]{3}$", message=_l("Write three letters, like EUR."))
DAY = Regexp(r"^\d{4}-\d{2}-\d{2}$", message=_l("Write a day like 2026-02-28."))


class ProductForm(Form):
    """A new product."""

    name = StringField(
        _l("Product"), [InputRequired(_l("Write what the product is called.")), Length(max=200)]
    )
    code = StringField(_l("Code"), [Optional(), Length(max=60)], description=_l("Article number or SKU."))
    category = StringField(_l("Series"), [Optional(), Length(max=120)])
    unit = StringField(
        _l("Unit"), [Optional(), Length(max=40)], description=_l("What one of it is: piece, hour, kWp …")
    )
    price = AmountField(_l("Sales price"), [Optional()], render_kw={"inputmode": "decimal"})
    currency = StringField(_l("Currency"), [Optional(), THREE, _code], description=CURRENCY)
    tax_class = SelectField(_l("Tax class"), choices=_choices(TAX_CLASSES))
    recurring = SelectField(_l("Comes again"), choices=_choices(RECURRING))
    description = TextAreaField(_l("Description"), [Optional(), Length(max=20000)])


class PriceListForm(Form):
    """A new price list."""

    name = StringField(
        _l("Price list"), [InputRequired(_l("Write what the list is called.")), Length(max=120)]
    )
    currency = StringField(
        _l("Currency"), [InputRequired(_l("Write three letters, like EUR.")), THREE, _code]
    )
    valid_from = StringField(_l("Valid from"), [Optional(), DAY], render_kw={"type": "date"})
    valid_until = StringField(_l("Valid until"), [Optional(), DAY], render_kw={"type": "date"})
    standard = BooleanField(_l("For everybody"))
    segment = TextAreaField(
        _l("For companies with"),
        [Optional(), Length(max=2000)],
        description=_l("A condition such as: industry = Energy. Goes before a list for everybody."),
    )


class PriceForm(Form):
    """A price in a list."""

    product_id = SelectField(_l("Product"), coerce=int, validate_choice=False)
    minimum = AmountField(_l("From quantity"), default="1", render_kw={"inputmode": "decimal"})
    price = AmountField(
        _l("Price each"), [InputRequired(_l("Write a price."))], render_kw={"inputmode": "decimal"}
    )


class RateForm(Form):
    """A tax rate from a day on."""

    country = StringField(
        _l("Country"),
        [Optional(), Regexp(r"^[A-Za-z]{2}$", message=_l("Write two letters, like PT.")), _code],
        description=_l("Two letters, such as PT. Empty: everywhere else."),
    )
    tax_class = SelectField(_l("Tax class"), choices=_choices(TAX_CLASSES))
    label = StringField(_l("Printed as"), [Optional(), Length(max=40)], description=_l("VAT, IVA, MwSt. …"))
    rate = AmountField(
        _l("Rate in percent"), [InputRequired(_l("Write a rate."))], render_kw={"inputmode": "decimal"}
    )
    valid_from = StringField(_l("Valid from"), [Optional(), DAY], render_kw={"type": "date"})
