"""Recurrence rules in words: "Every 2 weeks on Monday and Thursday, until 3 May 2027"."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list

from app.formats.recurrence import LAST, WORKDAYS, Rule, read
from app.i18n import _, _n


def words(text: str, locale: str, *, after_done: bool = False) -> str:
    """Return a rule as people say it; "" for none, and the rule itself for one that is too odd for words."""
    if not text:
        return ""
    rule = read(text)
    if rule is None or rule.nth == 99:
        return _("By the rule %(rule)s", rule=text)
    said = _every(rule)
    if after_done:
        return _("%(every)s after it was done", every=said) + _end(rule, locale)
    return said + _place(rule, locale) + _end(rule, locale)


def _every(rule: Rule) -> str:
    n = rule.interval
    if rule.freq == "DAILY":
        return _n("Every day", "Every %(num)s days", n)
    if rule.freq == "WEEKLY":
        return _n("Every week", "Every %(num)s weeks", n)
    if rule.freq == "MONTHLY":
        return _n("Every month", "Every %(num)s months", n)
    return _n("Every year", "Every %(num)s years", n)


def _place(rule: Rule, locale: str) -> str:
    if rule.freq == "WEEKLY" and rule.weekdays == WORKDAYS:
        return " " + _("from Monday to Friday")
    if rule.weekdays and (rule.freq == "WEEKLY" or rule.nth):
        names = get_day_names("wide", locale=locale)
        named = format_list([names[d] for d in rule.weekdays], locale=locale)
        return " " + (
            _("on the %(which)s %(day)s", which=nth(rule.nth), day=named)
            if rule.nth
            else _("on %(days)s", days=named)
        )
    if rule.freq == "YEARLY" and rule.day and rule.month:
        there = date(2024, rule.month, min(rule.day, 29) if rule.month == 2 else rule.day)
        return " " + _("on %(days)s", days=str(format_skeleton("MMMMd", there, locale=locale)))
    if rule.freq == "MONTHLY" and rule.day:
        return " " + (_("on the last day") if rule.day in {LAST, 31} else _("on day %(num)s", num=rule.day))
    return ""


def _end(rule: Rule, locale: str) -> str:
    if rule.count:
        return ", " + _n("%(num)s time", "%(num)s times", rule.count)
    if rule.until:
        until = format_date(date.fromisoformat(rule.until), "long", locale=locale)
        return ", " + _("until %(day)s", day=until)
    return ""


def nth(number: int) -> str:
    """Return which weekday of a month is meant: first, second, third, fourth, last."""
    named = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), LAST: _("last")}
    return named.get(number, str(number))
