"""The boot checks: what is wrong with a plugin, one function each, with advice.

A check yields findings. An error makes the plugin broken, a warning is shown to whoever looks after it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import getattr_static

from app import paths
from app.extensions import Base
from app.host.discovery import NAME
from app.host.loaded import Loaded, Unfit
from app.kernel.errors import PluginError
from app.kernel.hookspecs import API, PROJECT, Plugin
from app.migrations.ownership import owner_of

WORDS = (
    "account action actions admin api app approvals assets attachments auth backup bulk calendar change companies "
    "company config contact contacts core dashboard data dates dav db demo digest doctor duplicates empty errors "
    "export field file files forgot health history hygiene import importing init interaction interactions invite "
    "hooks job jobs kith list lists livez log login logout manifest me migrations new notifications oauth operations "
    "panel panels plugin plugins qr readyz record records reset restore search secrets serve session setup static "
    "sync system tag tags task tasks team template templates test tiles timeline today tokens trash undo user "
    "users web worker"
)
RESERVED = frozenset(WORDS.split())
"""Core words: roots of addresses, commands, environment keys, static prefixes."""

SCRIPT_BYTES = 10 * 1024
"""What a plugin's own script may weigh."""

HOOKS = frozenset(name for name in vars(Plugin) if name.startswith(f"{PROJECT}_"))


@dataclass(frozen=True)
class Finding:
    """What a check found, as a sentence that says what to do."""

    text: str
    fatal: bool = True


Check = Callable[[Loaded], Iterable[Finding]]


def apply(checks: Iterable[Check], loaded: Loaded) -> None:
    """Run checks on a plugin: warnings are noted. Raises PluginError with the first error."""
    for check in checks:
        for finding in check(loaded):
            if finding.fatal:
                raise PluginError(loaded.name, finding.text)
            loaded.warnings.append(finding.text)


# ---------------------------------------------------------------- the class, before its hooks are called


def name_is_free(loaded: Loaded) -> Iterator[Finding]:
    """The name is well-formed and no word of the core, in which its templates, addresses or tables would be lost."""
    name = loaded.name
    if not NAME.fullmatch(name):
        yield Finding(
            f"“{name}” is no name for a plugin: small letters, digits and _, beginning with a letter."
        )
    folders = {path.name for path in paths.TEMPLATES.glob("*/")}
    if name in RESERVED | folders:
        yield Finding(f"“{name}” is a word of the core. Rename the plugin.")
    clash = [
        t.name
        for t in Base.metadata.tables.values()
        if owner_of(t) == "core" and t.name.startswith(f"{name}_")
    ]
    if clash:
        yield Finding(f"its tables would mix with the core's table {clash[0]}. Rename the plugin.")


def name_is_its_own(loaded: Loaded) -> Iterator[Finding]:
    """The class says the name under which it was found: folder or entry point."""
    said = loaded.plugin.name if loaded.plugin else ""
    if said != loaded.name:
        yield Finding(
            f"the class says name = “{said}”, but it was found as “{loaded.name}”. Make them equal."
        )


def api_fits(loaded: Loaded) -> Iterator[Finding]:
    """The plugin's API version is one that this program speaks. Raises Unfit otherwise."""
    wanted = str(loaded.plugin.api if loaded.plugin else "")
    parts = wanted.split(".")
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        yield Finding(
            f"api = “{wanted}” is no version. Write major.minor, for instance api = “{API[0]}.{API[1]}”."
        )
        return
    major, minor = int(parts[0]), int(parts[1])
    if major != API[0] or minor > API[1]:
        have = f"{API[0]}.{API[1]}"
        raise Unfit(
            loaded.name, f"it needs plugin API {wanted}, and this is {have}. Install the version for {have}."
        )


def hooks_exist(loaded: Loaded) -> Iterator[Finding]:
    """Every `kith_` method is a hook; a misspelt one would never be called."""
    for name in sorted(n for n in dir(type(loaded.plugin)) if n.startswith(f"{PROJECT}_") and n not in HOOKS):
        if getattr(getattr_static(type(loaded.plugin), name), f"{PROJECT}_impl", {}).get("optionalhook"):
            continue
        yield Finding(f"{name} is no hook{_meant(name, HOOKS)}")


def hooks_are_marked(loaded: Loaded) -> Iterator[Finding]:
    """Every overridden hook carries @hookimpl; pluggy would ignore one that does not."""
    for cls in type(loaded.plugin).__mro__:
        if cls is Plugin:
            break
        for name in sorted(HOOKS & set(vars(cls))):
            marks = getattr(vars(cls)[name], f"{PROJECT}_impl", None)
            if marks is None:
                yield Finding(f"{name} is never called. Write @hookimpl above it.")
            elif marks.get("wrapper") or marks.get("hookwrapper"):
                yield Finding(f"{name} wraps other plugins' hooks, which none may do. Remove wrapper=True.")


def scripts_are_light(loaded: Loaded) -> Iterator[Finding]:
    """A script of its own is a module of 10 KB at most (DECISIONS 34): whoever looks after the house reads of a heavier one."""
    static = loaded.folder("static")
    for path in sorted(static.rglob("*.js")) if static else ():
        if (weight := path.stat().st_size) > SCRIPT_BYTES:
            yield Finding(
                f"its script {path.name} has {weight} bytes; more than {SCRIPT_BYTES} slow pages.",
                fatal=False,
            )


CLASS: tuple[Check, ...] = (
    name_is_free,
    name_is_its_own,
    api_fits,
    hooks_exist,
    hooks_are_marked,
    scripts_are_light,
)


def _meant(word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, sorted(words), n=1)
    return f"; did you mean {close[0]}?" if close else "."
