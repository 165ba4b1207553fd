"""Contacts as cards: what is stored beside the fields comes out again, and what is hidden does not."""

from __future__ import annotations

from sqlalchemy import select

from app.formats.card import Card, Value
from app.formats.vcard_read import read_vcards
from app.models import FieldRule, Role
from app.services import cards, records, settings
from app.testing.factories import Make

TEXT = b"""BEGIN:VCARD
VERSION:4.0
FN:Ana Lima
N:Lima;Ana;;;
TEL;TYPE=work,fax;PREF=2:+351 21 000 0000
TEL;TYPE=cell;PREF=1:+351 912 345 678
EMAIL;TYPE=Sommerhaus:ana@acme.pt
ADR;TYPE=home;LABEL="Rua 1":;;Rua das Flores 1;Lisboa;;1200-192;Portugal
BDAY:--0412
LANG:pt
X-SHOE-SIZE:38
END:VCARD
"""


def card_of(text: bytes) -> Card:
    return next(found for found in read_vcards(text) if isinstance(found, Card))


def test_types_labels_and_vendor_properties_survive_a_stay(make: Make) -> None:
    ctx = make.ctx()
    made = records.create(ctx, "contact", cards.values_of(ctx, card_of(TEXT)))
    back = cards.to_card(ctx, made.id)
    assert {p.value: p.types for p in back.phones} == {
        "+351 912 345 678": ("cell",),
        "+351 21 000 0000": ("work", "fax"),
    }
    assert back.phones[0].value == "+351 912 345 678"
    assert back.emails == (Value("ana@acme.pt", ("Sommerhaus",)),)
    assert (back.addresses[0].label, back.birthday) == ("Rua 1", "--04-12")
    assert [(p.name, p.values) for p in back.extra] == [("x-shoe-size", ("38",))]


def test_a_detail_of_a_value_that_was_changed_is_forgotten(make: Make) -> None:
    ctx = make.ctx()
    made = records.create(ctx, "contact", cards.values_of(ctx, card_of(TEXT)))
    records.update(ctx, "contact", made.id, {"phones": [{"value": "+351 21 000 0000", "kind": "work"}]})
    assert cards.to_card(ctx, made.id).phones[0].types == ("work",)


def test_a_hidden_field_is_on_no_card(make: Make) -> None:
    ctx = make.ctx()
    made = records.create(ctx, "contact", cards.values_of(ctx, card_of(TEXT)))
    user = make.user("manager")
    with ctx.unit():
        role = ctx.session.execute(select(Role).where(Role.name == "manager")).scalar_one()
        ctx.session.add(FieldRule(role_id=role.id, field="contact.phones", mode="hidden"))
        settings.bump(ctx, "permissions")
    seen = make.ctx(user)
    assert "contact.phones" in seen.user.hidden
    assert cards.to_card(seen, made.id).phones == ()
