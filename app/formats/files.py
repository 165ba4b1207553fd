"""Files from outside: what they are by their content, and names that are safe to hand back (TRUST S11)."""

from __future__ import annotations

import io
import mimetypes
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from urllib.parse import quote

import puremagic

UNKNOWN = "application/octet-stream"
# Shown inside a page; everything else is a download. Images are served re-encoded (see images.thumbnail).
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
MAX_NAME = 120

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
)
_OFFICE = {
    "word/": "wordprocessingml.document",
    "xl/": "spreadsheetml.sheet",
    "ppt/": "presentationml.presentation",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_TYPES = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What makes a browser that may guess take a text for a page.
_HTML_START = re.compile(
    r"<(?:!--|(?:!doctype\s+html|html|head|body|title|style|iframe|h1|div|font|table|a|b|br|p|form|img|meta|link)\b)",
    re.IGNORECASE,
)
_HTML_ANYWHERE = re.compile(r"<(?:!doctype\s+html|html|script)\b", re.IGNORECASE)
_SVG = re.compile(r"<(?:[\w-]+:)?svg\b", re.IGNORECASE)
_TEXT_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".json": "application/json",
}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def sniff(data: bytes, name: str = "") -> str:
    """Return the media type of a file by its content; the name decides only between kinds of one container.

    `data` is the file or at least its first 64 KiB. Text that a browser could take for a page is `text/html`
    or `image/svg+xml`, whatever it is called.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if not data:
        return UNKNOWN
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data.startswith(_OLE):
        return _OLE_TYPES.get(suffix, "application/x-ole-storage")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    return _container(data) or _text_type(data, suffix) or _guessed(data)


def is_inline(media_type: str) -> bool:
    """Tell whether a file of this type may be shown inside a page."""
    return media_type in INLINE


def safe_name(name: str, media_type: str = "") -> str:
    """Return a file name without folders, control signs, writing-direction tricks and reserved words.

    At most 120 characters with the extension kept; an extension is added if there is none. Never empty.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C"
    )
    clean = " ".join(_FORBIDDEN.sub("_", visible).split()).strip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if not dot or not suffix.isalnum() or len(suffix) > 12:
        stem, suffix = clean, (mimetypes.guess_extension(media_type) or "").lstrip(".")
    stem = stem[: MAX_NAME - len(suffix) - 1].rstrip(". ") or "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{suffix}" if suffix else stem


def content_disposition(name: str, *, inline: bool = False, media_type: str = "") -> str:
    """Return the header value with both forms of the name (RFC 6266): ASCII for old agents, UTF-8 for others."""
    safe = safe_name(name, media_type)
    ascii_only = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    fallback = re.sub(r"[^\w .()\-]", "_", ascii_only).strip(". ") or "file"
    if "." in safe and "." not in fallback:
        fallback = f"file.{fallback}"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _container(data: bytes) -> str:
    """Recognise formats whose sign stands behind a length."""
    if data.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in {b"heic", b"heix", b"mif1", b"hevc"}:
            return "image/heic"
        return {b"avif": "image/avif", b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}.get(
            brand, "video/mp4"
        )
    return ""


def _zip_type(data: bytes) -> str:
    """Return the kind of office document, or zip if it is none or only its beginning is here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:2000]
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size < 100:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return "application/zip"
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(entry.startswith(folder) for entry in names):
                return f"application/vnd.openxmlformats-officedocument.{kind}"
    return "application/zip"


def _text_type(data: bytes, suffix: str) -> str:
    """Return the type of a text, or "" if the bytes are none."""
    text = _decoded(data[:65536])
    if text is None:
        return ""
    head = text.lstrip("\ufeff \t\r\n\f")
    if _SVG.search(head[:16384]):
        return "image/svg+xml"
    opening = head[:15].upper()
    if opening.startswith("<?XML"):
        return "application/xml"
    if _HTML_START.match(head) or _HTML_ANYWHERE.search(head):
        return "text/html"
    if opening.startswith("BEGIN:VCARD"):
        return "text/vcard"
    if opening.startswith("BEGIN:VCALENDAR"):
        return "text/calendar"
    return _TEXT_TYPES.get(suffix, "text/plain")


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", data):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # the 64 KiB may end inside a character; another encoding has letters where UTF-8 has none
        return data.decode("utf-8" if error.start > len(data) - 4 else "latin-1", "ignore")


def _guessed(data: bytes) -> str:
    """Ask the library; a type that a browser would run is never believed for bytes that are no text."""
    try:
        guess = puremagic.magic_string(data)[0].mime_type or UNKNOWN
    except (puremagic.PureError, ValueError, IndexError):
        return UNKNOWN
    return UNKNOWN if guess.startswith(("text/", "image/svg")) or "xml" in guess else guess
