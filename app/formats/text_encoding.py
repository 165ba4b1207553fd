"""Which encoding the bytes of a text file are in."""

import codecs
import re
from collections.abc import Iterable

SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["cp1252", "cp932", "gb18030", "big5", "euc_kr", "cp1251", "cp1250", "cp1253", "cp1254"]
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_PUNCTUATION = re.compile(rb"(?<![\x80-\xff])[\x85\x91-\x97](?![\x80-\xff])")
_AFTER_LETTER = re.compile(rb"[a-z][\xa1-\xdf](?![\x80-\xff])")
_SYMBOL_IN_WORD = re.compile(rb"[A-Za-z][\xa1-\xb3\xb5-\xb9\xbb-\xbf][a-z]")
_SHIFT_JIS = re.compile(rb"(?:[\x81-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc]|[\xa1-\xdf])+")


def detect(data: bytes) -> str:
    """Return the name of the codec that reads `data`: by its mark, as UTF-8 if it is, else the likeliest other."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = _wide(data[:400])
    if wide:
        return wide
    return "utf-8" if is_utf8(data) else _legacy(data)


def is_utf8(data: bytes) -> bool:
    """Return whether all of `data` is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), SAMPLE):
            decoder.decode(data[start : start + SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def not_utf8(chunks: Iterable[bytes], most: int) -> bytes:
    """Return the first chunk with bytes that are no UTF-8 among the first `most` bytes, b"" if there is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = 0
    for chunk in chunks:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return chunk
        seen += len(chunk)
        if seen >= most:
            break
    return b""


def _wide(head: bytes) -> str:
    """UTF-16 without its mark has a NUL in every second place of its ASCII part."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 4 and even > half * 0.7 and odd < half * 0.2:
        return "utf-16-be"
    if half >= 4 and odd > half * 0.7 and even < half * 0.2:
        return "utf-16-le"
    return ""


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes  # a megabyte that only files from elsewhere need

    foreign = _foreign_lines(data)
    if _western(foreign) and _decodes(foreign, "cp1252"):
        return "cp1250" if _SYMBOL_IN_WORD.search(foreign) else "cp1252"
    runs = re.findall(rb"[\x80-\xff][\x40-\xff]*", foreign)
    if (
        all(_SHIFT_JIS.match(run) for run in runs)
        and not _AFTER_LETTER.search(foreign)
        and _decodes(foreign, "cp932")
    ):
        return "cp932"
    best = from_bytes(foreign, cp_isolation=_CANDIDATES, threshold=0.5).best()
    return best.encoding if best is not None else "cp1252"


def _western(foreign: bytes) -> bool:
    """Latin text has its accented letters (0xC0 and above) alone or in pairs among ASCII; other scripts have runs."""
    runs = _HIGH_RUN.findall(_PUNCTUATION.sub(b" ", foreign))
    alone = sum(len(run) for run in runs if len(run) <= 2 and min(run) >= 0xC0)
    return 0 < alone >= 0.6 * sum(map(len, runs))


def _foreign_lines(data: bytes) -> bytes:
    """The lines with bytes above 127, up to the sample's size: the rest says nothing about the encoding."""
    found = bytearray()
    for match in re.finditer(rb"[^\r\n]{0,500}[\x80-\xff][^\r\n]{0,500}", data):
        found += match.group() + b"\n"
        if len(found) > SAMPLE:
            break
    return bytes(found)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
