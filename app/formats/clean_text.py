"""Text of a foreign file made harmless: one kind of line break, no control characters."""

_BREAKS = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
_DROPPED = dict.fromkeys((*range(0x09), *range(0x0E, 0x1C), 0x1F, 0x7F, 0xFEFF), None)
_TABLE = {**_BREAKS, **_DROPPED}
_LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def clean(text: str) -> str:
    """Return the text with every line break as "\\n", without NUL, other control characters and byte order marks."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    return text if _encodable(text) else text.translate(_LONE)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one blank."""
    return " ".join(clean(text).split())
