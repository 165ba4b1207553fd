"""The file of a backup: whole or not there, and nothing in it is trusted."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
from pathlib import Path

import pytest

from app.services import archive

BYTES = random.Random(7).randbytes(100_000)  # in what can be compressed, a flipped bit may change nothing


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive with two members."""
    (tmp_path / "a").write_bytes(BYTES)
    (tmp_path / "b").write_bytes(b"")
    path = tmp_path / "made.tar.gz"
    with archive.writing(path, {"database": "sqlite"}) as writer:
        writer.add("database/kith.db", tmp_path / "a")
        writer.add("files/ab/abc123", tmp_path / "b")
    return path


def test_what_was_written_is_read_back(made: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    manifest = archive.read(made, tmp_path / "out")
    assert manifest["database"] == "sqlite"
    assert set(manifest["members"]) == {"database/kith.db", "files/ab/abc123"}
    assert (tmp_path / "out/database/kith.db").read_bytes() == BYTES


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    target = tmp_path / "kith.tar.gz"
    with pytest.raises(ZeroDivisionError):
        half(target, tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def half(target: Path, member: Path) -> None:
    with archive.writing(target, {}) as writer:
        writer.add("files/a", member)
        raise ZeroDivisionError


def test_a_file_that_shrinks_while_it_is_read_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(archive.BadArchive), archive.writing(tmp_path / "x.tar.gz", {}) as writer:
        writer.add("../a", tmp_path / "a")


@pytest.mark.parametrize("where", [0.02, 0.5, 0.9])
def test_a_flipped_bit_is_found(made: Path, where: float) -> None:
    data = bytearray(made.read_bytes())
    data[int(len(data) * where)] ^= 1
    made.write_bytes(data)
    with pytest.raises(archive.BadArchive):
        archive.read(made)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_cut_off_file_is_found(made: Path, kept: float) -> None:
    made.write_bytes(made.read_bytes()[: int(made.stat().st_size * kept)])
    with pytest.raises(archive.BadArchive):
        archive.read(made)


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def forged(path: Path, *members: tarfile.TarInfo, manifest: object = None) -> Path:
    """An archive as somebody else would write it."""
    with gzip.open(path, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for member in members:
            tar.addfile(member)
        text = json.dumps(manifest if manifest is not None else {"format": 1, "members": {}}).encode()
        last = tarfile.TarInfo("manifest.json")
        last.size = len(text)
        tar.addfile(last, io.BytesIO(text))
    return path


@pytest.mark.parametrize(
    "member",
    [
        info("../../etc/passwd"),
        info("/etc/passwd"),
        info("files/../../x"),
        info("files/.ssh"),
        info("other/x"),
        info("files/a b"),
        info("files/link", tarfile.SYMTYPE, "/etc/passwd"),
        info("files/hard", tarfile.LNKTYPE, "/etc/passwd"),
        info("files/device", tarfile.CHRTYPE),
        info("files/folder", tarfile.DIRTYPE),
    ],
    ids=lambda member: member.name,
)
def test_names_and_kinds_that_could_leave_the_folder_are_refused(
    member: tarfile.TarInfo, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(archive.BadArchive):
        archive.read(forged(tmp_path / "x.tar.gz", member), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "manifest",
    [[], {"members": {}}, {"format": 2, "members": {}}, {"format": 1, "members": {"files/a": {"size": 0}}}],
)
def test_a_manifest_that_does_not_fit_is_refused(manifest: object, tmp_path: Path) -> None:
    with pytest.raises(archive.BadArchive):
        archive.read(forged(tmp_path / "x.tar.gz", manifest=manifest))


def test_a_member_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(archive.BadArchive):
        archive.read(forged(tmp_path / "x.tar.gz", info("files/a"), info("files/a")))


def test_what_is_no_archive_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_text("hello")
    with pytest.raises(archive.BadArchive, match="damaged or not complete"):
        archive.read(path)
