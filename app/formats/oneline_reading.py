"""The pieces of a line about a person, each given the place where it fits best."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.formats import emails
from app.formats.fold import fold, words
from app.formats.name_words import LEGAL_FORMS, PREFIXES, SUFFIXES
from app.formats.names import looks_like_company
from app.formats.oneline_values import Values
from app.formats.oneline_words import ENDINGS, GREETINGS, OTHER_LABELS, SOCIAL, TITLE_LINKS, TITLES, WHOLE
from app.formats.postal import country_code

# No title is longer; a longer piece is a sentence.
MAX_PIECE = 160

_SEPARATORS = re.compile(r"\s*(?:[,;|·•●‧∙\t()\[\]{}<>\x1f]|\s[-–—/]+\s|(?<=[^\W\d_])/(?=[^\W\d_]))\s*")
_ARTICLE = r"(?:(?:the|der|dem|den|die|la|le|el|les|los|a|o)\s+|l['’])?"
_AT = re.compile(
    rf"\s+(?:at|bei|beim|chez|na|no|em|en|presso|from|with|w/)\s+{_ARTICLE}(?=\S)|\s*@\s*(?=[^\W\d_])",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"\s+(?:of|for|von|vom|der|des|de|du|da|do|del|dell[ao'’])\s+{_ARTICLE}(?=\S)", re.IGNORECASE
)
_LABEL = re.compile(rf"^(?:{OTHER_LABELS})\s*[:=]\s*", re.IGNORECASE)
_EDGES = " \t-–—:*_=~#>"
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*")


class Reading:
    """The pieces of a text while they find their places."""

    def __init__(self, text: str, values: Values) -> None:
        self.name = self.title = self.organization = ""
        self.values = values
        self.domains = [label for label in map(domain_word, values.emails + values.urls) if label]
        self.locals = [
            set(re.split(r"[._\d-]+", fold(mail.partition("@")[0]))) - {""} for mail in values.emails
        ]
        self.all_small = text == text.lower()
        self.lines = [self._pieces(line) for line in text.splitlines()]

    def _pieces(self, line: str) -> list[str]:
        pieces: list[str] = []
        unlabelled = (_LABEL.sub("", piece.strip(_EDGES)) for piece in _SEPARATORS.split(line))
        for piece in (part.strip(_EDGES) for whole in unlabelled for part in re.split(r":\s+", whole)):
            if pieces and piece and _belongs_to_previous(piece):
                pieces[-1] += f", {piece}"
            elif piece and fold(piece).rstrip("!.,") not in GREETINGS:
                pieces.append(piece)
        return pieces

    def is_ours(self, piece: str) -> bool:
        """Tell whether a piece is written like the domain of an address beside it."""
        joined = "".join(words(piece))
        return len(joined) > 1 and any(
            joined == word or (len(word) > 3 and joined.startswith(word)) for word in self.domains
        )

    def is_in_address(self, piece: str) -> bool:
        """Tell whether a piece of two words or more is the person of an address: ana.lima@."""
        parts = set(words(piece))
        return any(
            len(parts & local) > 1 or (len(parts) > 1 and _initial_and_family(piece, local))
            for local in self.locals
        )

    def sort(self) -> list[list[str]]:
        """Give each piece its place, the surest first, and return what is left by line."""
        for take_place in (self._as_role, self._as_known_company, self._as_addressed_person, self._as_company,
                           self._as_joined, self._as_person, self._as_family_and_given, self._as_late_company):  # fmt: skip
            for line in self.lines:
                for at, piece in enumerate(line):
                    if piece:
                        line[at] = take_place(piece, line, at)
        return [[piece for piece in line if piece] for line in self.lines]

    def _as_role(self, piece: str, _line: list[str], _at: int) -> str:
        """CFO; CFO at Acme; Ana Lima, CFO of Acme; Ana Lima bei Acme."""
        if (self.title and self.organization) or len(piece) > MAX_PIECE:
            return piece
        left, right = _halves(piece, self)
        if right and not self.organization:
            self.organization, piece = right, left
        name, title, rest = _around_title(piece)
        if not title or self.title or (name and not _is_name(name)):
            return piece
        whole = not name and not rest
        if not right and not whole and _is_company(piece) and not self._is_split_well(name, rest):
            return piece
        self.title = title
        if rest and not self.organization:
            self.organization, rest = rest, ""
        return " ".join(filter(None, (name, rest)))

    def _is_split_well(self, name: str, rest: str) -> bool:
        """Tell "Lisa Berg Sales Manager Acme Ltd" from "Bosch Rexroth Sales Ltd"."""
        named = not name or " " in name
        return (
            named
            and bool(rest)
            and (" " in rest or not _is_company(f"x {rest}"))
            and (_is_name(rest) or _is_company(rest))
        )

    def _as_known_company(self, piece: str, _line: list[str], _at: int) -> str:
        if not self.organization and self.is_ours(piece):
            self.organization, piece = piece, ""
        return piece

    def _as_addressed_person(self, piece: str, _line: list[str], _at: int) -> str:
        if not self.name and _is_name(piece) and self.is_in_address(piece):
            piece = self._without_company(piece)
            self.name, piece = piece, ""
        return piece

    def _as_company(self, piece: str, _line: list[str], _at: int) -> str:
        if not self.organization and _is_company(piece):
            self.organization, piece = piece, ""
        return piece

    def _as_joined(self, piece: str, _line: list[str], _at: int) -> str:
        """Ana Lima Acme, where the address says Acme."""
        if not self.name and not self.organization and _is_name(piece):
            piece = self._without_company(piece)
        return piece

    def _without_company(self, piece: str) -> str:
        parts = piece.split()
        for at in range(len(parts) - 1, 0, -1):
            if not self.organization and at > 1 and self.is_ours(" ".join(parts[at:])):
                self.organization = " ".join(parts[at:])
                return " ".join(parts[:at])
        return piece

    def _as_person(self, piece: str, line: list[str], at: int) -> str:
        if self.name or not _is_name(piece) or country_code(piece):
            return piece
        if " " not in piece and any(
            _is_name(other) and " " in other for pieces in self.lines for other in pieces
        ):
            return piece
        following = line[at + 1] if at + 1 < len(line) else ""
        reversed_name = " " not in piece and following and " " not in following and _is_name(following)
        if reversed_name and (self.organization or self.is_in_address(f"{piece} {following}")):
            line[at + 1] = ""
            self.name = f"{following} {piece}"
        else:
            self.name = piece
        return ""

    def _as_family_and_given(self, piece: str, _line: list[str], _at: int) -> str:
        """Keep Dr. before the name that stands alone."""
        if self.name and fold(piece).rstrip(".") in PREFIXES:
            self.name, piece = f"{piece} {self.name}", ""
        return piece

    def _as_late_company(self, piece: str, line: list[str], at: int) -> str:
        """What still looks like a name when the person has one is the company; an address is not."""
        numbered = at > 0 and bool(re.search(r"\d", line[at - 1]))
        likely = _is_name(piece) or (self.all_small and len(piece.split()) < 4 and piece.isalpha())
        if self.name and not self.organization and likely and not numbered and not country_code(piece):
            self.organization, piece = piece, ""
        return piece


def _belongs_to_previous(piece: str) -> bool:
    """Tell whether a piece after a comma is the end of the one before: Inc., Lda., PhD, Jr."""
    bare = fold(piece).replace(".", "").replace(" ", "")
    return (bare in LEGAL_FORMS or bare in SUFFIXES) and bare not in TITLES


def _halves(piece: str, reading: Reading) -> tuple[str, str]:
    """Split "CFO at Acme" and, if the left half stands for a company, "founder of Acme"."""
    if match := _AT.search(piece):
        left, right = piece[: match.start()].strip(), piece[match.end() :].strip()
        likely = (
            right[:1].isupper()
            or not right[:1].isalpha()
            or (right[:1].isalpha() and right[:1] == right[:1].upper())
        )
        if right and (likely or reading.is_ours(right)):
            return left, right
    for match in _OF.finditer(piece):
        left, right = piece[: match.start()].strip(), piece[match.end() :].strip()
        if not _around_title(left)[1]:
            continue
        whole = bool(set(fold(left).split()) & WHOLE) and not _title_words(right)
        if right[:1].isupper() and (whole or reading.is_ours(right) or _is_company_of(right)):
            return left, right
    return piece, ""


def _is_company_of(piece: str) -> bool:
    """Tell "Manager of Marketing" from "Manager of Harbour Marketing Ltd"."""
    return _is_company(piece) and not _is_title_word(piece.split(maxsplit=1)[0])


def _is_company(piece: str) -> bool:
    """Tell whether a piece names a company by its words; figures alone are rather a street or a date."""
    bare = " ".join(word for word in piece.split() if not re.search(r"\d", word))
    legal = any(fold(word).replace(".", "") in LEGAL_FORMS for word in bare.split()[1:])
    return looks_like_company(bare) and (
        legal or any(word[0].isupper() for word in bare.split()) or not bare.isascii()
    )


def _around_title(piece: str) -> tuple[str, str, str]:
    """Split "Ana Lima CFO Acme" into what is before, in and after the title; no title gives the whole first."""
    parts = piece.split()
    is_title = [_is_title_word(word) for word in parts]
    if not any(is_title):
        return piece, "", ""
    start = is_title.index(True)
    end = start + 1
    for at in range(start + 1, len(parts)):
        small = fold(parts[at]).strip(".,") in TITLE_LINKS
        if is_title[at]:
            end = at + 1
        elif not small:
            # a department that no list has: "Head of Widgets"
            follows_link = (
                at == end + 1 and fold(parts[end]) in {"of", "for", "de", "fur"} and at == len(parts) - 1
            )
            end = at + 1 if follows_link else end
            break
    return " ".join(parts[:start]), " ".join(parts[start:end]), " ".join(parts[end:])


def _title_words(text: str) -> bool:
    return any(_is_title_word(word) for word in text.split())


def _is_title_word(word: str) -> bool:
    bare = fold(word).strip(".,:()")
    pieces = [piece for piece in re.split(r"[-/&*:]", bare) if piece]
    return any(
        piece in TITLES or (len(piece) > 9 and piece.endswith(ENDINGS))
        for piece in [bare.replace("-", ""), *pieces]
    )


def _is_name(piece: str) -> bool:
    """Tell whether a piece could be a person: up to six words, no figures, a capital or a script without them."""
    parts = piece.replace(",", " ").split()
    core = [part for part in parts if fold(part).rstrip(".") not in PREFIXES | SUFFIXES]
    if not 0 < len(core) <= 6 or re.search(r"[\d@:/\\#%€$£?!]", piece):
        return False
    if not all(_NAME_WORD.fullmatch(part.strip("\"'“”()")) for part in parts):
        return False
    return any(part[0].isupper() or not (part[0].islower() or part[0].isupper()) for part in parts) or len(
        parts
    ) in {2, 3}


def _initial_and_family(piece: str, local: set[str]) -> bool:
    """Tell whether alima or ana.l belongs to Ana Lima."""
    parts = words(piece)
    joined = {
        parts[0][0] + parts[-1],
        parts[0] + parts[-1][0],
        parts[0] + parts[-1],
        parts[-1] + parts[0][0],
        parts[-1] + parts[0],
    }
    return bool(joined & local)


def domain_word(address: str) -> str:
    """Return the word of a company's own domain, "" for free mail and social networks."""
    host = address if "@" in address else f"@{urlsplit(address).hostname or ''}"
    word = emails.company_domain(host).partition(".")[0].replace("-", "")
    return "" if word in SOCIAL else word
