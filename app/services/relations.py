"""Words for how two people are related, each with the word read from the other side.

The usual ones are those of vCard where it has them; they are stored in English and shown in the reader's language.
Others are words of one's own: "mentor / mentee", or one word for both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.formats.fold import fold
from app.i18n import _l
from app.kernel.context import Context
from app.models import RelationType

LONGEST = 80

PAIRS = (
    ("spouse", "spouse"),
    ("partner", "partner"),
    ("parent", "child"),
    ("sibling", "sibling"),
    ("relative", "relative"),
    ("household", "household"),
    ("friend", "friend"),
    ("colleague", "colleague"),
    ("manager", "report"),
    ("assistant", "assisted"),
    ("referrer", "referral"),
    ("contact", "contact"),
)
"""Word and inverse: "B is A's parent" reads "A is B's child" from the other side."""

LABELS = {
    "spouse": _l("spouse"),
    "partner": _l("partner"),
    "parent": _l("parent"),
    "child": _l("child"),
    "sibling": _l("sibling"),
    "relative": _l("relative"),
    "household": _l("same household"),
    "friend": _l("friend"),
    "colleague": _l("colleague"),
    "manager": _l("manager"),
    "report": _l("reports to them"),
    "assistant": _l("assistant"),
    "assisted": _l("is assisted by them"),
    "referrer": _l("referred them"),
    "referral": _l("was referred by them"),
    "contact": _l("knows"),
}


def label(word: str) -> str:
    """Return a stored word in the reader's language."""
    return str(LABELS.get(word, word))


def word_of(written: str) -> str:
    """Return the stored word for what somebody wrote, in the reader's language or not."""
    folded = fold(written.strip())
    return next(
        (w for w, said in LABELS.items() if fold(str(said)) == folded or w == folded), written.strip()
    )


def known(ctx: Context) -> Sequence[str]:
    """Return the words to choose from, in the reader's language: the usual ones, then those of one's own."""
    rows = ctx.session.execute(select(RelationType.name, RelationType.inverse)).all()
    own = {word for row in rows for word in row} - LABELS.keys()
    return [*(str(said) for said in LABELS.values()), *sorted(own, key=fold)]


def kind_of(ctx: Context, written: str) -> tuple[RelationType, bool]:
    """Return the type of a word, made if there is none, and whether the word reads it forwards.

    "mentor / mentee" makes a pair; a single new word is its own inverse.
    """
    first, _slash, second = (part.strip()[:LONGEST] for part in (written or "contact").partition("/"))
    word = word_of(first) or "contact"
    found = ctx.session.execute(
        select(RelationType)
        .where(or_(RelationType.name == word, RelationType.inverse == word))
        .order_by(RelationType.id)
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        usual = next((pair for pair in PAIRS if word in pair), (word, word_of(second) or word))
        found = RelationType(name=usual[0], inverse=usual[1])
        ctx.session.add(found)
        ctx.session.flush()
    return found, found.name == word
