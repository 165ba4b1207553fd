"""The catalogues: `python -m tests.translations` brings them up to date with the texts of the program.

Those of the core are found in app/ and templates/, those of a bundled plugin in its folder; what the core says too a
plugin need not translate. Each language has a .po that people edit and the .mo made of it. With --check nothing is
written: what is missing is counted, and a catalogue that would break a page is an error.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CORE = "core"
PLUGINS = tuple(sorted(path.parent.name for path in (ROOT / "plugins").glob("*/plugin.py")))
OWNERS = (CORE, *PLUGINS)
LANGUAGES = ("de", "fr", "es", "pt")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "_l": None,
    "_n": (1, 2),
    "_p": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "gettext": None,
    "ngettext": (1, 2),
}
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
TAG = re.compile(r"</?\w+")


def main() -> int:
    """Update the catalogues, or only check them; returns 1 when one of them would break a page."""
    words = argparse.ArgumentParser(prog="python -m tests.translations", description=__doc__)
    words.add_argument("--check", action="store_true", help="write nothing")
    checking = words.parse_args().check
    broken = 0
    for owner in OWNERS:
        texts = template(owner)
        for language in LANGUAGES:
            known = merged(language, texts, owner)
            problems = list(wrong(known))
            if not checking:
                save(language, known, owner)
            elif not compiled(language, owner):
                problems.append("the .mo is not made of this .po: run python -m tests.translations")
            print(f"{owner} {language}: {len(missing(known))} of {len(texts)} texts are missing")
            for problem in problems:
                print(f"{owner} {language}: {problem}", file=sys.stderr)
            broken += len(problems)
    return 1 if broken else 0


@cache
def template(owner: str = CORE) -> Catalog:
    """Return every text of the core or of a plugin that people read."""
    found = Catalog(project="Kith", charset="utf-8")
    for folder, methods in _sources(owner):
        for file, _line, text, _comments, context in extract_from_dir(
            folder, methods, keywords=KEYWORDS, options_map={}, directory_filter=_has_texts
        ):
            first = text if isinstance(text, str) else text[0]
            known = owner != CORE and template().get(first, context) is not None
            if text and first and not known and "tests/" not in file:
                found.add(text, context=context)
    return found


def _has_texts(folder: str | os.PathLike[str]) -> bool:
    """Tell whether a folder is looked into; Babel would leave out those like `_macros`."""
    return not Path(folder).name.startswith((".", "__"))


def _sources(owner: str) -> list[tuple[Path, list[tuple[str, str]]]]:
    if owner == CORE:
        return [(ROOT / "app", [("**.py", "python")]), (ROOT / "templates", [("**", "jinja2")])]
    folder = ROOT / "plugins" / owner
    return [(folder, [("**.py", "python")]), (folder / "templates", [("**", "jinja2")])]


def read(language: str, owner: str = CORE) -> Catalog:
    """Return the catalogue of a language as it is on the disk, empty for a new one."""
    path = _path(language, "po", owner)
    if not path.exists():
        return _empty(language, owner)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, texts: Catalog, owner: str = CORE) -> Catalog:
    """Return a language's catalogue with exactly the texts of the program; nothing is guessed for new ones."""
    old = read(language, owner)
    new = _empty(language, owner)
    for message in sorted((m for m in texts if m.id), key=_place):
        known = old.get(_key(message), message.context)
        fits = known is not None and isinstance(known.id, str) == isinstance(message.id, str)
        said = known.string if fits and known is not None else None
        new.add(message.id, said, flags=message.flags, context=message.context)
    return new


def _empty(language: str, owner: str) -> Catalog:
    """Return a catalogue whose header says nothing that changes from day to day."""
    made = Catalog(
        locale=language,
        project="Kith",
        version=owner,
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# {Locale(language).english_name} words of Kith{'' if owner == CORE else ': ' + owner}.",
        last_translator="Kith contributors",
        language_team=Locale(language).english_name,
        msgid_bugs_address="see SECURITY.md and CONTRIBUTING.md",
        creation_date=FIRST,
        revision_date=FIRST,
    )
    return made


def missing(of: Catalog) -> list[Message]:
    """Return the texts without a translation."""
    return [m for m in of if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def wrong(of: Catalog) -> Iterator[str]:
    """Say which translations lost or invented a placeholder or a tag: they would raise when they are shown."""
    for message in of:
        said: Any = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted: Any = message.id if isinstance(message.id, tuple | list) else (message.id,)
        for text in filter(None, said if message.id else ()):
            for pattern in (PLACEHOLDER, TAG):
                here, allowed = set(pattern.findall(text)), [set(pattern.findall(one)) for one in wanted]
                one_of_many = len(said) > 1 and here < allowed[-1]  # "every day", "every 2 days"
                if here not in allowed and not one_of_many:
                    yield f"“{text[:60]}” does not hold what “{wanted[0][:60]}” holds: {sorted(allowed[-1])}"


def save(language: str, made: Catalog, owner: str = CORE) -> None:
    """Write the .po that people edit and the .mo that the program reads."""
    _path(language, "po", owner).parent.mkdir(parents=True, exist_ok=True)
    with _path(language, "po", owner).open("wb") as file:
        write_po(file, made, width=110, no_location=True, omit_header=False, ignore_obsolete=True)
    _path(language, "mo", owner).write_bytes(_binary(made))


def compiled(language: str, owner: str = CORE) -> bool:
    """Tell whether the .mo holds what the .po holds."""
    path = _path(language, "mo", owner)
    return path.exists() and path.read_bytes() == _binary(read(language, owner))


def _binary(of: Catalog) -> bytes:
    made = io.BytesIO()
    write_mo(made, of)
    return made.getvalue()


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _place(message: Message) -> tuple[str, str]:
    return _key(message), message.context or ""


def _path(language: str, kind: str, owner: str) -> Path:
    folder, domain = ("app", "messages") if owner == CORE else (f"plugins/{owner}", owner)
    return ROOT / folder / "translations" / language / "LC_MESSAGES" / f"{domain}.{kind}"


if __name__ == "__main__":
    sys.exit(main())
