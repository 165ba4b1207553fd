"""Files read from a byte on: every format that can begin in the middle finds there what it finds from the beginning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.formats.source import Source, lines
from app.services.import_options import Options
from app.services.import_reading import Item, items

PEOPLE = [(f"Ana {n}", f"Lima {n}", f"ana{n}@example.org") for n in range(40)]


def table(end: str = "\n", quoted: bool = False) -> str:
    rows = [",".join(("First name", "Last name", "E-mail", "Notes"))]
    for n, row in enumerate(PEOPLE):
        note = f'"two{end}lines, {n}"' if quoted else f"ü {n}"
        odd = ",x" if n == 20 else ""
        rows += [",".join((*row, note)) + odd, *([""] if n % 7 == 0 else [])]
    return end.join(rows) + end


def cards() -> str:
    head = "BEGIN:VCARD\r\nVERSION:3.0\r\n"
    stray = "stray words\r\n"
    whole = [f"{head}FN:{a} {b}\r\nN:{b};{a};;;\r\nEMAIL:{m}\r\nEND:VCARD\r\n" for a, b, m in PEOPLE]
    return stray.join([*whole[:9], "".join(whole[9:])])


def entries() -> str:
    found = ["version: 1\n"]
    found += [f"dn: mail={m}\nobjectclass: person\ncn: {a} {b}\nsn: {b}\nmail: {m}\n\n" for a, b, m in PEOPLE]
    return "# a comment\n".join(found)


def objects() -> list[dict[str, str]]:
    return [{"first_name": a, "last_name": b, "email": m, "note": "ü" * 50} for a, b, m in PEOPLE]


FILES: dict[str, tuple[str, bytes]] = {
    "lf": ("a.csv", table().encode()),
    "bom and crlf": ("a.csv", b"\xef\xbb\xbf" + table("\r\n").encode()),
    "cr": ("a.csv", table("\r").encode()),
    "latin": ("a.csv", table().encode("cp1252")),
    "quoted line ends": ("a.csv", table("\r\n", quoted=True).encode()),
    "unclosed marks": ("a.csv", table().replace("ü 1", '"ü 1').encode()),
    "json lines": ("a.jsonl", "\n".join(json.dumps(one) for one in objects()).encode()),
    "vcard": ("a.vcf", cards().encode()),
    "ldif": ("a.ldif", entries().encode()),
}


def said(found: list[Item]) -> list[Any]:
    return [(one.number, one.found, one.row) for one in found]


@pytest.mark.parametrize("name", FILES)
def test_reading_on_from_any_find_gives_the_rest(name: str, tmp_path: Path) -> None:
    file, data = FILES[name]
    path = tmp_path / file
    path.write_bytes(data)
    whole = list(items(Source(path=path), file, Options()))
    assert len(whole) >= len(PEOPLE)
    assert said(whole) == said(list(items(data, file, Options())))
    assert whole[-1].since is not None
    for one in whole:
        rest = [x for x in items(Source(path=path), file, Options(), one.since) if x.number > one.number]
        assert said(rest) == said(whole[one.number :]), one
    assert whole[-1].since.mark.at > 0.9 * len(data)


def test_a_long_list_of_objects_is_streamed_and_read_on(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.formats.sniff.MAX_JSON", 1000)
    monkeypatch.setattr("app.formats.json_stream.CHUNK", 64)
    monkeypatch.setattr("app.formats.json_stream.BEGINNING", 5)
    odd = [*objects(), {"first_name": "Zoe", "last_name": "Braun", "shoe": 38}, 7]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"meta": {"data": 1}, "contacts": odd}, indent=1, ensure_ascii=False))
    whole = list(items(Source(path=path), "a.json", Options()))
    assert [one.row.number for one in whole if one.row is not None] == list(range(2, 43))
    assert [one.found.words for one in whole if one.row is None] == ['{"shoe": 38}', "7"]  # type: ignore[union-attr]
    for one in whole:
        rest = [x for x in items(Source(path=path), "a.json", Options(), one.since) if x.number > one.number]
        assert said(rest) == said(whole[one.number :])


def test_a_broken_list_says_where_and_keeps_what_was_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.formats.sniff.MAX_JSON", 1000)
    text = json.dumps(objects())
    path = tmp_path / "a.json"
    path.write_text(text[: len(text) // 2])
    whole = list(items(Source(path=path), "a.json", Options()))
    assert 15 < len(whole) < 25
    assert "no valid JSON" in whole[-1].found.sentence  # type: ignore[union-attr]


def test_lines_end_where_any_system_ends_them(monkeypatch: Any) -> None:
    for size in (1, 2, 3, 100):
        monkeypatch.setattr("app.formats.source.CHUNK", size)
        found = list(lines(Source(b"a\r\nb\rc\n\nd")))
        assert found == [(3, b"a\r\n"), (5, b"b\r"), (7, b"c\n"), (8, b"\n"), (9, b"d")], size


def test_the_encoding_of_a_long_file_is_told_by_its_first_foreign_letters(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("app.formats.source.SMALL", 10)
    path = tmp_path / "a.csv"
    plain = b"Name,Town\n" + b"Ana,Porto\n" * 30_000
    for text, codec in (("Müller,Köln\nJosé,León\n", "cp1252"), ("Müller,Köln\n", "utf-8")):
        path.write_bytes(plain + text.encode(codec))
        assert Source(path=path).encoding == codec
