"""Whether markup is a fragment that can stand in any page: no page of its own, no id twice, every element closed."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
SELF_ENDING = frozenset(
    ["li", "p", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup"]
)
"""Elements that HTML lets end without saying so."""


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.problem = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in SELF_ENDING:
            self.open.pop()
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in SELF_ENDING | VOID and not self.problem:
            self.problem = f"</{tag}> ends what was not begun"


def unfit(text: str) -> str:
    """Return why markup is no fragment, or an empty text."""
    if "<html" in text or "<body" in text:
        return "a fragment holds a whole page"
    reader = _Nesting()
    reader.feed(text)
    reader.close()
    left = [tag for tag in reader.open if tag not in SELF_ENDING]
    twice = sorted({i for i in reader.ids if reader.ids.count(i) > 1})
    if twice:
        return f"ids stand twice: {', '.join(twice)}"
    if reader.problem:
        return f"it does not parse: {reader.problem}"
    return f"it does not parse: <{left[-1]}> is never closed" if left else ""
