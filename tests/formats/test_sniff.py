"""One entrance for every file: it knows formats by their content and survives what is none."""

import json
import random

import pytest

from app.formats.card import Card, Format
from app.formats.sniff import read, sniff, table
from app.formats.vcard_write import write_vcard

VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nTEL;TYPE=cell:1\r\nNOTE:x\\, y\r\nEND:VCARD\r\n"
NAUGHTY = [
    "\0", "\u202e\u2066", "Ω≈ç√∫˜µ≤≥÷", "👩‍👩‍👧‍👦", "ﷺ", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../etc/passwd",
    "%s%d%n", "{{7*7}}", "\r\nEND:VCARD\r\n", '";drop table', "\ufeff\u200b", "\\", "^n^'", "data:,", "a" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (VCARD, Format.VCARD),
        (b"\xef\xbb\xbf\r\n" + VCARD, Format.VCARD),
        (VCARD.decode().encode("utf-16-be"), Format.VCARD),
        (b'["vcard",[["version",{},"text","4.0"]]]', Format.JCARD),
        (b'<?xml version="1.0"?><vcards xmlns="urn:ietf:params:xml:ns:vcard-4.0"/>', Format.XCARD),
        (b"version: 1\n\ndn: cn=Ana\ncn: Ana\n", Format.LDIF),
        (b'{"records": [{"Email": "a@x.pt"}]}', Format.RECORDS),
        (b"Name,Email\nAna,a@x.pt\n", Format.CSV),
        (b" \r\n", Format.EMPTY),
        (b"PK\x03\x04 a workbook", Format.UNKNOWN),
        (b"<html></html>", Format.UNKNOWN),
        (b"{}", Format.UNKNOWN),
        (bytes(range(256)) * 4, Format.UNKNOWN),
    ],
)
def test_a_format_is_known_by_its_content(data: bytes, kind: Format) -> None:
    assert sniff(data, "contacts.bin") is kind


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04x", b"{}", b"[1", b"<vcards", b"\xff\xfe", b"[" * 100_000])
def test_what_holds_no_contact_is_answered_with_a_sentence(data: bytes) -> None:
    reading = read(data, "x")
    assert (reading.cards, len(reading.problems)) == ((), 1)
    assert str(reading.problems[0]).endswith(".")


def test_a_preview_shows_columns_only_of_tables() -> None:
    found = table(b"Name;Email\nAna;a@x.pt\n")
    assert found is not None
    assert (found.header, found.rows[0].cells, found.mapping) == (
        ("Name", "Email"),
        ("Ana", "a@x.pt"),
        {0: "formatted_name", 1: "emails"},
    )
    assert table(VCARD) is None


def test_records_of_json_are_read_like_a_table() -> None:
    data = {
        "records": [{"attributes": {"type": "Contact"}, "FirstName": "Ana", "Email": "a@x.pt", "Score__c": 7}]
    }
    (made,) = read(json.dumps(data).encode()).cards
    assert (made.given_name, made.emails[0].value, made.extra[0].values) == ("Ana", "a@x.pt", ("7",))


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_text_stays_text_in_every_format(text: str) -> None:
    files = [
        f"BEGIN:VCARD\nFN:{text}\nTEL;TYPE={text}:{text}\n{text}\nEND:VCARD\n",
        f"dn: {text}\n{text}: x\ncn: {text}\n",
        f"Name,Email\n{text},a@x.pt\n",
        json.dumps(["vcard", [["fn", {text: text}, text, text], [text, {}, "text", [text, [text]]]]]),
    ]
    for content in files:
        for card in read(content.encode()).cards:
            assert len(read(write_vcard(card).encode()).cards) == 1


def test_damaged_files_never_crash_a_reader() -> None:
    chance = random.Random(7)
    pieces = [
        b'"',
        b":",
        b";",
        b"\n ",
        b"=\r\n",
        b"\\",
        b"\0",
        b",",
        b"BEGIN:VCARD\n",
        b"\xff",
        b"\xe2\x80\xa8",
    ]
    files = [VCARD, b"dn: cn=Ana\ncn:: QW5h\nmail: a@x.pt\n", b'Name,Email\n"Ana",a@x.pt\n']
    for _ in range(600):
        data = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randint(0, 4)] = chance.choice(pieces)
        assert all(isinstance(card, Card) for card in read(bytes(data)).cards)
