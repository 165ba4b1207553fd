"""The reference of the plugin API, from the docstrings: `python -m tests.reference` writes docs/plugins/reference.md."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from app import paths, sdk
from app.host.checks_declared import PAGES, PLACES, VERBS
from app.kernel import deprecation
from app.kernel.contributions import Contribution
from app.kernel.guard import Policy, Surface
from app.kernel.hookspecs import API, CONTRIBUTION_HOOKS, Plugin
from app.kernel.words import EVERYWHERE
from app.models import Contact, Record
from app.services.grants import VERBS as RIGHTS
from app.testing import fixtures
from app.testing.contract import CHECKS
from app.web import templating

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plugins" / "reference.md"

POLICIES = {
    Policy.DROP: "left out; a small card with the plugin's name and an incident number",
    Policy.BLANK: "a mark in place of the value",
    Policy.FAIL: "that request fails with an incident number; nothing is half done",
    Policy.CLOSED: "counts as no",
    Policy.CONTINUE: "logged; the operation goes on",
    Policy.RETRY: "tried again with growing pauses, in the end a dead letter",
    Policy.INCOMPLETE: "the request is never reported as done",
    Policy.BROKEN: "the plugin is broken: all that it declared is withdrawn",
}

LATER = {
    "kith_entities": "",
    "kith_fields": "field",
    "kith_actions": "action",
    "kith_panels": "panel",
    "kith_links": "badge",
    "kith_views": "",
    "kith_timeline": "timeline",
    "kith_permissions": "row rule",
    "kith_events": "after",
    "kith_jobs": "job",
    "kith_services": "service",
    "kith_reports": "report",
    "kith_search": "search",
    "kith_privacy": "privacy",
    "kith_health": "health",
    "kith_blueprints": "page",
    "kith_commands": "command",
    "kith_setup": "setup",
    "kith_lifecycle": "lifecycle",
    "kith_authenticate": "authenticate",
    "kith_demo": "demo",
}
"""Hook → the surface on which its callables run later, or it itself runs."""

CALLED = {
    "access": ("criterion", "require"),
    "actions": ("find", "run"),
    "interactions": ("Entry", "log", "edit"),
    "notifications": ("send",),
    "people": ("Named", "names", "user_names"),
    "plugin_settings": ("of", "save"),
    "records": ("create", "create_many", "get", "exists", "update", "trash", "restore"),
    "tasks": ("create", "finish"),
}
"""Service → what nearly every plugin calls of it, shown with what goes in."""

BASE = {
    *("id", "uid", "created_at", "updated_at", "created_by", "updated_by", "source", "version", "deleted_at"),
    *("merged_into", "owner_id", "team_id"),
}
"""Columns of every record."""

INNER = {
    *("password_hash", "totp_seed", "totp_last", "session_epoch", "form_nonce", "text_key"),
    *("extra", "theme", "shortcuts"),
}
"""Columns that nobody may rely on."""

ELSEWHERE = re.compile(r" \((?:DECISIONS|TRUST|ARCHITECTURE)[^)]*\)")
"""What docstrings say to those who have the house's own papers."""

FOR_THE_CORE = {"shell", "slots"}
"""Macros of the frame of a page, which no plugin needs."""

SINCE: dict[str, str] = {}
"""Hook, declaration or attribute ("Field.rows") → the API version that brought it, where that is not 1.0."""

HEAD = f"""# Reference

Plugin API {API[0]}.{API[1]}. Made from the docstrings by `python -m tests.reference`; a test compares it with the code.

[Hooks](#hooks) · [Declarations](#declarations) · [Words](#words) · [What callables get](#what-callables-get) · [Modules](#modules) · [The core's own](#the-cores-own) · [Templates](#templates) · [Testing](#testing)
"""


def written() -> str:
    """Return what the page should say."""
    parts = [
        HEAD,
        *_hooks(),
        *_declarations(),
        *_words(),
        *_context(),
        *_modules(),
        *_core(),
        *_templates(),
        *_testing(),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _hooks() -> Iterator[str]:
    yield "## Hooks\n\nMethods of a class that inherits from `app.sdk.Plugin`, each with `@hookimpl` above it.\n"
    yield _attributes()
    surfaces = {surface.title: surface for surface in Surface}
    for name, spec in vars(Plugin).items():
        if not name.startswith("kith_"):
            continue
        boot = name in (*CONTRIBUTION_HOOKS, "kith_blueprints", "kith_commands", "kith_setup")
        later = LATER[name]
        lines = [f"### {name}", "", f"`{name}{_signature(spec)}`", "", _doc(spec), ""]
        when = (
            "once at boot, without a request and without a database"
            if boot
            else "at its moment, with a context"
        )
        lines.append(f"- **Called** {when}.")
        if boot and name in CONTRIBUTION_HOOKS:
            lines.append(f"- **If the hook fails**: {POLICIES[Policy.BROKEN]}.")
        if later:
            what = "If a callable in it fails later" if boot and later != "setup" else "If it fails"
            lines.append(f"- **{what}**: {POLICIES[surfaces[later].policy]}.")
        lines.append(f"- **Since** {SINCE.get(name, '1.0')}.")
        yield "\n".join(lines) + "\n"


def _attributes() -> str:
    lines = [_doc(Plugin), "", "| attribute | default |", "|---|---|"]
    for name, value in vars(Plugin).items():
        if not name.startswith("_") and not callable(value):
            lines.append(f"| `{name}` | `{value!r}` |")
    return "\n".join(lines) + "\n"


def _declarations() -> Iterator[str]:
    yield "## Declarations\n\nFrozen dataclasses with keyword arguments only; `name` is local, the owner's name is put in front of it.\n"
    for name in sorted(sdk.__all__):
        found = getattr(sdk, name)
        if (
            inspect.isclass(found)
            and dataclasses.is_dataclass(found)
            and name not in ("Contribution", "Context")
        ):
            yield _dataclass(name, found)


def _dataclass(name: str, cls: Any) -> str:
    lines = [f"### {name}", "", _doc(cls), "", "| attribute | type | default |", "|---|---|---|"]
    own = [f for f in dataclasses.fields(cls) if f.name != "owner"]
    if issubclass(cls, Contribution):
        own.sort(key=lambda f: f.name not in ("name", "label"))
    for field in own:
        since = SINCE.get(f"{name}.{field.name}", "")
        old = deprecation.ATTRIBUTES.get((cls, field.name))
        mark = (f" (since {since})" if since else "") + (f" (gone in API 2: {old})" if old else "")
        lines.append(f"| `{field.name}`{mark} | `{_type(field.type)}` | {_default(field)} |")
    return "\n".join([*lines, "", f"Since {SINCE.get(name, '1.0')}."]) + "\n"


def _words() -> Iterator[str]:
    yield "## Words\n"
    for name in sorted(sdk.__all__):
        found = getattr(sdk, name)
        if inspect.isclass(found) and issubclass(found, Enum):
            members = ", ".join(f"`{member.name}`" for member in found)
            more = ""
            if found is sdk.Show:
                every = ", ".join(f"`{m.name}`" for m in sdk.Show if m in EVERYWHERE)
                more = f"\n\n`EVERYWHERE` is {every}."
            yield f"### {name}\n\n{_doc(found)}\n\n{members}.{more}\n"
    errors = [(name, getattr(sdk, name)) for name in sorted(sdk.__all__)]
    lines = [
        f"- `{n}`: {_doc(e).splitlines()[0]}"
        for n, e in errors
        if inspect.isclass(e) and issubclass(e, Exception)
    ]
    yield "### Errors\n\n" + "\n".join(lines) + "\n"


def _context() -> Iterator[str]:
    for name in ("Context", "Principal", "Event", "Lifecycle", "Setup"):
        cls = getattr(sdk, name)
        lines = [f"### {name}", "", _doc(cls), ""]
        lines += (
            [f"- `{f.name}`: `{_type(f.type)}`" for f in dataclasses.fields(cls)]
            if dataclasses.is_dataclass(cls)
            else []
        )
        for member, value in vars(cls).items():
            if inspect.isfunction(value) and not member.startswith("_"):
                lines.append(f"- `{member}{_signature(value)}` {_doc(value)}".rstrip())
        head = "## What callables get\n\n" if name == "Context" else ""
        yield head + "\n".join(lines) + "\n"


def _modules() -> Iterator[str]:
    yield "## Modules\n"
    for name in ("models", "services", "web", "protocols", "filters", *_more()):
        module = importlib.import_module(f"app.sdk.{name}")
        lines = [f"### app.sdk.{name}", "", _doc(module), ""]
        for export in sorted(module.__all__):
            found = getattr(module, export)
            own = inspect.isclass(found) or inspect.isroutine(found) or inspect.ismodule(found)
            about = (_doc(found) or "").split("\n")[0] if own else ""
            call = _signature(found) if inspect.isfunction(found) else ""
            lines.append(f"- `{export}{call}`{': ' + about if about else ''}{_columns(found)}")
            if inspect.ismodule(found):
                lines += [f"  - {line}" for line in _functions(found, CALLED.get(export, ()))]
        yield "\n".join(lines) + "\n"


def _columns(model: Any) -> str:
    """The columns of a table that plugins may select from, those that every record has named once."""
    if model is Record:
        columns = [c.name for c in Contact.__table__.columns if c.name in BASE]
        return f" Columns: {', '.join(f'`{name}`' for name in columns)}."
    if not hasattr(model, "__table__"):
        return ""
    kept = {*INNER, *BASE} if issubclass(model, Record) else INNER
    columns = [f"`{c.name}`" for c in model.__table__.columns if c.name not in kept]
    return f" Columns: {', '.join(columns)}{' and those of `Record`' if issubclass(model, Record) else ''}."


def _functions(module: Any, names: tuple[str, ...]) -> Iterator[str]:
    """How parts of a service are called, what they return and raise."""
    for name in names:
        found = getattr(module, name)
        yield f"`{name}{_signature(found)}`: {' '.join(_doc(found).split())}"


def _more() -> list[str]:
    known = {"models", "services", "web", "protocols", "filters", "__init__"}
    folder = Path(sdk.__file__).parent
    return sorted(path.stem for path in folder.glob("*.py") if path.stem not in known)


def _core() -> Iterator[str]:
    from app.core_plugin import Core
    from app.kernel.contributions import Entity, Permission, Topic
    from app.services.settings import DEFAULTS

    core = Core()
    entities: list[Entity] = list(core.kith_entities())
    lines = ["## The core's own", "", "What the core declares, for you to name.", ""]
    for entity in entities:
        names = ", ".join(f"`{field.name}`" for field in entity.fields)
        lines += [f"- entity `{entity.name}`, its page `{entity.url}`: {names}"]
    lines += [
        "",
        f"For every entity, yours too: the topics {', '.join(f'`<entity>.{verb}`' for verb in VERBS)},",
    ]
    lines += [f"the permissions {', '.join(f'`<entity>.{verb}`' for verb in RIGHTS)},"]
    lines += [f"the slots {', '.join(f'`<entity>.{place}`' for place in PLACES)}.", ""]
    lines += [f"Slots of pages: {', '.join(f'`{page}`' for page in PAGES)}.", ""]
    topics = [item for item in core.kith_events() if isinstance(item, Topic)]
    lines += [f"- topic `{topic.name}`: {topic.label}" for topic in topics]
    rights = [item for item in core.kith_permissions() if isinstance(item, Permission)]
    lines += [f"- permission `{right.name}`: {right.label}" for right in rights]
    lines += [
        "",
        f"Settings of the site, read as `ctx.settings.<name>`: {', '.join(f'`{name}`' for name in DEFAULTS)}.",
    ]
    yield "\n".join(lines) + "\n"


def _templates() -> Iterator[str]:
    yield "## Templates\n\nMacros, from the head of each file; `base.html` has the block `main`.\n"
    for path in sorted((paths.TEMPLATES / "_macros").glob("*.html")):
        if path.stem not in FOR_THE_CORE:
            head = path.read_text("utf-8").partition("-#}")[0].removeprefix("{#-").strip()
            yield f"```text\n{head}\n```\n"
    names = re.findall(r"^        (\w+)=", Path(templating.__file__).read_text("utf-8"), re.MULTILINE)
    yield "Functions: `csrf_token()`, `url_for(endpoint, …)`, `plugin_static(path)`, `_('…')`, `_p('context', '…')`, `ngettext(one, many, num)`.\n"
    yield f"Filters: {', '.join(f'`{name}`' for name in names)}, and those of Jinja.\n"
    icons = re.findall(r'<symbol id="([\w-]+)"', (paths.STATIC / "icons.svg").read_text("utf-8"))
    yield f"Icons, for `icon=` and `ic()`: {', '.join(icons)}.\n"


def _testing() -> Iterator[str]:
    lines = ["## Testing", "", '`pytest_plugins = ["app.testing"]` gives these fixtures:', ""]
    for name in fixtures.__all__:
        found = getattr(fixtures, name)
        call = getattr(found, "_fixture_function", None) or getattr(found, "__wrapped__", found)
        lines.append(f"- `{name}`: {_doc(call).splitlines()[0]}")
    lines += ["", "The checks of `PluginContract`:", ""]
    lines += [f"- `{name}`: {_doc(check).splitlines()[0]}" for name, check in CHECKS.items()]
    yield "\n".join(lines) + "\n"


# ---------------------------------------------------------------- inside


def _doc(thing: Any) -> str:
    return ELSEWHERE.sub("", inspect.getdoc(thing) or "")


def _signature(call: Any) -> str:
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(call)))
    text = text.replace("self, ", "").replace("(self)", "()")
    return re.sub(r"\bc\.(?=[A-Z])", "", text)


def _type(written: Any) -> str:
    return str(written).replace("|", "\\|")


def _default(field: Any) -> str:
    if field.default is not dataclasses.MISSING:
        value = field.default
        text = "EVERYWHERE" if value is EVERYWHERE else str(value) if isinstance(value, Enum) else repr(value)
        return f"`{text}`".replace("|", "\\|")
    if field.default_factory is not dataclasses.MISSING:
        return "empty" if field.default_factory in (dict, list) else f"`{field.default_factory.__name__}()`"
    return "**needed**"


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
