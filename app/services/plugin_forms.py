"""The settings forms of plugins, looked at: which settings there are, which are secret, which the environment locks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, PasswordField, SelectField, SelectMultipleField

from app.house import house
from app.i18n import in_words
from app.kernel.guard import Surface, must

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One setting: its label and hint for people, its default, and whether it is a secret."""

    name: str
    label: Any
    hint: Any = ""
    default: Any = None
    secret: bool = False


def form_of(owner: str, *, of_user: bool = False) -> type[Form] | None:
    """Return the settings form of a loaded plugin, or its form for each user; None when it has none."""
    host = house().host
    loaded = host.plugins.get(owner) if host is not None else None
    plugin = loaded.plugin if loaded is not None and loaded.well else None
    found: type[Form] | None = getattr(plugin, "user_settings" if of_user else "settings", None)
    return found


def made(owner: str, cls: type[Form], *args: Any, **values: Any) -> Any:
    """Return a plugin's form in the reader's language, built within the guard. Raises GuardedFailure."""
    return must(
        lambda: cls(*args, **values, **in_words()), owner=owner, surface=Surface.SERVICE, item=cls.__name__
    )


def slots(owner: str, *, of_user: bool = False) -> Mapping[str, Slot]:
    """Return what can be set of a plugin, by name in the order of its form; empty when it has no form."""
    cls = form_of(owner, of_user=of_user)
    if cls is None:
        return {}
    found: dict[str, Slot] | None = cls.__dict__.get("_kith_slots")
    if found is None:
        found = {slot.name: slot for slot in _slots(made(owner, cls))}
        cls._kith_slots = found  # kept with the class, which a plugin that is loaded anew brings along
    return found


def is_secret(field: Any) -> bool:
    """Tell whether a field of a settings form holds a secret."""
    return isinstance(field, PasswordField)


def _slots(form: Form) -> Iterator[Slot]:
    for field in form:
        yield Slot(
            name=field.short_name,
            label=field.label.text,
            hint=field.description,
            default="" if is_secret(field) and field.data is None else field.data,
            secret=is_secret(field),
        )


def refused(owner: str, values: Mapping[str, Any], *, of_user: bool = False) -> dict[str, str]:
    """Return what a plugin's form says against values of its fields, by name; empty when it takes them all.

    They are read as a browser would send them, so that every validator looks at them. Raises GuardedFailure.
    """
    cls = form_of(owner, of_user=of_user)
    if cls is None or not values:
        return {}
    filled = made(owner, cls, data=dict(values))
    sent = [(name, text) for name in values if name in filled for text in _texts(filled[name])]
    form = made(owner, cls, MultiDict(sent))
    must(form.validate, owner=owner, surface=Surface.SERVICE, item=cls.__name__)
    plain = [f for f in form if f.short_name in values and not isinstance(f, FieldList | FormField)]
    return {field.short_name: str(field.errors[0]) for field in plain if field.errors}


def _texts(field: Any) -> list[str]:
    """Return what a browser sends for a field: nothing for a box that is not ticked, several texts for several choices."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(one) for one in field.data or ()]
    if isinstance(field, SelectField) or not hasattr(field, "_value"):
        return [] if field.data is None else [str(field.data)]
    return [str(field._value())]


# ---------------------------------------------------------------- the environment


def variable(owner: str, name: str) -> str:
    """Return the environment variable that sets and locks a setting."""
    return f"KITH_{owner.upper()}__{name.upper()}"


def locked(owner: str) -> Mapping[str, Any]:
    """Return the settings that the environment sets, each of the type that its field gives it."""
    said = house().config.plugin_settings.get(owner)
    if not said:
        return {}
    cls = form_of(owner)
    if cls is None:
        return dict(said)
    key = tuple(sorted(said.items()))
    kept: tuple[Any, dict[str, Any]] | None = cls.__dict__.get("_kith_locked")
    if kept is None or kept[0] != key:
        kept = key, _typed(owner, cls, said)
        cls._kith_locked = kept
    return kept[1]


def _typed(owner: str, cls: type[Form], said: Mapping[str, str]) -> dict[str, Any]:
    form = made(owner, cls, MultiDict(_sent(made(owner, cls), said)))
    return {name: form[name].data for name in said if name in form}


def _sent(form: Form, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return texts of the environment as a browser would send them: a box that is not ticked is not sent."""
    return [
        (name, "y" if isinstance(form[name], BooleanField) else text)
        for name, text in said.items()
        if name in form and not (isinstance(form[name], BooleanField) and text.lower() in NO)
    ]


def wrong(owner: str, cls: type[Form], said: Mapping[str, str]) -> Sequence[str]:
    """Return what is wrong with the variables of a plugin: names that it does not have, values that it refuses."""
    found = []
    form = cls()
    names = [field.short_name for field in form]
    for name in said:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {variable(owner, close[0])}?" if close else ""
            found.append(f"{variable(owner, name)} is none of its settings.{hint}")
        elif isinstance(form[name], BooleanField) and said[name].lower() not in YES | NO:
            found.append(f"{variable(owner, name)} must be 1 or 0, not “{said[name]}”.")
    sent = cls(MultiDict(_sent(form, said)))
    sent.validate()
    for name in said:
        if name in sent and sent[name].errors:
            told = " ".join(str(one) for one in sent[name].errors)
            shown = "" if is_secret(sent[name]) else f" (“{said[name]}”)"
            found.append(f"{variable(owner, name)} is refused{shown}: {told}")
    return found
