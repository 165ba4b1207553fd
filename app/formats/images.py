"""Pictures made safe and small: decoded within limits, turned upright, stripped of what the camera knew."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.i18n import _

MAX_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")

# Pillow refuses above twice this figure by itself, before our own check.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# All of these come out of Pillow for damaged headers (found by changing bytes at random).
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, OverflowError, TypeError, LookupError)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
ImageType = Literal["image/webp", "image/jpeg", "image/png"]


class ImageError(ValueError):
    """A picture that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture without metadata."""

    data: bytes
    media_type: ImageType
    width: int
    height: int


def thumbnail(
    data: bytes, box: tuple[int, int], *, square: bool = False, media_type: ImageType = "image/webp"
) -> Picture:
    """Return the picture within `box` (width, height in pixels), upright, in sRGB, without EXIF.

    `square` fills the box and cuts the rest, for avatars. Never enlarges. Animations become their first
    frame. Raises ImageError for more than 40 megapixels (before decoding), other formats and damaged files.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _refuse_too_large(image.size)
            image.draft("RGB", (box[0] * 2, box[1] * 2))
            ready = _plain(_upright(image))
            ready = _fitted(ready, box, square)
            return _encoded(ready, media_type)
    except _TOO_LARGE as error:
        raise ImageError(_too_large()) from error
    except UnidentifiedImageError as error:
        raise ImageError(
            _("This is no picture that can be shown. Use a PNG, JPEG, GIF or WebP file.")
        ) from error
    except ImageError:
        raise
    except _BROKEN as error:
        raise ImageError(
            _("The picture is damaged. Open it, save it again and upload the new file.")
        ) from error


def dimensions(data: bytes) -> tuple[int, int]:
    """Return width and height as the header says, without decoding; (0, 0) for what is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return image.size
    except (*_TOO_LARGE, *_BROKEN):
        return 0, 0


def _refuse_too_large(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise ImageError(_too_large())


def _too_large() -> str:
    return _(
        "The picture has more than %(most)d megapixels. Make it smaller and try again.",
        most=MAX_PIXELS // 10**6,
    )


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image)


def _plain(image: Image.Image) -> Image.Image:
    """Return the first frame in 8-bit RGB or RGBA, in the colours of the screen."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    alpha = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        image = _in_srgb(image, profile)
    return image.convert("RGBA" if alpha else "RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert by the embedded profile; a broken profile is ignored, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *_BROKEN):
        return image
    return converted or image


def _fitted(image: Image.Image, box: tuple[int, int], square: bool) -> Image.Image:
    if square:
        side = min(*image.size, *box)
        return ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    image.thumbnail(box, Image.Resampling.LANCZOS)
    return image


def _encoded(image: Image.Image, media_type: ImageType) -> Picture:
    if media_type == "image/jpeg" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    # A new image carries no EXIF, no profile, no comments.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    target = io.BytesIO()
    if media_type == "image/png":
        bare.save(target, "PNG", optimize=True)
    elif media_type == "image/jpeg":
        bare.save(target, "JPEG", quality=85, optimize=True, progressive=True)
    else:
        bare.save(target, "WEBP", quality=82, method=4)
    return Picture(target.getvalue(), media_type, *image.size)
