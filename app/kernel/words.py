"""The words of declarations: kinds of value, surfaces, places of actions, phases of subscribers."""

from __future__ import annotations

from enum import Flag, StrEnum, auto


class Kind(StrEnum):
    """What sort of value a Field has; decides parsing, form control, display and comparison.

    FILE is for fields that an administrator adds; a plugin keeps files by the attachments of its records.
    """

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    TIME = "time"
    BOOL = "bool"
    CHOICE = "choice"
    CHOICES = "choices"
    REF = "ref"
    REFS = "refs"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    URL = "url"
    FILE = "file"
    PLACE = "place"
    USER = "user"
    TEAM = "team"
    TAGS = "tags"


class Show(Flag):
    """The surfaces on which a Field appears."""

    DETAIL = auto()
    FORM = auto()
    LIST = auto()
    FILTER = auto()
    EXPORT = auto()
    API = auto()
    REPORT = auto()
    RULE = auto()
    SCORE = auto()
    MERGE_TAG = auto()
    HISTORY = auto()


class Offer(Flag):
    """The places from which an Action can be run."""

    ROW = auto()
    BULK = auto()
    PAGE = auto()
    WORKFLOW = auto()
    API = auto()


class Phase(StrEnum):
    """When a subscriber runs: inside the transaction, right after commit, or in the worker."""

    BEFORE = "before"
    AFTER = "after"
    BACKGROUND = "background"


EVERYWHERE = (
    Show.DETAIL
    | Show.FORM
    | Show.LIST
    | Show.FILTER
    | Show.EXPORT
    | Show.API
    | Show.REPORT
    | Show.RULE
    | Show.HISTORY
)
