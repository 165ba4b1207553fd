"""The encoding of a foreign text is found from its bytes."""

import pytest

from app.formats.clean_text import clean
from app.formats.text_encoding import detect


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Jürgen Müller, Straße 5, Köln", "cp1252"),
        ("André", "cp1252"),
        ("MÜLLER GmbH", "cp1252"),
        ("“Anna’s” café – naïve", "cp1252"),
        ("Łukasz Żółć, Kraków święto", "cp1250"),
        ("小林 保衛,翻訳サ", "cp932"),
        ("ﾔﾏﾀﾞ", "cp932"),
        ("王小明,北京市朝阳区建国路", "gb18030"),
        ("Иван Петров, Москва", "cp1251"),
        ("Παπαδόπουλος Αθήνα", "cp1253"),
        ("ana@acme.pt, Zoë", "utf-8"),
        ("Zoë", "utf-8-sig"),
        ("Name;Zoë Müller", "utf-16-le"),
        ("Name;Zoë Müller", "utf-16-be"),
    ],
)
def test_a_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detect(data)) == text


def test_cleaning_leaves_one_kind_of_line_break_and_no_controls() -> None:
    assert clean("a\r\nb\rc\u2028d\x0be\x00\x1b\ufefff\ud800\tg") == "a\nb\nc\nd\nef\ufffd\tg"
