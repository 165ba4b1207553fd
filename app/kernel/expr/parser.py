"""The text form read into a tree: `owner = me and (tag in (a, b) or last_contact < -30d)`."""

from __future__ import annotations

import re
from functools import lru_cache

from app.i18n import _
from app.kernel.expr import limits
from app.kernel.expr.tokens import Token, tokens
from app.kernel.expr.tree import (
    EVERYTHING,
    ORDERING,
    ExprError,
    Literal,
    Node,
    Not,
    Op,
    Question,
    Sort,
    all_of,
    any_of,
    sort_of,
)

KEYWORDS = frozenset({"and", "or", "not", "in", "contains", "starts", "is", "between", "within"})
NOTHING = frozenset({"empty", "none", "nobody", "null"})
"""Bare words that mean: has no value."""

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@lru_cache(maxsize=512)
def parse(text: str) -> Node:
    """Read the text form. Raises ExprError with a sentence and the place; an empty text is EVERYTHING."""
    if len(text) > limits.LONGEST:
        raise ExprError(
            _("This filter is too long. Write at most %(most)s characters.", most=limits.LONGEST),
            limits.LONGEST,
        )
    return limits.check(_Parser(list(tokens(text))).whole())


class _Parser:
    """Recursive descent; `depth` counts open brackets and negations."""

    def __init__(self, pieces: list[Token]) -> None:
        self.pieces, self.at, self.depth = pieces, 0, 0

    @property
    def here(self) -> Token:
        return self.pieces[self.at]

    def whole(self) -> Node:
        if self.here.sort == "end":
            return EVERYTHING
        found = self.either()
        if self.here.sort != "end":
            raise self.stray()
        return found

    def either(self) -> Node:
        parts = [self.both()]
        while self.takes("or"):
            parts.append(self.both())
        return any_of(*parts)

    def both(self) -> Node:
        parts = [self.one()]
        while self.takes("and"):
            parts.append(self.one())
        return all_of(*parts)

    def one(self) -> Node:
        if self.depth > 2 * limits.DEEPEST:  # a negation and its brackets are one level of the tree
            raise limits.too_deep(self.here.at)
        self.depth += 1
        try:
            if self.takes("not"):
                return Not(self.one())
            if self.takes("("):
                found = self.either()
                self.expect(")")
                return found
            return self.test()
        finally:
            self.depth -= 1

    def test(self) -> Question:
        name = self.here
        if name.sort != "word" or name.text.lower() in KEYWORDS or not _PATH.fullmatch(name.text):
            raise self.error(_("Here a field is expected, such as owner or company.city."))
        self.at += 1
        if self.here.sort == "sign" and self.here.text in {"=", "!=", *ORDERING}:
            return self.compared(name)
        if self.takes("is"):
            return self.is_(name)
        return self.worded(name, negated=self.takes("not"))

    def compared(self, name: Token) -> Question:
        sign = self.here.text
        self.at += 1
        negated = sign == "!="
        op = Op.IS if negated else Op(sign)
        if op is Op.IS and self.here.sort == "word" and self.here.text.lower() in NOTHING:
            self.at += 1
            return Question(name.text, Op.EMPTY, (), negated, name.at)
        return Question(name.text, op, (self.value(),), negated, name.at)

    def is_(self, name: Token) -> Question:
        negated = self.takes("not")
        if self.here.sort == "word" and self.here.text.lower() in NOTHING:
            self.at += 1
            return Question(name.text, Op.EMPTY, (), negated, name.at)
        return Question(name.text, Op.IS, (self.value(),), negated, name.at)

    def worded(self, name: Token, *, negated: bool) -> Question:
        if self.takes("in"):
            return Question(name.text, Op.IN, self.several(), negated, name.at)
        if self.takes("contains"):
            return Question(name.text, Op.CONTAINS, (self.value(),), negated, name.at)
        if self.takes("starts"):
            self.expect("with")
            return Question(name.text, Op.STARTS, (self.value(),), negated, name.at)
        if self.takes("within"):
            return Question(name.text, Op.WITHIN, (self.value(),), negated, name.at)
        if self.takes("between"):
            first = self.value()
            self.expect("and")
            return Question(name.text, Op.BETWEEN, (first, self.value()), negated, name.at)
        sentence = _("After “%(name)s” comes an operator: =, !=, <, >, in, contains, is empty …")
        raise self.error(sentence % {"name": name.text[:80]})

    def several(self) -> tuple[Literal, ...]:
        self.expect("(")
        found = [self.value()]
        while self.takes(","):
            found.append(self.value())
        self.expect(")")
        return tuple(found)

    def value(self) -> Literal:
        token = self.here
        if token.sort == "text":
            made = Literal(Sort.TEXT, token.text, token.at, token.length)
        elif token.sort == "word" and token.text.lower() not in KEYWORDS:
            sort, text = sort_of(token.text)
            made = Literal(sort, text, token.at, token.length)
        else:
            raise self.error(_('Here a value is expected, such as me, 12, -30d or "Ana Lima".'))
        self.at += 1
        return made

    def takes(self, word: str) -> bool:
        """Step over a word or sign if it stands here."""
        token = self.here
        if token.sort not in {"word", "sign"} or token.text.lower() != word:
            return False
        self.at += 1
        return True

    def expect(self, word: str) -> None:
        if not self.takes(word):
            raise self.error(_("Here “%(word)s” is expected.", word=word))

    def error(self, sentence: str) -> ExprError:
        return ExprError(sentence, self.here.at, max(1, self.here.length))

    def stray(self) -> ExprError:
        token = self.here
        if token.sort == "word":
            sentence = _(
                "“%(text)s” is not expected here. Write and or or between conditions, and put words with "
                "blanks in quotation marks."
            )
            return self.error(sentence % {"text": token.text[:40]})
        return self.error(_("“%(text)s” is not expected here.", text=token.text[:40]))
