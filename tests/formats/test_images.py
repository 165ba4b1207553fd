"""Pictures are small, upright and tell nothing about where they were taken; bombs are refused unopened."""

import base64
import io
import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from app.formats.images import ImageError, dimensions, thumbnail


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo_with_place() -> bytes:
    """A red left half and a blue right half, lying on its side, with a camera and a place in its EXIF."""
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(image, "JPEG", exif=exif)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_photo_is_turned_upright_and_forgets_camera_and_place() -> None:
    picture = thumbnail(photo_with_place(), (100, 100))
    image = opened(picture.data)
    assert (picture.width, picture.height) == image.size == (50, 100)
    red, _green, blue = image.convert("RGB").getpixel((25, 10))
    assert red > 200
    assert blue < 60
    assert not image.getexif()
    assert b"SecretCamera" not in picture.data


def test_an_avatar_is_a_square_and_never_enlarged() -> None:
    assert opened(thumbnail(photo_with_place(), (96, 96), square=True).data).size == (96, 96)
    assert opened(thumbnail(encoded(Image.new("RGB", (20, 10)), "PNG"), (96, 96), square=True).data).size == (
        10,
        10,
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_comes_out(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data = encoded(Image.new(mode, (30, 20)), kind)
    for media_type in ("image/webp", "image/jpeg", "image/png"):
        picture = thumbnail(data, (10, 10), media_type=media_type)
        assert opened(picture.data).size == (10, 7)
        assert Image.MIME[opened(picture.data).format or ""] == picture.media_type


def test_transparency_stays_or_becomes_white() -> None:
    data = encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG")
    assert opened(thumbnail(data, (10, 10)).data).getpixel((5, 5))[3] == 0
    assert opened(thumbnail(data, (10, 10), media_type="image/jpeg").data).getpixel((5, 5)) == (255, 255, 255)


def test_an_animation_becomes_its_first_frame() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    image = opened(thumbnail(data, (10, 10)).data)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((5, 5))[0] > 200


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6400, 6400), (10_000, 8_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match="more than 40 megapixels"):
        thumbnail(bomb(*size), (100, 100))


def test_other_formats_and_damaged_files_are_answered_with_advice() -> None:
    with pytest.raises(ImageError, match="Use a PNG, JPEG, GIF or WebP"):
        thumbnail(b"<svg/>", (10, 10))
    with pytest.raises(ImageError, match="damaged"):
        thumbnail(photo_with_place()[:900], (10, 10))
    with pytest.raises(ImageError, match="damaged"):
        thumbnail(bomb(100, 100), (10, 10))


def test_the_size_is_read_without_decoding() -> None:
    assert dimensions(photo_with_place()) == (400, 200)
    assert dimensions(b"nothing") == (0, 0)


def test_the_photo_of_a_real_address_book_is_shown(shared_data: Path) -> None:
    card = next((shared_data / "contacts").rglob("sabre_issue153.vcf")).read_text(encoding="utf-8")
    photo = re.search(r"PHOTO[^:]*:([^:]+)\r?\n[A-Z]", re.sub(r"\r?\n ", "", card))
    assert photo is not None
    assert thumbnail(base64.b64decode(photo[1]), (96, 96)).width == 96
