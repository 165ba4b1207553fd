"""Files on records: what is kept, under which name, for whom, and when it goes."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.house import house
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import Attachment, Blob
from app.services import attachments, file_sweep
from app.services.attachments import Upload
from app.testing.factories import Make


@pytest.fixture(autouse=True)
def files(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files for each test."""
    monkeypatch.setattr(house(app), "config", replace(house(app).config, data_dir=str(tmp_path)))
    return tmp_path / "files"


def picture(size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def on_disk(files: Path) -> list[str]:
    return sorted(path.name for path in files.glob("??/*"))


def test_the_same_content_is_kept_once_under_a_name_nobody_chose(make: Make, files: Path) -> None:
    ctx, ana = make.ctx(), make.contact()
    uploads = [Upload(name="../../etc/passwd", data=b"hello"), Upload(name="b.txt", data=b"hello")]

    made = [attachments.attach(ctx, "contact", ana.id, [one])[0] for one in uploads]

    assert [row.name for row in made] == ["passwd.txt", "b.txt"]
    assert made[0].blob_id == made[1].blob_id
    assert len(on_disk(files)) == 1
    assert "passwd" not in on_disk(files)[0]


def test_a_picture_gets_a_small_one_and_what_cannot_be_read_does_not(make: Make) -> None:
    ctx, ana = make.ctx(), make.contact()
    uploads = [
        Upload(name="roof.png", data=picture()),
        Upload(name="bad.png", data=b"\x89PNG\r\n\x1a\n broken"),
    ]

    good, bad = attachments.attach(ctx, "contact", ana.id, uploads)

    small = ctx.session.get_one(Blob, good.thumbnail_id)
    with Image.open(attachments.path_of(small.storage_name)) as shown:
        assert max(shown.size) <= 320
    assert bad.thumbnail_id is None


def test_the_type_is_what_the_content_says(make: Make) -> None:
    ctx, ana = make.ctx(), make.contact()

    made = attachments.attach(ctx, "contact", ana.id, [Upload(name="a.png", data=b"<svg onload=x>")])

    assert ctx.session.get_one(Blob, made[0].blob_id).media_type == "image/svg+xml"


@pytest.mark.parametrize(
    "uploads",
    [
        [Upload(name=f"{n}", data=b"x") for n in range(21)],
        [Upload(name="big", data=b"x" * (26 * 1024 * 1024))],
    ],
)
def test_too_many_or_too_large_is_refused_before_anything_is_written(
    make: Make, files: Path, uploads: list[Upload]
) -> None:
    with pytest.raises(Invalid) as error:
        attachments.attach(make.ctx(), "contact", make.contact().id, uploads)
    assert set(error.value.problems) == {"files"}
    assert on_disk(files) == []


def test_only_who_sees_the_record_gets_the_file(make: Make) -> None:
    ana = make.contact(team="north")
    row = attachments.attach(make.ctx(), "contact", ana.id, [Upload(name="a.txt", data=b"x")])[0]

    assert attachments.fetch(make.ctx(make.user("rep", team="north")), row.uid)[0].id == row.id
    with pytest.raises(NotVisible):
        attachments.fetch(make.ctx(make.user("rep", team="south")), row.uid)


def test_only_who_may_edit_the_record_takes_a_file_off_or_puts_one_on(make: Make) -> None:
    ana = make.contact(team="north")
    row = attachments.attach(make.ctx(), "contact", ana.id, [Upload(name="a.txt", data=b"x")])[0]
    reader = make.ctx(make.user("readonly"))

    with pytest.raises(NotAllowed):
        attachments.remove(reader, row.uid)
    with pytest.raises(NotAllowed):
        attachments.attach(reader, "contact", ana.id, [Upload(name="b.txt", data=b"y")])
    with pytest.raises(NotVisible):
        attachments.remove(make.ctx(make.user("rep", team="south")), row.uid)


def test_a_small_one_that_is_not_there_is_not_the_large_one(make: Make) -> None:
    ctx = make.ctx()
    row = attachments.attach(ctx, "contact", make.contact().id, [Upload(name="a.svg", data=b"<svg/>")])[0]

    with pytest.raises(NotVisible):
        attachments.fetch(ctx, row.uid, small=True)


def test_contents_go_at_night_when_nothing_points_at_them(make: Make, files: Path) -> None:
    ctx, ana = make.ctx(), make.contact()
    uploads = [Upload(name="a.txt", data=b"one"), Upload(name="b.txt", data=b"two")]
    gone, kept = attachments.attach(ctx, "contact", ana.id, uploads)
    attachments.remove(ctx, gone.uid)
    assert file_sweep.sweep(ctx) == 0

    ctx.now += timedelta(days=2)
    assert file_sweep.sweep(ctx) == 1

    assert on_disk(files) == [ctx.session.get_one(Blob, kept.blob_id).storage_name]
    assert ctx.session.query(Attachment).count() == ctx.session.query(Blob).count() == 1


def test_what_was_written_for_an_upload_that_failed_goes_too(make: Make, files: Path) -> None:
    ctx = make.ctx()
    attachments.prepare(ctx, [Upload(name="a.txt", data=b"never stored")])
    assert (len(on_disk(files)), file_sweep.sweep(ctx)) == (1, 0)

    old = (ctx.now - timedelta(days=2)).timestamp()
    for path in files.glob("??/*"):
        os.utime(path, (old, old))

    assert file_sweep.sweep(ctx) == 1
    assert on_disk(files) == []


def test_a_file_that_was_lost_comes_back_with_the_next_upload_of_the_same(make: Make, files: Path) -> None:
    ctx, ana = make.ctx(), make.contact()
    upload = Upload(name="a.txt", data=b"one")
    attachments.attach(ctx, "contact", ana.id, [upload])
    for path in files.glob("??/*"):
        path.unlink()

    row = attachments.attach(ctx, "contact", ana.id, [upload])[0]

    assert attachments.path_of(attachments.fetch(ctx, row.uid)[1].storage_name).read_bytes() == b"one"
