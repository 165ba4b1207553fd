"""Every real address-book file: the contacts it gives, and that each of its properties is in them afterwards.

`contacts_expected.tsv` is complete: a file that is not in it fails. "In the file" is counted here, without the readers.
"""

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.formats.card import Card, Reading
from app.formats.sniff import read
from app.formats.text_encoding import is_utf8
from app.formats.vcard_lines import logical_lines
from app.formats.vcard_read import read_vcards
from app.formats.vcard_syntax import parse_line
from app.formats.vcard_values import to_property, unescape
from app.formats.vcard_write import write_vcard

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/data/contacts"
CONTACTS = SHARED if SHARED.is_dir() else ROOT / "tests/data/contacts"
"""All of the files, or the few of them that the repository holds."""
TABLE = ROOT / "tests/data/contacts_expected.tsv"
HEADER_ROWS = {"salesforce_npsp_import_template.csv": 5, "csv_no_header.csv": 0}
SAME = {"mobile": "cell", "assistantphone": "assistant", "male": "m", "company": "org"}
"""Words of programs for which a card has the word of vCard."""
PROPERTY = re.compile(
    r"^(?!BEGIN:|END:|VERSION:)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)?(?:;[^:\n]*)?:", re.M | re.I
)


class Row(NamedTuple):
    """One line of the table; `why` says why a property is not kept, or why there is a problem."""

    file: str
    format: str
    cards: int
    in_file: int
    kept: int
    problems: int
    why: str


def table() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return [Row(c[0], c[1], int(c[2]), int(c[3]), int(c[4]), int(c[5]), c[6]) for c in cells]


def files() -> list[str]:
    return sorted(str(path.relative_to(CONTACTS)) for path in CONTACTS.rglob("*/*") if path.is_file())


def rows_here() -> list[Row]:
    return [row for row in table() if (CONTACTS / row.file).exists()]


# ---------------------------------------------------------------- what is in a file


def text_of(data: bytes) -> str:
    if data[:2] in (b"\xfe\xff", b"\0B"):
        return data.decode("utf-16-be")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def vcard_values(data: bytes) -> Iterator[list[str]]:
    data = text_of(data).encode() if data[:2] in (b"\xfe\xff", b"\0B") else data
    version = "2.1" if b"VERSION:2.1" in data or b"version:2.1" in data else "3.0"
    for line in logical_lines(data):
        found = parse_line(line.content, "utf-8" if is_utf8(data) else "cp1252", version)
        assert found is not None
        if found.name in ("begin", "end", "version"):
            continue
        prop = to_property(found, version)
        leaves = list(strings(prop.values))
        yield [unescape(leaf) for leaf in leaves] if prop.type == "unknown" else leaves


def values_in(name: str, data: bytes) -> tuple[int, list[list[str]]]:
    """How many properties a file holds, and their texts."""
    text = text_of(data)
    if ".vcf" in name:
        return len(PROPERTY.findall(text.replace("\r", ""))), list(vcard_values(data))
    if name.endswith(".ldif"):
        return len(re.findall(r"^\w[\w;-]*::? ", text, re.M)), list(ldif_values(text))
    if name.endswith(".xml"):
        cards = text.split("<vcard>")[1:]
        found = re.findall(r"<(\w+)>(?:(?!</\1>).)*</\1>", "".join(cards), re.S)
        bodies = re.findall(r"\n\t\t<(\w+)>(.*?)\n\t\t</\1>", "".join(cards), re.S)
        return len(bodies), [re.findall(r">\s*([^<>\s][^<>]*?)\s*<", body) for _, body in bodies if found]
    if name.endswith(".json"):
        return json_values(json.loads(text))
    return csv_values(name, text)


def ldif_values(text: str) -> Iterator[list[str]]:
    for line in re.sub(r"\r?\n ", "", text).splitlines():
        key, colon, value = line.partition(":")
        if colon and key:
            coded = value.startswith(":")
            yield [base64.b64decode(value[1:]).decode() if coded else value.strip()]


def json_values(value: Any) -> tuple[int, list[list[str]]]:
    if isinstance(value, list) and value[0] == "vcard":
        found = [list(strings(item[3:])) for item in value[1] if item[0] != "version"]
    else:
        records = value["records"] if isinstance(value, dict) else value
        found = [[str(v)] for record in records for key, v in record.items() if key != "attributes"]
    return len(found), found


def csv_values(name: str, text: str) -> tuple[int, list[list[str]]]:
    mark = "\t" if name.endswith(".txt") else ";" if "semicolon" in name else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    cells = [
        cell.strip() for row in rows[HEADER_ROWS.get(Path(name).name, 1) :] for cell in row if cell.strip()
    ]
    return len(cells), [[part.strip(" *") for part in cell.split(":::")] for cell in cells]


# ---------------------------------------------------------------- what is in the cards


def strings(value: Any) -> Iterator[str]:
    """Every text in a structure; bytes as base64, names of filled fields too."""
    if isinstance(value, bytes):
        yield base64.b64encode(value).decode()
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if inner:
                yield str(key)
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def plain(text: str) -> str:
    """A text without what may be written in several ways: punctuation, scheme, capitals, midnight."""
    text = re.sub(r"^(?:data:[^,]*,|_\$!<|(?!https?:|urn:)[a-z]+:(?=\S))", "", text)
    text = re.sub(r"T00:?00:?00Z?$", "", text)
    text = re.sub(r"[\W_]+", "", text.casefold())
    return SAME.get(text, text.lstrip("0"))


def kept(values: list[list[str]], reading: Reading) -> int:
    texts = [unescape(leaf) for card in reading.cards for leaf in strings(asdict(card))]
    leaves = {plain(part) for leaf in texts for part in (leaf, *re.split(r"[\s,;:-]+", leaf))}
    text = "\0".join(leaves)

    def found(value: str) -> bool:
        wanted = plain(value)
        return not wanted or wanted in leaves or (len(wanted) > 3 and wanted in text)

    return sum(1 for value in values if all(found(leaf) for leaf in value))


def measured(name: str) -> Row:
    data = (CONTACTS / name).read_bytes()
    reading = read(data, name)
    count, values = values_in(name, data)
    return Row(
        name, reading.format, len(reading.cards), count, kept(values, reading), len(reading.problems), ""
    )


# ---------------------------------------------------------------- the tests


def test_the_table_names_every_file() -> None:
    assert [row.file for row in rows_here()] == files()
    assert CONTACTS != SHARED or rows_here() == table()


@pytest.mark.parametrize("row", rows_here(), ids=lambda row: row.file)
def test_a_file_gives_its_contacts_with_all_their_properties(row: Row) -> None:
    assert measured(row.file) == row._replace(why="")


def test_only_what_the_table_explains_is_not_kept() -> None:
    unexplained = [row.file for row in table() if (row.kept != row.in_file or row.problems) and not row.why]
    assert unexplained == []


@pytest.mark.parametrize("version", ["4.0", "3.0"])
@pytest.mark.parametrize("name", files())
def test_what_is_written_is_read_again_as_the_same_contact(name: str, version: Any) -> None:
    for card in read((CONTACTS / name).read_bytes(), name).cards:
        assert list(read_vcards(write_vcard(card, version).encode())) == [card]


@pytest.mark.parametrize("name", ["roundcube_email", "roundcube_gmail", "roundcube_tb_plain"])
def test_a_table_gives_what_roundcube_makes_of_it(name: str) -> None:
    if CONTACTS != SHARED:
        pytest.skip("Roundcube's files are not in the repository")
    ours = read((CONTACTS / f"csv_exports/{name}.csv").read_bytes(), f"{name}.csv").cards
    theirs = [
        card
        for card in read_vcards((CONTACTS / f"csv_exports/{name}.vcf").read_bytes())
        if isinstance(card, Card)
    ]
    assert [essence(card) for card in ours] == [essence(card) for card in theirs]


def essence(card: Card) -> dict[str, Any]:
    """What both programs agree on: Roundcube adds "home" where nothing is said and leaves out what it has no field for."""
    names = (
        "formatted_name",
        "given_name",
        "family_name",
        "additional_name",
        "honorific_prefix",
        "honorific_suffix",
    )
    found: dict[str, Any] = {
        name: getattr(card, name) for name in (*names, "nickname", "title", "organization")
    }
    found |= {
        "birthday": card.birthday,
        "note": card.note,
        "categories": card.categories,
        "department": card.department,
    }
    for field in ("emails", "phones", "urls", "related"):
        found[field] = [entry.value for entry in getattr(card, field)]
    found["places"] = [
        (a.street_address, a.locality, a.region, a.postal_code, a.country, a.types) for a in card.addresses
    ]
    found["phone types"] = [tuple(word for word in phone.types if word != "home") for phone in card.phones]
    return found
