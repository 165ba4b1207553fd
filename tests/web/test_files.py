"""How files leave the house: never as something a browser would run, and only to who sees the record."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app.services import attachments
from app.services.attachments import Upload
from app.testing.clients import Person
from app.testing.factories import Make


def picture() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def kept(make: Make, name: str, data: bytes, **contact: Any) -> str:
    row = attachments.attach(
        make.ctx(), "contact", make.contact(**contact).id, [Upload(name=name, data=data)]
    )[0]
    return f"/files/{row.uid}"


def fetched(who: Person, path: str, **more: Any) -> TestResponse:
    """Return an answer after reading and closing the file behind it."""
    answer = who.get(path, **more)
    answer.get_data()
    answer.close()
    return answer


@pytest.fixture
def rep(as_role: Any) -> Person:
    return as_role("rep", team="north")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("picture.png", b"<html><script>alert(1)</script></html>"),
        (
            "data.xml",
            b'<?xml version="1.0"?><a xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></a>',
        ),
        ("photo.jpg", picture()),
        ("notes.txt", b"hello"),
    ],
)
def test_what_a_browser_could_run_is_a_download_in_a_sandbox(
    make: Make, rep: Person, name: str, data: bytes
) -> None:
    answer = fetched(rep, kept(make, name, data, team="north"))

    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["logo.svg", "page.html", "notes.txt"])
def test_there_is_no_small_version_of_what_is_no_picture(make: Make, rep: Person, name: str) -> None:
    address = kept(make, name, b"<svg onload='alert(1)'/>", team="north")

    assert fetched(rep, f"{address}?small=1").status_code == 404


def test_a_picture_is_shown_small_and_without_what_the_camera_knew(make: Make, rep: Person) -> None:
    answer = fetched(rep, kept(make, "roof.jpg", picture(), team="north") + "?small=1")

    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "private" in answer.headers["Cache-Control"]
    assert b"taken at home" not in answer.data
    with Image.open(io.BytesIO(answer.data)) as shown:
        assert max(shown.size) <= 320


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        'a"; filename="b.exe',
        "line\r\nSet-Cookie: x=1",
        "\u202egnp.exe",
        "räksmörgås 資料.pdf",
        "CON",
        "",
        "x" * 500 + ".pdf",
    ],
)
def test_a_hostile_name_is_harmless(make: Make, rep: Person, name: str) -> None:
    answer = fetched(rep, kept(make, name, b"%PDF-1.7", team="north"))

    told = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert "Set-Cookie: x" not in str(answer.headers)
    for bad in ("..", "/etc", "\u202e", "\r", "\n"):
        assert bad not in told
    assert told.count('"') == 2


def test_a_file_of_a_record_out_of_sight_does_not_exist(make: Make, rep: Person) -> None:
    address = kept(make, "a.txt", b"secret", team="south")

    assert fetched(rep, address).status_code == 404
    assert rep.post(f"{address}/remove").status_code == 404


def test_a_file_of_a_record_in_the_trash_does_not_exist(make: Make, rep: Person) -> None:
    from app.models import Contact
    from app.services import records

    address = kept(make, "a.txt", b"secret", team="north")
    records.trash(make.ctx(), "contact", [make.ctx().session.query(Contact).one().id])

    assert fetched(rep, address).status_code == 404


def test_nobody_gets_a_file_without_signing_in(make: Make, as_role: Any) -> None:
    assert as_role(None).get(kept(make, "a.txt", b"secret")).status_code == 303


def test_only_a_part_can_be_asked_for(make: Make, rep: Person) -> None:
    answer = fetched(rep, kept(make, "a.txt", b"0123456789", team="north"), headers={"Range": "bytes=2-4"})

    assert (answer.status_code, answer.data) == (206, b"234")
