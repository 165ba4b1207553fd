"""A phone reads the code, the page's policy allows it, and a long card is refused with advice."""

import re

import pytest
from defusedxml.ElementTree import fromstring

from app.formats.qr import MAX_BYTES, QrTooLong, svg, svg_file

CARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:João Łukasz 田中\r\nTEL:+351912345678\r\nEND:VCARD\r\n"


def test_the_drawing_needs_no_style_and_no_script() -> None:
    drawn = svg(CARD, "QR code of Ana")
    for element in fromstring(drawn).iter():
        assert element.tag in {"svg", "title", "path"}
        assert not set(element.attrib) & {"style", "id", "href", "onload"}
    assert 'role="img"' in drawn
    assert "<title>QR code of Ana</title>" in drawn


def test_a_hostile_name_stays_text() -> None:
    root = fromstring(svg(CARD, "<script>\x01alert(1)</script>\"'&"))
    assert [element.tag for element in root.iter()].count("script") == 0
    assert root[0].text == "<script>alert(1)</script>\"'&"


def test_the_finder_patterns_are_where_a_camera_looks() -> None:
    drawn = svg(CARD, "x")
    box = re.search(r'viewBox="0 0 (\d+) \1"', drawn)
    assert box is not None
    side = int(box[1]) - 8
    first_row = re.search(r' d="M4 4\.5h7.*?h7(?:m|")', drawn)
    assert first_row is not None
    assert (side - 17) % 4 == 0


def test_a_long_card_is_refused_with_advice() -> None:
    assert svg("x" * MAX_BYTES, "x")
    with pytest.raises(QrTooLong, match="Download the vCard"):
        svg("é" * MAX_BYTES, "x")


def test_the_file_stands_alone() -> None:
    assert fromstring(svg_file(CARD, "x")).tag == "{http://www.w3.org/2000/svg}svg"
