"""LDIF of Thunderbird and of directories: lines, encodings and the fields of persons."""

import base64

from app.formats.card import Card, Problem
from app.formats.ldif import read_ldif


def read(text: str) -> tuple[list[Card], list[Problem]]:
    found = list(read_ldif(text.encode()))
    return [item for item in found if isinstance(item, Card)], [
        item for item in found if isinstance(item, Problem)
    ]


def test_folded_coded_and_commented_lines_are_read() -> None:
    coded = base64.b64encode("José Sá".encode()).decode()
    (made,), problems = read(
        f"version: 1\n# a comment\n  that goes on\ndn: cn=x\ncn:: {coded}\ndescription: one t\n wo\n"
    )
    assert (made.formatted_name, made.note, problems) == ("José Sá", "one two", [])


def test_home_and_work_are_told_apart() -> None:
    (made,), _ = read(
        "dn: cn=Ana\ncn: Ana\nstreet: Rua 1\nl: Lisboa\nc: PT\nmozillaHomeLocalityName: Porto\nhomePhone: 1\n"
        "telephoneNumber: 2\no: Acme\nou: Sales\nbirthmonth: 4\nbirthday: 12\n"
    )
    places = [(a.types, a.street_address, a.locality, a.country_code) for a in made.addresses]
    assert places == [(("home",), "", "Porto", ""), (("work",), "Rua 1", "Lisboa", "PT")]
    assert [(phone.value, phone.types) for phone in made.phones] == [("1", ("home",)), ("2", ("work",))]
    assert (made.organization, made.department, made.birthday) == ("Acme", "Sales", "--04-12")


def test_attributes_without_a_field_are_kept() -> None:
    (made,), _ = read(
        "dn: cn=Ana\nobjectclass: top\nobjectclass: person\ncn: Ana\nroomNumber: 7\ncn;lang-ja: アナ\n"
    )
    assert [(prop.name, prop.values[0]) for prop in made.extra] == [
        ("x-ldif-objectclass", "top person"),
        ("x-ldif-dn", "cn=Ana"),
        ("x-ldif-roomnumber", "7"),
        ("x-ldif-cn", "アナ"),
    ]


def test_a_picture_stays_a_picture() -> None:
    (made,), _ = read(
        f"dn: cn=Ana\ncn: Ana\njpegPhoto:: {base64.b64encode(bytes([255, 216, 255, 0])).decode()}\n"
    )
    assert made.photo is not None
    assert (made.photo.media_type, made.photo.data) == ("image/jpeg", b"\xff\xd8\xff\0")


def test_groups_organisations_and_changes_are_known() -> None:
    cards, problems = read(
        "dn: cn=Team\nobjectclass: groupOfNames\ncn: Team\nmember: cn=Ana\n\n"
        "dn: o=Acme\nobjectclass: organization\no: Acme\n\n"
        "dn: cn=Rui\nchangetype: delete\n"
    )
    assert [(made.kind, made.formatted_name) for made in cards] == [("group", "Team"), ("org", "Acme")]
    assert [(found.line, found.words) for found in problems] == [(10, "cn=Rui")]


def test_a_line_that_is_none_goes_to_the_note_and_is_said() -> None:
    (made,), (problem,) = read("dn: cn=Ana\ncn: Ana\nno attribute here\n")
    assert (made.note, problem.line, problem.words) == ("no attribute here", 3, "no attribute here")
