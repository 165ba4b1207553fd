"""Reports on the book: cards at once, cards that match, what changed since a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Contact, DavBook, DavCard, Share
from app.services import dav_books, records
from app.services.context import acting, as_system
from app.testing.clock import Clock
from app.testing.factories import Make
from app.web.dav import reports
from tests.web.dav.phone import SPACES, C, D, Phone, card

Phones = Callable[..., Phone]


def text_of(asking: Phone, href: str, **more: Any) -> str:
    """The text of a card, by a report."""
    return asking.multiget(href, **more).text(href, f"{C}address-data")


# ---------------------------------------------------------------- multiget


def test_many_cards_come_at_once(phone: Phones, make: Make) -> None:
    asking = phone()
    for name in ("Ana", "Rui", "Eva"):
        make.contact(given_name=name, owner=asking.user)
    hrefs = sorted(asking.names())
    gone = f"{asking.book}nobody.vcf"
    told = asking.multiget(*hrefs, gone, "/elsewhere/x.vcf")
    assert sorted(told.found) == hrefs
    assert {told.text(h, f"{C}address-data").split("FN:")[1].split()[0] for h in hrefs} == {
        "Ana",
        "Rui",
        "Eva",
    }
    assert all(told.text(h, f"{D}getetag").startswith('"') for h in hrefs)
    assert told.status == {gone: "404", "/elsewhere/x.vcf": "404"}


def test_a_card_comes_in_the_version_and_with_the_lines_that_are_asked_for(phone: Phones) -> None:
    asking = phone()
    asking.put(
        "a.vcf",
        card(
            "Ana Lima",
            "u-1",
            "EMAIL:a@x.example",
            "item1.TEL:123",
            "item1.X-ABLabel:Boat",
            "NOTE:" + "n" * 90,
        ),
    )
    (href,) = asking.names()
    assert "VERSION:3.0" in text_of(asking, href)
    four = text_of(asking, href, data='<c:address-data content-type="text/vcard" version="4.0"/>')
    assert "VERSION:4.0" in four
    some = text_of(
        asking, href, data='<c:address-data><c:prop name="FN"/><c:prop name="NOTE"/></c:address-data>'
    )
    assert some.replace("\n ", "").replace("\r", "").splitlines() == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Ana Lima",
        "NOTE:" + "n" * 90,
        "END:VCARD",
    ]
    assert asking.multiget(href, data='<c:address-data version="2.1"/>').code == 403


def test_the_number_of_statements_does_not_grow_with_the_cards(
    phone: Phones, make: Make, queries: Callable[[], Any]
) -> None:
    asking = phone()
    for n in range(3):
        make.contact(given_name=f"A{n}", affiliations=[{"company": "Acme"}], tags=["x"], owner=asking.user)
    asking.multiget(*asking.names())
    with queries() as few:
        asking.multiget(*asking.names())
    for n in range(20):
        make.contact(given_name=f"B{n}", affiliations=[{"company": "Acme"}], tags=["x"], owner=asking.user)
    asking.names()
    with queries() as many:
        asking.multiget(*asking.names())
    assert len(many) <= len(few)


# ---------------------------------------------------------------- query


@pytest.fixture
def book(phone: Phones) -> Phone:
    """Somebody with three cards."""
    asking = phone()
    ana = ("EMAIL;TYPE=work:ana@acme.example", "TEL:+351 912 345 678", "ORG:Acme;Sales")
    asking.put("a.vcf", card("Ana Lima", "u-ana", *ana))
    asking.put("b.vcf", card("Rui Faria", "u-rui", "EMAIL;TYPE=home:rui@example.org", "X-COFFEE:black"))
    asking.put("c.vcf", card("Zoé Lima", "u-zoe", "NICKNAME:Zo"))
    return asking


def prop(name: str, text: str = "", *, inner: str = "", **how: str) -> str:
    """A test of a property."""
    told = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in how.items())
    match = f"<c:text-match{told}>{text}</c:text-match>" if text else ""
    return f'<c:prop-filter name="{name}">{match}{inner}</c:prop-filter>'


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (prop("FN", "lima"), "ac"),
        (prop("FN", "ZOÉ"), "c"),
        (prop("FN", "zoe"), ""),
        (prop("FN", "ana l", match_type="starts-with"), "a"),
        (prop("FN", "Ana", match_type="equals"), ""),
        (prop("FN", "Faria", match_type="ends-with"), "b"),
        (prop("FN", "lima", negate_condition="yes"), "b"),
        (prop("EMAIL", "@acme"), "a"),
        (
            prop(
                "EMAIL",
                inner='<c:param-filter name="TYPE"><c:text-match>home</c:text-match></c:param-filter>',
            ),
            "b",
        ),
        (prop("TEL", "912"), "a"),
        (prop("UID", "u-r"), "b"),
        (prop("N", "faria"), "b"),
        (prop("ORG", "sales"), "a"),
        (prop("X-COFFEE"), "b"),
        (prop("NICKNAME", inner="<c:is-not-defined/>"), "ab"),
        (prop("FN", "rui") + prop("ORG", "acme"), "ab"),
        ("", "abc"),
    ],
)
def test_cards_are_found_by_what_is_in_them(book: Phone, asked: str, found: str) -> None:
    told = book.report("c:addressbook-query", f"<c:filter>{asked}</c:filter>")
    assert told.code == 207
    assert {href.removeprefix(book.book)[0] for href in told.found} == set(found)


def test_all_tests_of_a_filter_may_have_to_hold(book: Phone) -> None:
    inner = f'<c:filter test="allof">{prop("FN", "lima")}{prop("ORG", "acme")}</c:filter>'
    assert list(book.report("c:addressbook-query", inner).found) == [f"{book.book}a.vcf"]


def test_a_query_tells_no_more_than_is_wanted_and_says_so(book: Phone) -> None:
    inner = "<c:filter/><c:limit><c:nresults>2</c:nresults></c:limit>"
    told = book.report("c:addressbook-query", inner)
    assert len(told.found) == 2
    assert told.status == {book.book: "507"}


def test_a_collation_that_is_not_known_is_refused(book: Phone) -> None:
    inner = f"<c:filter>{prop('FN', 'x', collation='i;octet')}</c:filter>"
    told = book.report("c:addressbook-query", inner)
    assert told.code == 403
    assert told.root is not None
    assert told.root[0].tag == f"{C}supported-collation"


# ---------------------------------------------------------------- what changed


def test_only_what_changed_is_told(phone: Phones, make: Make) -> None:
    asking = phone("admin")
    ana, rui, eva = (make.contact(given_name=n, owner=asking.user) for n in ("Ana", "Rui", "Eva"))
    first = asking.sync()
    assert len(first.found) == 3
    assert asking.sync(first.token).token == first.token
    with acting(make.ctx(asking.user)) as ctx:
        records.update(ctx, "contact", ana.id, {"family_name": "Lima"})
        records.trash(ctx, "contact", [rui.id])
    new = make.contact(given_name="Zoé", owner=asking.user)
    told = asking.sync(first.token)
    assert set(told.found) == {f"{asking.book}{one.uid}.vcf" for one in (ana, new)}
    assert told.status == {f"{asking.book}{rui.uid}.vcf": "404"}
    href = f"{asking.book}{ana.uid}.vcf"
    assert told.text(href, f"{D}getetag") != first.text(href, f"{D}getetag")
    with acting(make.ctx(asking.user)) as ctx:
        records.restore(ctx, "contact", [rui.id])
    assert list(asking.sync(told.token).found) == [f"{asking.book}{rui.uid}.vcf"]
    assert set(asking.sync().found) == {f"{asking.book}{one.uid}.vcf" for one in (ana, rui, eva, new)}


def test_what_a_phone_did_itself_is_told_too(phone: Phones) -> None:
    asking = phone("admin")
    start = asking.sync().token
    asking.put("a.vcf", card("Ana Lima"))
    made = asking.sync(start)
    assert list(made.found) == [f"{asking.book}a.vcf"]
    asking.ask("DELETE", f"{asking.book}a.vcf")
    assert asking.sync(made.token).status == {f"{asking.book}a.vcf": "404"}


def test_changes_come_in_pages_and_none_is_left_out(
    phone: Phones, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = phone()
    for n in range(11):
        make.contact(given_name=f"A{n}", owner=asking.user)
    monkeypatch.setattr(reports, "MOST_ROWS", 4)
    monkeypatch.setattr(dav_books, "PAGE", 3)
    token, seen, pages = "", [], 0
    while True:
        told = asking.sync(token, limit=100 if pages else 2)
        seen += list(told.found)
        token, pages = told.token, pages + 1
        if told.status.get(asking.book) != "507":
            break
    assert (len(seen), len(set(seen)), pages) == (11, 11, 4)
    assert not asking.sync(token).found


def test_a_contact_that_somebody_may_not_see_any_more_is_gone(phone: Phones, make: Make) -> None:
    asking, other = phone("rep"), make.user("rep")
    mine = make.contact(given_name="Ana", owner=asking.user)
    shared = make.contact(given_name="Rui", owner=other)
    make.contact(given_name="Eva", owner=other)
    with acting(make.ctx()) as ctx, ctx.unit():
        ctx.session.add(Share(entity="contact", record_id=shared.id, user_id=asking.user.id))
    first = asking.sync()
    if len(first.found) == 3:
        pytest.fail("representatives see everything here; the test needs a narrower role")
    hrefs = {one.id: f"{asking.book}{one.uid}.vcf" for one in (mine, shared)}
    assert set(first.found) == set(hrefs.values())
    with acting(make.ctx()) as ctx:
        records.update(ctx, "contact", mine.id, {"owner_id": other.id})
        with ctx.unit():
            ctx.session.query(Share).delete()
    assert asking.ask("GET", hrefs[shared.id]).status_code == 404
    told = asking.sync(first.token)
    assert (told.found, set(told.status)) == ({}, set(hrefs.values()))
    assert asking.ask("PUT", hrefs[mine.id], card("Ana"), If_Match="*").status_code == 412
    with acting(make.ctx()) as ctx:
        records.update(ctx, "contact", mine.id, {"owner_id": asking.user.id})
    assert list(asking.sync(told.token).found) == [hrefs[mine.id]]


def test_a_company_that_is_renamed_changes_the_cards_of_its_people(phone: Phones, make: Make) -> None:
    asking = phone("admin")
    ana = make.contact(given_name="Ana", affiliations=[{"company": "Acme"}], owner=asking.user)
    make.contact(given_name="Rui", owner=asking.user)
    token = asking.sync().token
    with acting(make.ctx(asking.user)) as ctx:
        (company,) = ctx.session.execute(select(ctx.schema.entity("company").model.id)).scalars()
        records.update(ctx, "company", company, {"name": "Acme Labs"})
    told = asking.sync(token)
    assert list(told.found) == [f"{asking.book}{ana.uid}.vcf"]
    assert "ORG:Acme Labs" in text_of(asking, f"{asking.book}{ana.uid}.vcf")


@pytest.mark.parametrize(
    "token", ["urn:kith:dav:1", "nonsense", "urn:kith:dav:999:1", "urn:kith:dav:{id}:99999"]
)
def test_a_token_that_is_not_of_this_book_is_refused(phone: Phones, make: Make, token: str) -> None:
    asking = phone()
    asking.sync()
    book_id = make.ctx().session.execute(select(DavBook.id)).scalar_one()
    told = asking.sync(token.format(id=book_id))
    assert told.code == 403
    assert told.root is not None
    assert told.root[0].tag == f"{D}valid-sync-token"


def test_tombstones_are_kept_for_180_days(phone: Phones, make: Make, clock: Any) -> None:
    clock.set("2026-03-01T09:00")
    asking = phone("admin")
    make.contact(given_name="Rui", owner=asking.user)
    asking.put("a.vcf", card("Ana Lima"))
    before = asking.sync().token
    asking.ask("DELETE", f"{asking.book}a.vcf")
    after = asking.sync(before).token
    clock.forward(days=179)
    dav_books.purge(as_system("test"))
    assert asking.sync(before).status == {f"{asking.book}a.vcf": "404"}
    clock.forward(days=2)
    dav_books.purge(as_system("test"))
    assert asking.sync(before).code == 403
    assert asking.sync(after).code == 207
    assert len(asking.sync().found) == 1


def test_nothing_is_written_while_nothing_happens(phone: Phones, make: Make, clock: Any) -> None:
    clock.set("2026-03-01T09:00")
    asking = phone()
    make.contact(given_name="Ana", owner=asking.user)
    asking.sync()
    session = make.ctx().session
    before = session.execute(select(DavBook.checked_at)).scalar_one()
    session.rollback()
    clock.forward(minutes=5)
    asking.sync()
    assert session.execute(select(DavBook.checked_at)).scalar_one() == before
    session.rollback()
    clock.forward(minutes=6)
    asking.sync()
    assert session.execute(select(DavBook.checked_at)).scalar_one() == before + timedelta(minutes=11)


def test_a_book_that_would_be_too_large_says_so(
    phone: Phones, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = phone()
    for n in range(3):
        make.contact(given_name=f"A{n}", owner=asking.user)
    monkeypatch.setattr(dav_books, "MOST", 2)
    body = f"<d:sync-collection {SPACES}><d:sync-token/><d:sync-level>1</d:sync-level></d:sync-collection>"
    answer = asking.ask("REPORT", asking.book, body)
    assert answer.status_code == 507
    assert "2" in answer.get_data(as_text=True)


def test_who_asks_too_fast_is_told_when_to_go_on(
    phone: Phones, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    from app.web.dav import guarded

    clock.set(clock.now)  # the minute does not end meanwhile
    monkeypatch.setattr(guarded, "LIMIT", 30)
    asking = phone()
    codes = [asking.find("/dav/", "d:displayname").code for _n in range(30)]
    assert codes == [207] * 30
    answer = asking.ask("PROPFIND", "/dav/")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_purged_contact_leaves_nothing_but_a_name(phone: Phones, make: Make) -> None:
    asking = phone("admin")
    asking.put("a.vcf", card("Ana Lima", "u-1"))
    token = asking.sync().token
    with acting(make.ctx(asking.user)) as ctx:
        (one,) = ctx.session.execute(select(Contact.id)).scalars()
        records.trash(ctx, "contact", [one])
        records.purge(ctx, "contact", [one])
    assert asking.sync(token).status == {f"{asking.book}a.vcf": "404"}
    row = make.ctx().session.execute(select(DavCard.uid, DavCard.stamp)).one()
    assert tuple(row) == ("", "")
