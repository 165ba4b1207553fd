"""What is no whole, unchanged export for an empty house is refused with a sentence, and nothing of it is there."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.house import house
from app.models import Attachment, Company, Contact, Tag, User
from app.services import attachments, whole_export, whole_import
from app.services.attachments import Upload
from app.services.context import as_system
from app.services.whole_files import BadExport
from app.testing.factories import Make


@pytest.fixture
def exported(make: Make, tmp_path: Path, empty: Callable[[], None]) -> Path:
    """An export of a small house, which is empty again."""
    user = make.user("administrator")
    ana = make.contact(given_name="Ana", family_name="Lima", owner=user, tags=["vip"])
    make.company(name="Acme", owner=user)
    attachments.attach(make.ctx(user), "contact", ana.id, [Upload(name="a.txt", data=b"hello")])
    whole_export.write(as_system("test"), tmp_path / "all")
    empty()
    return tmp_path / "all"


@pytest.fixture
def empty(app: Flask) -> Callable[[], None]:
    """Make the house empty again."""

    def emptied() -> None:
        db.session.remove()
        app.extensions["kith_baseline"].restore()
        shutil.rmtree(house(app).config.data / "files", ignore_errors=True)

    return emptied


def count(model: Any) -> int:
    return len(as_system("test").session.execute(select(model)).all())


def files(app: Flask) -> list[Path]:
    return [path for path in (house(app).config.data / "files").rglob("*") if path.is_file()]


def refused(source: Path, why: str) -> None:
    with pytest.raises(BadExport, match=why):
        whole_import.read(as_system("test"), source)


def change(folder: Path, name: str, edit: Callable[[bytes], bytes]) -> None:
    """Change a member so that the manifest agrees with it."""
    path = folder / name
    path.write_bytes(edit(path.read_bytes()))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    data = path.read_bytes()
    told = {"lines": data.count(b"\n"), "bytes": len(data), "sha256": sha256(data).hexdigest()}
    manifest["members"][name] = told
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_it_is_taken_in_whole(app: Flask, exported: Path) -> None:
    told: list[tuple[str, int]] = []
    whole_import.read(as_system("test"), exported, say=lambda name, rows: told.append((name, rows)))
    assert ("contact", 1) in told
    assert (count(User), count(Contact), count(Company), count(Tag), count(Attachment)) == (1, 1, 1, 1, 1)
    assert [path.read_bytes() for path in files(app)] == [b"hello"]


def test_a_house_with_somebody_in_it_is_left_alone(make: Make, exported: Path) -> None:
    make.user("administrator")
    refused(exported, "This Kith is not empty: there is something in “user”")
    assert count(Contact) == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("data/contact.jsonl", "data/contact.jsonl is not what it was"),
        ("schema.json", "schema.json is not what it was"),
        ("files", "is not what it was"),
    ],
)
def test_one_changed_byte_is_found_before_anything_happens(
    app: Flask, exported: Path, name: str, why: str
) -> None:
    path = exported / name
    path = next(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    refused(exported, why)
    assert (count(User), files(app)) == (0, [])


def test_a_missing_and_an_unknown_member_are_found(exported: Path) -> None:
    (exported / "data" / "tag.jsonl").rename(exported / "data" / "flag.jsonl")
    refused(exported, "data/tag.jsonl is missing")
    (exported / "data" / "flag.jsonl").rename(exported / "data" / "tag.jsonl")
    (exported / "more.txt").write_text("more")
    refused(exported, "its manifest knows nothing")


def test_a_line_that_does_not_fit_leaves_nothing_behind(app: Flask, exported: Path) -> None:
    change(
        exported, "data/journal.jsonl", lambda data: data.replace(b'"verb":"create"', b'"word":"create"', 1)
    )
    refused(exported, r"data/journal.jsonl, line 1: it has the unknown column 'word'")
    assert (count(User), count(Contact), files(app)) == (0, 0, [])


def test_what_points_at_nothing_is_refused(exported: Path) -> None:
    def edit(data: bytes) -> bytes:
        one = json.loads(data)
        return json.dumps({**one, "owner_id": one["uid"]}).encode() + b"\n"

    change(exported, "data/contact.jsonl", edit)
    refused(exported, "owner_id names")
    assert count(Contact) == 0


@pytest.mark.parametrize("column", ["id", "password_hash", "totp_seed"])
def test_nobody_is_smuggled_in_with_a_password(exported: Path, column: str) -> None:
    def edit(data: bytes) -> bytes:
        return json.dumps({**json.loads(data), column: "x"}).encode() + b"\n"

    change(exported, "data/user.jsonl", edit)
    refused(exported, f"unknown column '{column}'")


def test_a_value_of_another_type_is_refused(exported: Path) -> None:
    change(
        exported,
        "data/contact.jsonl",
        lambda data: data.replace(b'"given_name":"Ana"', b'"given_name":["Ana"]'),
    )
    refused(exported, "line 1: given_name is")


def test_data_of_a_plugin_that_is_not_here_are_refused_by_its_name(exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_bytes())
    manifest["owners"]["boats"] = "0001"
    (exported / "manifest.json").write_text(json.dumps(manifest))
    refused(exported, "data of the plugin “boats”, which is not installed here")


@pytest.mark.parametrize("text", ["", "[]", '{"format": "zip"}', '{"format": "kith-export", "version": 99}'])
def test_what_is_no_export_is_said_to_be_none(exported: Path, text: str) -> None:
    (exported / "manifest.json").write_text(text)
    refused(exported, "its manifest is none|has version 99")


def test_links_out_of_the_folder_are_not_followed(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes((exported / "data" / "contact.jsonl").read_bytes())
    (exported / "data" / "contact.jsonl").unlink()
    (exported / "data" / "contact.jsonl").symlink_to(tmp_path / "secret")
    refused(exported, "is a link")


def test_a_zip_that_was_cut_off_is_refused(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted(p for p in exported.rglob("*") if p.is_file()):
            archive.write(member, member.relative_to(exported).as_posix())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "is no export of Kith")
    path.write_bytes(whole)
    whole_import.read(as_system("test"), path)
    assert count(Contact) == 1


def test_a_column_that_is_younger_than_the_export_gets_its_default(exported: Path) -> None:
    def edit(data: bytes) -> bytes:
        return json.dumps({n: v for n, v in json.loads(data).items() if n != "nickname"}).encode() + b"\n"

    change(exported, "data/contact.jsonl", edit)
    whole_import.read(as_system("test"), exported)
    assert as_system("test").session.execute(select(Contact.nickname)).scalar_one() == ""
