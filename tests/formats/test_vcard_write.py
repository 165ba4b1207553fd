"""What is written as a vCard is read again as the same contact, and no text of it can break out of its line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.card import Address, Card, Impp, Photo, Property, Related, Value
from app.formats.clean_text import clean
from app.formats.jcard import read_jcards
from app.formats.vcard_names import COUNTRY_CODES
from app.formats.vcard_properties import Version
from app.formats.vcard_read import read_vcards
from app.formats.vcard_write import fold, write_jcard, write_vcard

TEXT = st.text(max_size=20).map(lambda text: clean(text).strip())
LINE = st.text(max_size=12).map(lambda text: " ".join(clean(text).split()))
FILLED = LINE.filter(bool)
NOTE = TEXT.filter(lambda text: "\n\n" not in text)
PREF = st.none() | st.integers(1, 100)
TOKENS = st.lists(st.sampled_from(["home", "work", "cell", "fax", "other", "X-Own"]), max_size=3, unique=True)
LABELS = st.lists(
    st.sampled_from(["Ferienhaus am See", "a,b;c:d", "\\n", 'say "hi"', "^n"]), max_size=2, unique=True
)
TYPES = st.tuples(TOKENS, LABELS).map(lambda both: (*both[0], *both[1]))
PARAMS = st.dictionaries(
    st.sampled_from(["x-own", "language", "altid"]),
    st.lists(LINE, min_size=1, max_size=2).map(tuple),
    max_size=2,
)
VALUES = st.lists(st.builds(Value, FILLED, TYPES, PREF, PARAMS), max_size=3).map(tuple)
ACCOUNTS = st.builds(
    Impp,
    st.sampled_from(["ana", "ana@acme.pt", "+351 912 345 678", "https://x.com/ana", "a\\b;c,d"]),
    st.sampled_from(["skype", "GTalk", "twitter", "xmpp", "Own Service"]),
    TOKENS.map(tuple),
    PREF,
)
LINES = ("post_office_box", "extended_address", "street_address", "locality", "region", "postal_code")
ADDRESSES = st.builds(
    Address,
    **dict.fromkeys(LINES, TEXT),
    country=LINE.filter(lambda text: len(text) != 2),
    country_code=st.sampled_from(["", *sorted(COUNTRY_CODES)]),
    label=TEXT,
    types=TYPES,
    pref=PREF,
    params=PARAMS,
).filter(lambda address: any(getattr(address, name) for name in (*LINES, "country", "label")))
DATES = st.sampled_from(
    [
        "",
        "1980-03-22",
        "--04-12",
        "--02-29",
        "1953-10",
        "1953",
        "---07",
        "2009-08-08T14:30:00-05:00",
        "circa 1800",
    ]
)
EXTRA = st.sampled_from(
    [
        Property("rev", ("19960415T231000Z",), "timestamp"),
        Property("x-raw", ("one\\, two;three\\nfour",), "unknown", {"group": ("item7",)}),
        Property("x-text", ("one, two;\nthree\\",), "text", {"x-name": ('a "b" ^c;',)}),
        Property("fn", ("A second name",)),
        Property("logo", ("data:image/png;base64,iVBORw0KGgo=",), "uri"),
        Property("org", (("Second", "Unit; one"),)),
        Property("member", ("urn:uuid:03a0e51f",), "uri"),
    ]
)
CARDS = st.builds(
    Card,
    kind=st.sampled_from(["individual", "org", "group"]),
    uid=LINE,
    formatted_name=FILLED,
    **dict.fromkeys(
        ["honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix"],
        LINE,
    ),
    phonetic_given_name=LINE,
    nickname=st.sampled_from(["", "Bob", "Bob, Bobby", "a;b"]),
    emails=VALUES,
    phones=VALUES,
    addresses=st.lists(ADDRESSES, max_size=2).map(tuple),
    urls=VALUES,
    impp=st.lists(ACCOUNTS, max_size=2).map(tuple),
    birthday=DATES,
    anniversary=DATES,
    gender=st.sampled_from(["", "M", "F", "O;it's complicated", ";grrrl, really"]),
    pronouns=LINE,
    languages=st.just((Value("pt", (), 1), Value("de-AT"))) | st.just(()),
    time_zone=st.sampled_from(["", "Europe/Lisbon", "-05:00"]),
    geo=st.sampled_from(["", "geo:46.77,-71.28", "geo:1,2;u=35"]),
    organization=FILLED,
    department=st.sampled_from(["", "Sales", "Sales; North, East"]),
    title=TEXT,
    note=NOTE,
    categories=st.lists(FILLED.map(str.strip), max_size=3, unique=True).map(tuple),
    photo=st.sampled_from(
        [None, Photo(b"\x89PNG\r\n\x1a\n1", "image/png"), Photo(uri="https://acme.pt/a,b.jpg")]
    ),
    related=st.lists(st.builds(Related, FILLED, TOKENS.map(tuple), PREF), max_size=2).map(tuple),
    source=st.sampled_from(["", "https://acme.pt/ana.vcf", "Trade fair"]),
    extra=st.lists(EXTRA, max_size=3, unique_by=lambda prop: prop.name).map(tuple),
)


@given(CARDS)
@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_a_written_card_is_read_again_unchanged(version: Version, card: Card) -> None:
    assert list(read_vcards(write_vcard(card, version).encode())) == [card]


@given(CARDS)
def test_a_jcard_is_read_again_unchanged(card: Card) -> None:
    assert list(read_jcards(write_jcard(card))) == [card]


@given(st.text(max_size=400))
def test_no_text_begins_another_line(text: str) -> None:
    hostile = text + "\r\nEND:VCARD\u2028BEGIN:VCARD\x0bFN:Mallory"
    card = Card(formatted_name=hostile, note=hostile, emails=(Value(hostile, (hostile,)),), uid=hostile)
    card = replace(card, extra=(Property(hostile, (hostile,), "unknown", {hostile: (hostile,)}),))
    for version in ("3.0", "4.0"):
        written = write_vcard(card, version)
        assert written.count("\r\nEND:VCARD\r\n") == 1
        assert [line for line in written.splitlines() if line.startswith("BEGIN:")] == ["BEGIN:VCARD"]
        assert len([card for card in read_vcards(written.encode()) if isinstance(card, Card)]) == 1


@given(st.text(min_size=1, max_size=300).filter(lambda text: "\r" not in text and "\n" not in text))
def test_folded_lines_are_short_whole_characters_and_unfold(text: str) -> None:
    text = clean(text)
    folded = fold(text)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "").removesuffix("\r\n") == text


def test_vcard_3_says_what_it_can_in_the_words_of_phones() -> None:
    card = Card(
        formatted_name="Ana",
        birthday="--04-12",
        anniversary="2010-06-05",
        photo=Photo(b"\xff\xd8\xff1", "image/jpeg"),
        phones=(Value("1", ("Ferienhaus",), 1),),
        related=(Related("Rui", ("spouse",)),),
    )
    written = write_vcard(card, "3.0")
    assert "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12\r\n" in written
    assert "X-ABDATE:2010-06-05\r\n" in written
    assert "X-ABLabel:_$!<Anniversary>!$_\r\n" in written
    assert "X-ABLabel:_$!<Spouse>!$_\r\n" in written
    assert "PHOTO;ENCODING=b;TYPE=JPEG:/9j/MQ==\r\n" in written
    assert "TEL;TYPE=Ferienhaus,pref:1\r\n" in written


def test_vcard_4_uses_the_forms_of_the_standard() -> None:
    address = Address(street_address="Rua 1", country="Portugal", country_code="PT", label="Rua 1\nLisboa")
    card = Card(formatted_name="Ana", kind="org", birthday="1980-03-22", addresses=(address,))
    written = write_vcard(card).replace("\r\n ", "")
    assert "KIND:org\r\n" in written
    assert "BDAY:19800322\r\n" in written
    assert "ADR;LABEL=Rua 1^nLisboa;CC=PT:;;Rua 1;;;;Portugal\r\n" in written
