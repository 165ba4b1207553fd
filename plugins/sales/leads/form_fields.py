"""What a lead form can ask: the fields to choose from, and how what was written is checked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from app.sdk import Choice, Context, Invalid, _, _l

OFFERED = (
    Choice(value="person", label=_l("Your name")),
    Choice(value="email", label=_l("E-mail")),
    Choice(value="phone", label=_l("Phone")),
    Choice(value="company", label=_l("Company")),
    Choice(value="topic", label=_l("What is it about?")),
    Choice(value="message", label=_l("Message")),
)
"""Fields with a meaning; further ones are questions of one's own."""

TYPES = {"email": "email", "phone": "tel", "message": "textarea"}
COMPLETE = {"person": "name", "email": "email", "phone": "tel", "company": "organization"}
LIMITS = {"person": 300, "email": 320, "phone": 80, "company": 300, "topic": 300, "message": 5000}
MOST_QUESTIONS = 10
USUAL, USUALLY_NEEDED = ("person", "email", "message"), ("email",)
"""What a form asks when nobody has chosen."""

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def derive(ctx: Context, form: Any) -> None:
    """Give a form that has none an address nobody guesses, and something to ask: whichever way it was made."""
    form.token = form.token or secrets.token_urlsafe(12)
    form.fields = form.fields or described(USUAL, USUALLY_NEEDED, "")


def described(names: Iterable[str], needed: Iterable[str], questions: str) -> list[dict[str, Any]]:
    """Return the fields of a form: those chosen, then a question for each line. Raises Invalid when nothing helps."""
    chosen, must = set(names), set(needed)
    found = [
        {"name": c.value, "label": str(c.label), "needed": c.value in must}
        for c in OFFERED
        if c.value in chosen
    ]
    if not chosen & {"email", "phone"}:
        raise Invalid(
            {"fields": _("Ask for an e-mail address or a phone number: otherwise nobody can answer.")}
        )
    lines = [line.strip() for line in questions.splitlines() if line.strip()]
    if len(lines) > MOST_QUESTIONS:
        raise Invalid({"questions": _("Ask at most %(most)s questions.", most=MOST_QUESTIONS)})
    return [
        *found,
        *(
            {"name": f"q{n}", "label": line.removesuffix("*").strip()[:200], "needed": line.endswith("*")}
            for n, line in enumerate(lines, 1)
        ),
    ]


def checked(form: Any, values: Mapping[str, str]) -> dict[str, str]:
    """Return what was written as it is kept. Raises Invalid with a sentence per field."""
    problems: dict[str, str] = {}
    for asked in form.fields:
        name, text = asked["name"], values.get(asked["name"], "")
        if asked["needed"] and not text:
            problems[name] = _("Please fill this in: %(label)s", label=asked["label"])
        elif len(text) > LIMITS.get(name, 2000):
            problems[name] = _("Please write less: %(most)s characters fit.", most=LIMITS.get(name, 2000))
        elif name == "email" and text and not ADDRESS.fullmatch(text):
            problems[name] = _("This is no e-mail address. It looks like name@example.org.")
    if not problems and not any(values.get(n) for n in ("email", "phone")):
        first = next(f["name"] for f in form.fields if f["name"] in ("email", "phone"))
        problems[first] = _("Leave us a way to answer you.")
    if problems:
        raise Invalid(problems)
    return {name: text for name, text in values.items() if text}
