"""Templates read without rendering them: texts that nobody translates, inline script and style, escaping switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

ENVIRONMENT = Environment(
    autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
)

VALUE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a skeleton where the template prints a value."""

UNTRANSLATED = {"Kith", "CSV", "vCard", "JSON", "QR", "PDF", "Markdown", "TOTP"}
NOT_READ = {"script", "style", "code", "kbd", "samp", "pre"}
READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}
WORD = re.compile(r"[^\W\d_]{2,}")
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL | re.IGNORECASE)
ATTRIBUTES = re.compile(r'(\s*[\w:-]+="[^"]*")+\s*')
DATA = re.compile(r'type="(application/(ld\+)?json|text/template)"')


def skeleton(tree: nodes.Template) -> str:
    """Return the markup of a template without its logic; a VALUE where it prints something."""
    return "".join(
        part.data if isinstance(part, nodes.TemplateData) else VALUE
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )


class Reader(HTMLParser):
    """Collects what a person would read or hear, and what the content security policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says by its attributes."""
        if tag in NOT_READ:
            self.open.append(tag)
        if tag == "style":
            self.refused.append("<style>")
        for name, value in attrs:
            self.attribute(name, value or "")

    def attribute(self, name: str, value: str) -> None:
        """Note an attribute that is read, or that the policy refuses."""
        if name == "style" or re.match(r"on[a-z]+$", name) or name.startswith(("hx-on", "data-hx-on")):
            self.refused.append(name)
        if value.lower().lstrip().startswith("javascript:"):
            self.refused.append(value)
        if name in READ_ATTRIBUTES:
            self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element whose text nobody reads."""
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        """Note a text that is read."""
        if ATTRIBUTES.fullmatch(data):
            gathered = read(f"<i {data}>")  # a macro collects attributes before it writes the element
            self.texts += gathered.texts
            self.refused += gathered.refused
        elif not self.open:
            self.texts.append(data)


def read(markup: str) -> Reader:
    """Return a reader that went through a skeleton."""
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


def untranslated(source: str, plain: bool = False) -> list[str]:
    """Return the texts of a template that no catalogue knows; all of it is text when it is plain."""
    markup = skeleton(ENVIRONMENT.parse(source))
    texts = markup.splitlines() if plain else read(markup).texts
    return [text.strip() for text in texts if set(WORD.findall(text)) - UNTRANSLATED]


def inline(source: str) -> list[str]:
    """Return the scripts and styles in a template that the content security policy stops."""
    markup = skeleton(ENVIRONMENT.parse(source))
    scripts = [
        script["body"].strip()
        for script in SCRIPT.finditer(markup)
        if script["body"].strip() and not DATA.search(script["attributes"])
    ]
    return read(markup).refused + scripts


def unescaped(source: str) -> Iterator[str]:
    """Yield the places where a template prints text as if it were markup."""
    tree = ENVIRONMENT.parse(source)
    yield from (f"|safe on line {node.lineno}" for node in tree.find_all(nodes.Filter) if node.name == "safe")
    yield from (
        f"autoescape on line {node.lineno}" for node in tree.find_all(nodes.ScopedEvalContextModifier)
    )
