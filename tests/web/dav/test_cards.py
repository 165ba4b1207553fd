"""One card: stored, fetched, changed and deleted by a phone, with nothing lost on the way."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from app.formats.card import Card
from app.formats.vcard_read import read_vcards
from app.models import Affiliation, Attachment, Contact, FieldRule, Relation
from app.services import fields, records, relations, roles, settings
from app.services.context import acting
from app.testing.factories import Make
from tests.web.dav.phone import C, D, Phone, card, read

Phones = Callable[..., Phone]

FULL = (
    "NICKNAME:Nini",
    "EMAIL;TYPE=WORK:ana@acme.example",
    "EMAIL;TYPE=HOME:ana@example.org",
    "TEL;TYPE=CELL:+351 912 345 678",
    "item1.TEL:+351 21 000 00 00",
    "item1.X-ABLabel:Boat",
    "ADR;TYPE=HOME:;;Rua Nova 1;Lisboa;;1100-001;Portugal",
    "ORG:Acme;Sales",
    "TITLE:CTO",
    "BDAY:1980-04-12",
    "NOTE:Likes tea\\, no sugar",
    "CATEGORIES:VIP,Friends",
    "X-TWITTER:nini",
    "X-COFFEE;X-KIND=dark:espresso",
    "GEO:38.7;-9.1",
)


def parsed(text: str) -> Card:
    """The card of a text."""
    return next(one for one in read_vcards(text.encode()) if isinstance(one, Card))


def error(answer: object) -> list[str]:
    """The conditions that an answer says were not met."""
    root = read(answer).root  # type: ignore[arg-type]
    return [] if root is None else [one.tag for one in root]


def test_a_contact_made_on_the_phone_is_there_for_people(phone: Phones, make: Make) -> None:
    asking = phone()
    assert asking.put("a.vcf", card("Ana Lima", "u-1", *FULL)).status_code == 201
    made = make.ctx().session.execute(select(Contact)).scalar_one()
    assert (made.formatted_name, made.source, made.owner_id) == ("Ana Lima", "carddav", asking.user.id)
    with acting(make.ctx(asking.user)) as ctx:
        kind = ctx.schema.entity("contact")
        told = fields.load(ctx, kind, fields.visible(ctx, "contact"), [made])
    assert [e["value"] for e in told["emails"][made.id]] == ["ana@acme.example", "ana@example.org"]
    assert told["affiliations"][made.id][0]["company"] == "Acme"
    assert told["tags"][made.id] == ["Friends", "VIP"]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_comes_back_with_all_that_was_in_it(phone: Phones, version: str) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1", *FULL))
    answer = asking.get("a.vcf", Accept=f"text/vcard; version={version}")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/vcard"
    assert f"VERSION:{version}\r\n" in text
    back = parsed(text)
    sent = parsed(card("Ana Lima", "u-1", *FULL))
    for name in [
        "uid",
        "nickname",
        "organization",
        "department",
        "title",
        "birthday",
        "note",
        "geo",
        "addresses",
        "impp",
        "family_name",
        "given_name",
    ]:
        assert getattr(back, name) == getattr(sent, name), name
    for name in ("emails", "phones"):
        told, asked = ([(e.value, e.types, e.params) for e in getattr(one, name)] for one in (back, sent))
        assert told == asked, name
    assert set(back.categories) == set(sent.categories)
    kept = {(p.name, p.values, tuple(p.params.items())) for p in back.extra if p.name != "rev"}
    assert kept == {(p.name, p.values, tuple(p.params.items())) for p in sent.extra}


def test_the_same_card_again_changes_nothing(phone: Phones, make: Make) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1", *FULL))
    before = asking.get("a.vcf")
    for version in ("3.0", "4.0", "3.0"):
        text = asking.get("a.vcf", Accept=f"text/vcard; version={version}").data
        assert asking.put("a.vcf", text).status_code == 204
    after = asking.get("a.vcf")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.data == before.data
    assert make.ctx().session.execute(select(Contact.version)).scalar_one() == 1


def test_what_a_card_cannot_say_stays(phone: Phones, make: Make) -> None:
    asking = phone()
    rui = make.contact(given_name="Rui", family_name="Faria", owner=asking.user)
    places = [
        {"company": "Acme", "title": "CTO", "is_primary": True, "started_on": "2020-01"},
        {"company": "Club", "title": "Chair"},
        {"company": "School", "ended_on": "2010"},
    ]
    ana = make.contact(
        given_name="Ana",
        family_name="Lima",
        lifecycle_stage="customer",
        affiliations=places,
        do_not_contact=[{"channel": "phone", "reason": "asked"}],
        owner=asking.user,
    )
    with acting(make.ctx()) as ctx, ctx.unit():
        kind = relations.kind_of(ctx, "spouse")[0]
        ctx.session.add(Relation(contact_id=ana.id, other_id=rui.id, type_id=kind.id))
    name = f"{ana.uid}.vcf"
    asking.names()
    text = asking.get(name).get_data(as_text=True)
    assert "Rui Faria" in text
    sent = "".join(
        line for line in text.splitlines(keepends=True) if "Rui" not in line and "Club" not in line
    ).replace("CTO", "CEO")
    assert asking.put(name, sent).status_code == 204
    session = make.ctx().session
    session.rollback()
    found = session.execute(select(Affiliation).order_by(Affiliation.company_id)).scalars().all()
    told = {(a.title, a.started_on, a.ended_on, a.is_primary) for a in found}
    assert told == {("CEO", "2020-01", "", True), ("Chair", "", "", False), ("", "", "2010", False)}
    assert (
        session.execute(select(Contact.lifecycle_stage).where(Contact.id == ana.id)).scalar_one()
        == "customer"
    )
    assert session.execute(select(Relation.other_id)).scalar_one() == rui.id
    again = asking.get(name).get_data(as_text=True)
    assert again.count("Rui Faria") == 1
    assert again.count("ORG") == 2


def test_who_changes_the_company_on_the_phone_keeps_where_somebody_worked(phone: Phones, make: Make) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1", "ORG:Acme", "TITLE:CTO"))
    asking.put("a.vcf", card("Ana Lima", "u-1", "ORG:Beta", "TITLE:CEO"))
    found = make.ctx().session.execute(select(Affiliation).order_by(Affiliation.title)).scalars().all()
    assert [(a.title, a.is_primary, bool(a.ended_on)) for a in found] == [
        ("CEO", True, False),
        ("CTO", False, True),
    ]
    assert "ORG:Beta" in asking.get("a.vcf").get_data(as_text=True)


def test_what_is_left_out_is_gone(phone: Phones) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1", *FULL))
    asking.put("a.vcf", card("Ana Costa", "u-1", "EMAIL:ana@example.org"))
    back = parsed(asking.get("a.vcf").get_data(as_text=True))
    assert (back.family_name, [e.value for e in back.emails]) == ("Costa", ["ana@example.org"])
    assert (back.note, back.phones, back.birthday, back.categories) == ("", (), "", ())
    assert [p.name for p in back.extra] == ["rev"]


def test_a_stale_change_is_refused(phone: Phones, make: Make) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima"))
    seen = asking.get("a.vcf").headers["ETag"]
    assert asking.get("a.vcf", If_None_Match=seen).status_code == 304
    assert asking.put("a.vcf", card("Ana Costa"), If_Match=seen).status_code == 204
    assert asking.put("a.vcf", card("Ana Reis"), If_Match=seen).status_code == 412
    assert asking.ask("DELETE", f"{asking.book}a.vcf", If_Match=seen).status_code == 412
    assert asking.put("a.vcf", card("Ana Reis"), If_None_Match="*").status_code == 412
    assert asking.put("b.vcf", card("Rui", "u-2"), If_Match="*").status_code == 412
    assert asking.put("b.vcf", card("Rui", "u-2"), If_None_Match="*").status_code == 201
    names = make.ctx().session.execute(select(Contact.formatted_name).order_by(Contact.id)).scalars().all()
    assert names == ["Ana Costa", "Rui"]


def test_a_deleted_card_is_in_the_trash_and_its_name_free(phone: Phones, make: Make) -> None:
    asking = phone("admin")
    asking.put("a.vcf", card("Ana Lima"))
    assert asking.ask("DELETE", f"{asking.book}a.vcf").status_code == 204
    assert asking.get("a.vcf").status_code == 404
    assert asking.ask("DELETE", f"{asking.book}a.vcf").status_code == 404
    with acting(make.ctx(asking.user)) as ctx:
        (gone,) = ctx.session.execute(select(Contact.id), execution_options={"with_trash": True}).scalars()
    assert asking.put("a.vcf", card("Ana Lima")).status_code == 201
    with acting(make.ctx(asking.user)) as ctx:
        records.restore(ctx, "contact", [gone])
    assert len(asking.names()) == 2


def test_a_person_is_not_made_twice(phone: Phones) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1"))
    answer = asking.put("b.vcf", card("Ana Lima", "u-1"))
    assert answer.status_code == 409
    assert error(answer)[0] == f"{C}no-uid-conflict"
    root = read(answer).root
    assert root is not None
    assert root.findtext(f"{C}no-uid-conflict/{D}href") == f"{asking.book}a.vcf"


def test_a_uid_that_somebody_else_has_tells_nothing(phone: Phones) -> None:
    hers, his = phone(), phone()
    assert hers.put("a.vcf", card("Ana Lima", "u-1")).status_code == 201
    assert his.put("a.vcf", card("Rui Faria", "u-1")).status_code == 201
    assert "UID:u-1\r\n" in his.get("a.vcf").get_data(as_text=True)
    assert "FN:Ana Lima" in hers.get("a.vcf").get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (b"hello", "valid-address-data"),
        (b"", "valid-address-data"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\xe9\r\nEND:VCARD\r\n", "valid-address-data"),
        (2 * card("Ana Lima").encode(), "valid-address-data"),
        (card("Ana", "u" * 300).encode(), "valid-address-data"),
        (card("Us", "u-1", "X-ADDRESSBOOKSERVER-KIND:group").encode(), "valid-address-data"),
        (card("Ana", "u-1", "PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8=").encode(), "valid-address-data"),
        (card("Ana", "u-1", "NOTE:" + "x" * 10_500_000).encode(), "max-resource-size"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(
    phone: Phones, make: Make, text: bytes, condition: str
) -> None:
    answer = phone().put("a.vcf", text)
    assert answer.status_code == 403
    assert error(answer)[0] == C + condition
    assert make.ctx().session.execute(select(Contact.id)).first() is None


def test_another_kind_of_file_is_refused(phone: Phones) -> None:
    asking = phone()
    answer = asking.ask("PUT", f"{asking.book}a.vcf", "{}", Content_Type="application/json")
    assert answer.status_code == 415
    assert error(answer) == [f"{C}supported-address-data"]


def jpeg(colour: str) -> str:
    """A picture as a line of vCard 3.0."""
    from base64 import b64encode

    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return f"PHOTO;ENCODING=b;TYPE=JPEG:{b64encode(out.getvalue()).decode()}"


def test_a_photo_is_kept_until_another_one_comes(phone: Phones, make: Make) -> None:
    asking = phone()
    asking.put("a.vcf", card("Ana Lima", "u-1", jpeg("red")))
    text = asking.get("a.vcf").data
    first = parsed(text.decode()).photo
    assert first is not None
    assert first.data
    asking.put("a.vcf", text.replace(b"Lima", b"Reis"))
    assert parsed(asking.get("a.vcf").get_data(as_text=True)).photo == first
    assert len(make.ctx().session.execute(select(Attachment.id)).all()) == 1
    asking.put("a.vcf", card("Ana Lima", "u-1", jpeg("blue")))
    second = parsed(asking.get("a.vcf").get_data(as_text=True)).photo
    assert second is not None
    assert second != first
    asking.put("a.vcf", card("Ana Lima"))
    assert parsed(asking.get("a.vcf").get_data(as_text=True)).photo is None


def test_an_organisation_stays_one(phone: Phones) -> None:
    asking = phone()
    acme = card("Acme", "u-1", "ORG:Acme", "X-ABShowAs:COMPANY").replace("N:;Acme;;;\r\n", "N:;;;;\r\n")
    asking.put("a.vcf", acme.replace("N:Acme;;;;\r\n", "N:;;;;\r\n"))
    text = asking.get("a.vcf").get_data(as_text=True)
    assert text.count("X-ABShowAs:COMPANY") == 1
    assert "KIND:org" in asking.get("a.vcf", Accept="text/vcard;version=4.0").get_data(as_text=True)
    assert asking.put("a.vcf", text).status_code == 204
    assert asking.get("a.vcf").get_data(as_text=True) == text


def test_a_password_for_reading_changes_nothing(phone: Phones, make: Make) -> None:
    asking = phone(write=False)
    ana = make.contact(given_name="Ana", owner=asking.user)
    (href,) = asking.names()
    assert asking.ask("PUT", href, card("X"), Content_Type="text/vcard").status_code == 403
    assert asking.put("new.vcf", card("X")).status_code == 403
    assert asking.ask("DELETE", href).status_code == 403
    session = make.ctx().session
    assert session.execute(select(Contact.id, Contact.version)).all() == [(ana.id, 1)]


def test_a_hidden_field_is_neither_told_nor_emptied(phone: Phones, make: Make) -> None:
    asking = phone("rep")
    ana = make.contact(given_name="Ana", family_name="Lima", note="secret", owner=asking.user)
    with acting(make.ctx()) as ctx, ctx.unit():
        role = roles.row_of(ctx, "representative")
        ctx.session.add(FieldRule(role_id=role.id, field="contact.note", mode="hidden"))
        settings.bump(ctx, "permissions")
    (href,) = asking.names()
    text = asking.ask("GET", href).get_data(as_text=True)
    assert "secret" not in text
    assert asking.ask("PUT", href, text.replace("Lima", "Reis"), Content_Type="text/vcard").status_code == 204
    session = make.ctx().session
    session.rollback()
    assert session.execute(select(Contact.family_name, Contact.note).where(Contact.id == ana.id)).one() == (
        "Reis",
        "secret",
    )


def test_a_name_that_says_more_stays_until_the_name_is_another_one(phone: Phones, make: Make) -> None:
    asking = phone()
    sent = card("Ana Lima").replace("FN:Ana Lima", "FN:Ana Lima (Boat)")
    asking.put("a.vcf", sent)
    text = asking.get("a.vcf").get_data(as_text=True)
    assert text.count("FN:") == 1
    assert "FN:Ana Lima (Boat)" in text
    assert asking.put("a.vcf", text).status_code == 204
    assert asking.get("a.vcf").get_data(as_text=True) == text
    with acting(make.ctx(asking.user)) as ctx:
        (one,) = ctx.session.execute(select(Contact.id)).scalars()
        records.update(ctx, "contact", one, {"family_name": "Reis"})
    assert "FN:Ana Reis\r\n" in asking.get("a.vcf").get_data(as_text=True)
