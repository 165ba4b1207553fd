"""The form all pages build on: messages in the reader's language, unknown fields refused, problems of services shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import wtforms
from flask import Response, request
from werkzeug.exceptions import UnprocessableEntity

from app.i18n import _, in_words
from app.kernel.errors import Invalid, Refuse
from app.web.render import render
from app.web.security.csrf import FIELD


def refuse(unknown: Iterable[str]) -> None:
    """Refuse fields that a form does not have (S7): nothing is taken that was not asked. Raises 422 naming the first."""
    first = min(unknown, default=None)
    if first is not None:
        error = UnprocessableEntity()
        error.kith_message = _("This form has no field “%(name)s”.", name=first)  # type: ignore[attr-defined]
        raise error


class Form(wtforms.Form):
    """A WTForms form that takes its values from the posted request. CSRF is checked before any view runs."""

    class Meta(wtforms.meta.DefaultMeta):
        """Messages of the library itself come in the reader's language."""

        def get_translations(self, form: wtforms.Form) -> Any:
            """Return the messages in the language of the request."""
            self.locales = in_words()["meta"]["locales"]
            return super().get_translations(form)

    form_errors: list[Any]

    @classmethod
    def of(cls, **values: Any) -> Form:
        """Return the form with what was posted, over `values` for a first look."""
        return cls(request.form if request.method == "POST" else None, **values)

    def accepted(self) -> bool:
        """Tell whether it was posted and every field is right. Raises 422 for a field that the form does not have."""
        if request.method != "POST":
            return False
        refuse(set(request.form) - {f.name for f in self} - {FIELD})
        return cast(bool, self.validate())

    def explain(self, error: Invalid | Refuse) -> None:
        """Put a service's sentences at the fields they are about; the others above the form."""
        for name, sentence in error.problems.items():
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:
                self.form_errors = [*self.form_errors, sentence]

    @property
    def wrong(self) -> bool:
        """Whether anything is to be fixed."""
        return bool(self.form_errors) or any(f.errors for f in self)


class SecretField(wtforms.PasswordField):
    """A secret among the settings of a plugin: stored sealed, never shown again. Left empty it stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [_stripped])
        kwargs.setdefault("render_kw", {"autocomplete": "new-password"})
        super().__init__(*args, **kwargs)


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def page(template: str, title: str, form: Form, **values: Any) -> Response:
    """Return a page with a form: 422 and "Error:" in the title when something is to be fixed."""
    shown = _("Error: %(title)s", title=title) if form.wrong else title
    return render(
        template, status=422 if form.wrong else 200, title=shown, heading=title, form=form, **values
    )
