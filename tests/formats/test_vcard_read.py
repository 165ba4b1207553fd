"""vCards as programs really write them: every version, encoding and kind of damage, with nothing lost."""

import pytest

from app.formats.card import Card, Problem, Related, Value
from app.formats.vcard_read import MAX_DEPTH, MAX_PROPERTIES, read_vcards


def cards(text: str | bytes) -> list[Card]:
    data = text if isinstance(text, bytes) else text.encode()
    return [item for item in read_vcards(data) if isinstance(item, Card)]


def problems(text: str | bytes) -> list[Problem]:
    data = text if isinstance(text, bytes) else text.encode()
    return [item for item in read_vcards(data) if isinstance(item, Problem)]


def card(lines: str, version: str = "3.0") -> Card:
    (made,) = cards(f"BEGIN:VCARD\nVERSION:{version}\n{lines}\nEND:VCARD\n")
    return made


def extra(made: Card) -> list[tuple[str, object]]:
    return [(prop.name, prop.values[0]) for prop in made.extra]


def test_quoted_printable_goes_on_after_a_soft_break() -> None:
    made = card(
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Stra=C3=9F=\ne 5=0D=0A=\nTEL: no property", "2.1"
    )
    assert made.note == "Straße 5\nTEL: no property"


def test_a_soft_break_before_the_end_does_not_swallow_the_end() -> None:
    assert card("NOTE;QUOTED-PRINTABLE:abc=", "2.1").note == "abc"


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8", "iso-2022-jp", "nonsense"])
def test_a_named_charset_is_used_and_a_wrong_one_survived(charset: str) -> None:
    text = "山田" if charset == "iso-2022-jp" else "Zoë"
    raw = text.encode("cp1252" if charset == "nonsense" else charset)
    (made,) = cards(b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=" + charset.encode() + b":" + raw + b"\nEND:VCARD")
    assert made.formatted_name == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1252", "utf-32"])
def test_the_encoding_of_a_file_is_found(encoding: str) -> None:
    (made,) = cards("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jürgen Müller\r\nEND:VCARD\r\n".encode(encoding))
    assert made.formatted_name == "Jürgen Müller"


def test_a_shift_jis_file_is_read() -> None:
    (made,) = cards(
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:小林 保衛\r\nN:小林;保衛\r\nEND:VCARD\r\n".encode("cp932")
    )
    assert (made.family_name, made.given_name) == ("小林", "保衛")


def test_a_fold_inside_a_character_is_mended() -> None:
    raw = "FN:Zoë".encode()
    (made,) = cards(b"BEGIN:VCARD\nVERSION:3.0\n" + raw[:-1] + b"\n " + raw[-1:] + b"\nEND:VCARD")
    assert made.formatted_name == "Zoë"


def test_vcard_2_folds_before_the_blank_of_the_text() -> None:
    assert card("NOTE:one two\n three", "2.1").note == "one two three"
    assert card("NOTE:one two\n three", "3.0").note == "one twothree"


def test_a_note_with_raw_line_breaks_stays_whole() -> None:
    assert card("NOTE:first\n\nsecond line\nTITLE:CFO").note == "first\n\nsecond line"


def test_bare_types_and_unknown_types_are_read() -> None:
    assert card("TEL;HOME;FAX;PREF:1", "2.1").phones == (Value("1", ("home", "fax"), 1),)
    assert card('TEL;TYPE="work,voice";PREF=7;TYPE=Boat:2', "4.0").phones == (
        Value("2", ("work", "voice", "Boat"), 7),
    )


def test_labels_of_apple_and_google_become_types() -> None:
    made = card(
        "item1.TEL:1\nitem1.X-ABLabel:_$!<Mobile>!$_\nitem2.TEL:2\nitem2.X-ABLabel:Ferienhaus am See\n"
        "item3.X-ABRELATEDNAMES:Rui\nitem3.X-ABLabel:_$!<Spouse>!$_\n"
        "item4.X-ABDATE:2010-06-05\nitem4.X-ABLabel:_$!<Anniversary>!$_"
    )
    assert made.phones == (Value("1", ("cell",)), Value("2", ("Ferienhaus am See",)))
    assert made.related == (Related("Rui", ("spouse",)),)
    assert made.anniversary == "2010-06-05"
    assert made.extra == ()


def test_a_label_of_what_has_no_field_is_kept_with_it() -> None:
    made = card("item1.X-ABDATE:2010-06-05\nitem1.X-ABLabel:First meeting")
    assert extra(made) == [("x-abdate", "2010-06-05"), ("x-ablabel", "First meeting")]
    assert {prop.params["group"] for prop in made.extra} == {("item1",)}


def test_an_address_gets_its_label_and_country() -> None:
    (address,) = card(
        "item1.ADR;TYPE=HOME:;;Rua 1;Lisboa;;1000;Portugal\nitem1.X-ABADR:pt\nLABEL;TYPE=HOME:Rua 1\\nLisboa"
    ).addresses
    assert (address.street_address, address.country_code, address.label) == ("Rua 1", "PT", "Rua 1\nLisboa")


def test_carets_and_quotes_in_parameters_are_undone() -> None:
    (address,) = card("ADR;LABEL=\"a^nb: ^'c^'^^\":;;x;;;;", "4.0").addresses
    assert address.label == 'a\nb: "c"^'


def test_a_second_value_of_a_single_field_is_kept() -> None:
    made = card(
        "TITLE:CFO\nTITLE:Treasurer\nORG:Acme;Sales\nORG:Other;Unit\nFN:Ana\nFN:Ana Lima\nNOTE:a\nNOTE:b"
    )
    assert (made.title, made.organization, made.department, made.note) == ("CFO", "Acme", "Sales", "a\n\nb")
    assert extra(made) == [("title", "Treasurer"), ("org", ("Other", "Unit")), ("fn", "Ana Lima")]


def test_parameters_without_a_field_are_kept() -> None:
    made = card("N;LANGUAGE=pt;SORT-AS=Lima:Lima;Ana\nEMAIL;X-SLOT=2:a@b.pt", "4.0")
    assert made.params == {"n": {"language": ("pt",), "sort-as": ("Lima",)}}
    assert made.emails[0].params == {"x-slot": ("2",)}


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:19800322", "1980-03-22"),
        ("BDAY:--0412", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "--04-12"),
        ("BDAY:1955-07-19T00:00:00Z", "1955-07-19"),
        ("BDAY:19531015T231000Z", "1953-10-15T23:10:00Z"),
        ("BDAY;VALUE=text:circa 1800", "circa 1800"),
        ("BDAY:1980-02-31", "1980-02-31"),
    ],
)
def test_birthdays_are_iso_dates_or_the_words_of_the_file(line: str, birthday: str) -> None:
    assert card(line).birthday == birthday


def test_photos_are_decoded_however_they_are_marked() -> None:
    for lines in (
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/MQ",
        "PHOTO;JPEG;BASE64:\n /9j/\n MQ==\n",
        "PHOTO:data:image/jpeg;base64,/9j/MQ==",
    ):
        photo = card(lines).photo
        assert photo is not None
        assert (photo.data, photo.media_type) == (b"\xff\xd8\xff1", "image/jpeg")


def test_a_nested_agent_is_a_contact_of_its_own() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nFN:Ana\nAGENT:\nBEGIN:VCARD\nFN:Rui\nEND:VCARD\nTITLE:CFO\nEND:VCARD"
    rui, ana = cards(text)
    assert (rui.formatted_name, ana.title, ana.related) == ("Rui", "CFO", (Related("Rui", ("agent",)),))
    escaped = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nAGENT:BEGIN:VCARD\\nFN:Rui\\nEND:VCARD\\n\nEND:VCARD"
    assert [made.formatted_name for made in cards(escaped)] == ["Rui", "Ana"]


def test_nesting_has_an_end() -> None:
    depth = MAX_DEPTH + 20
    found = cards("BEGIN:VCARD\nFN:x\nAGENT:\n" * depth + "END:VCARD\n" * depth)
    assert len(found) == depth


def test_a_card_without_end_is_read_and_said() -> None:
    text = "BEGIN:VCARD\nFN:Ana\nBEGIN:VCARD\nFN:Rui\n"
    assert [made.formatted_name for made in cards(text)] == ["Ana", "Rui"]
    assert [found.values["begin"] for found in problems(text)] == ["1", "3"]


def test_text_that_is_no_property_is_reported_in_its_own_words() -> None:
    (found,) = problems("Hello there\nBEGIN:VCARD\nFN:Ana\nEND:VCARD\n")
    assert (found.line, found.words) == (1, "Hello there")


def test_too_many_lines_are_cut_and_said() -> None:
    text = "BEGIN:VCARD\n" + "EMAIL:a@b.pt\n" * (MAX_PROPERTIES + 5) + "END:VCARD"
    assert len(cards(text)[0].emails) == MAX_PROPERTIES
    assert len(problems(text)) == 1


def test_a_card_without_a_name_is_called_by_what_it_has() -> None:
    assert card("N:Lima;Ana;;Dr.;").formatted_name == "Dr. Ana Lima"
    assert card("EMAIL:ana@acme.pt").formatted_name == "ana@acme.pt"


def test_accounts_lose_their_scheme_and_keep_their_service() -> None:
    made = card(
        "IMPP;X-SERVICE-TYPE=GTalk:xmpp:ana\nX-SKYPE:ana\nX-SOCIALPROFILE;TYPE=twitter:https://x.com/ana"
    )
    assert [(account.service, account.value) for account in made.impp] == [
        ("GTalk", "ana"),
        ("skype", "ana"),
        ("twitter", "https://x.com/ana"),
    ]
