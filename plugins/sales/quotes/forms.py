"""Forms of this part: what a colleague notes of a decision, and what the customer says on the public page."""

from __future__ import annotations

from wtforms import Form as Plain
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.sdk import _l
from app.sdk.web import Form

from ..products.forms import DAY, THREE, AmountField, _code


class DecisionForm(Plain):
    """What a colleague notes when the customer has decided by telephone or mail."""

    name = StringField(_l("Who decided"), [InputRequired(_l("Write who decided.")), Length(max=200)])
    note = TextAreaField(_l("Their words"), [Optional(), Length(max=2000)])


class AnswerForm(Form):
    """What the customer says on the public page."""

    name = StringField(
        _l("Your name"),
        [InputRequired(_l("Write your name.")), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    note = TextAreaField(_l("Anything to add"), [Optional(), Length(max=2000)])
    answer = HiddenField()


class QuoteForm(Form):
    """What a draft says besides its lines."""

    name = StringField(_l("Subject"), [InputRequired(_l("Write what the quote is about.")), Length(max=300)])
    valid_until = StringField(_l("Valid until"), [Optional(), DAY], render_kw={"type": "date"})
    discount = AmountField(
        _l("Discount on everything, in percent"), default="0", render_kw={"inputmode": "decimal"}
    )
    currency = StringField(
        _l("Currency"), [InputRequired(_l("Write three letters, like EUR.")), THREE, _code]
    )
    language = SelectField(_l("Language"), validate_choice=False)
    country = StringField(
        _l("Country"),
        [Optional(), Regexp(r"^[A-Za-z]{2}$", message=_l("Write two letters, like PT.")), _code],
        description=_l("Decides about tax and paper."),
    )
    intro = TextAreaField(_l("Words before the lines"), [Optional(), Length(max=20000)])
    terms = TextAreaField(_l("Terms"), [Optional(), Length(max=20000)])
