from __future__ import annotations

import pytest

from app.kernel.contributions import Field, Kind
from app.testing.factories import Make
from app.web.forms import references
from app.web.forms.references import Reference


def field(ref: str = "company", *, required: bool = False) -> Field:
    return Field(name="company_id", label="Company", on="contact", kind=Kind.REF, ref=ref, required=required)


def test_few_records_are_offered_as_a_list(make: Make) -> None:
    ctx, made = make.ctx(), make.company(name="Tavola")
    control = Reference(ctx, field(), made.id)
    assert control.template == "select"
    assert list(control.options) == [("", "–"), (str(made.id), "Tavola")]
    assert control.value() == made.id


def test_of_many_one_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "FEW", 1)
    first, _second = make.company(name="Tavola"), make.company(name="Kaarna")
    control = Reference(make.ctx(), field(), first.id)
    assert (control.template, control.typed) == ("company", "Tavola")
    assert control.value() == first.id
    control.typed = "Nobody"
    with pytest.raises(ValueError, match="There is no “Nobody” here"):
        control.value()
    make.company(name="Tavola")
    control.typed = "Tavola"
    with pytest.raises(ValueError, match="several called “Tavola”"):
        control.value()


def test_what_is_needed_cannot_be_left_empty(make: Make) -> None:
    with pytest.raises(ValueError, match="Company is needed"):
        Reference(make.ctx(), field(required=True)).value()


def test_nobody_takes_the_first_of_several_by_not_looking(make: Make) -> None:
    ctx, one = make.ctx(), make.company(name="Kaarna")
    assert list(Reference(ctx, field(required=True)).options) == [(str(one.id), "Kaarna")], (
        "there is no choice"
    )
    other = make.company(name="Tavola")
    both = [(str(one.id), "Kaarna"), (str(other.id), "Tavola")]
    assert list(Reference(ctx, field(required=True)).options) == [("", "–"), *both]
    assert list(Reference(ctx, field(required=True), other.id).options) == both, "it cannot be emptied again"
