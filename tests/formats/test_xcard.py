"""xCard: groups and foreign elements are kept, and no XML can harm the reader."""

from app.formats.card import Card, Problem
from app.formats.xcard import read_xcards

HEAD = '<vcards xmlns="urn:ietf:params:xml:ns:vcard-4.0"><vcard>'
TAIL = "</vcard></vcards>"


def test_groups_structured_values_and_foreign_elements_are_read() -> None:
    (made,) = read_xcards(
        f"""{HEAD}<fn><text>Ana</text></fn><n><surname>Lima</surname><given>Ana</given><suffix>Dr.</suffix>
        <suffix>Ph.D.</suffix></n><group name="g1"><tel><parameters><type><text>cell</text></type></parameters>
        <uri>tel:+351-1</uri></tel></group><own xmlns="urn:x"><a>1</a></own>{TAIL}""".encode()
    )
    assert isinstance(made, Card)
    assert (made.family_name, made.honorific_suffix) == ("Lima", "Dr., Ph.D.")
    assert (made.phones[0].value, made.phones[0].types) == ("+351-1", ("cell",))
    assert (made.extra[0].name, made.extra[0].values) == ("own", ("1",))


def test_entities_are_refused() -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "boom">]>{HEAD}<fn><text>&a;</text></fn>{TAIL}'
    (found,) = read_xcards(bomb.encode())
    assert isinstance(found, Problem)


def test_cards_before_broken_xml_are_read() -> None:
    found = list(read_xcards(f"{HEAD}<fn><text>Ana</text></fn></vcard><vcard><fn>".encode()))
    assert [type(item) for item in found] == [Card, Problem]
