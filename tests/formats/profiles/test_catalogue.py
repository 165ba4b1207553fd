"""Profiles: each export is known for what it is, and each of its columns has a target or a stated reason to be left out.

The files in tests/data/profiles have the real layouts of the systems (see the profiles for where these are from); what
stands in them is invented, because no free export of these systems with people in it is to be had.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.formats import sniff
from app.formats.csv_table import Table
from app.formats.profiles import catalogue
from app.formats.profiles.cells import TRANSFORMS
from app.formats.profiles.profile import Profile, lines, plain
from app.formats.profiles.shape import mapping

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = {
    "espocrm": "Account account, Call call, Contact contact, Email email, Lead lead, Meeting meeting, Note note,"
    " Opportunity opportunity, Task task",
    "google": "contacts contact, contacts_older older",
    "hubspot": "calls call, companies company, contacts contact, deals deal, emails email, meetings meeting, notes note,"
    " tasks task",
    "odoo": "crm_lead opportunity, mail_activity activity, mail_message message, res_partner partner,"
    " res_partner_labels partner",
    "outlook": "calendar event, contacts contact, contacts_de contact, contacts_es contact, contacts_fr contact,"
    " contacts_pt contact, tasks task",
    "pipedrive": "activities activity, deals deal, notes note, organizations organization, people person",
    "salesforce": "Account account, Contact contact, Event event, Lead lead, Note note, Opportunity opportunity, Task task",
    "suitecrm": "Accounts account, Calls call, Contacts contact, Leads lead, Meetings meeting, Notes note,"
    " Opportunities opportunity, Tasks task",
    "zoho": "Accounts account, Calls call, Contacts contact, Deals deal, Events event, Leads lead, Notes note, Tasks task",
}
EXPECTED = {
    f"{system}/{name}.csv": f"{system}.{kind}"
    for system, text in FILES.items()
    for name, kind in (one.split() for one in text.split(", "))
}
FURTHER = {
    "crm_exports/hubspot/company_data.csv": "hubspot.company",
    "crm_exports/hubspot/contact_data.csv": "hubspot.contact",
    "crm_exports/hubspot/deal_data.csv": "hubspot.deal",
    "crm_exports/hubspot/engagement_call_data.csv": "hubspot.engagement",
    "crm_exports/hubspot/engagement_communication_data.csv": "hubspot.engagement",
    "crm_exports/hubspot/engagement_email_data.csv": "hubspot.email",
    "crm_exports/hubspot/engagement_meeting_data.csv": "hubspot.meeting",
    "crm_exports/hubspot/engagement_note_data.csv": "hubspot.note",
    "crm_exports/hubspot/engagement_task_data.csv": "hubspot.task",
    "contacts/csv_exports/header_layouts.csv": "google.contact",
    "contacts/csv_exports/google_old_layout_fixture.csv": "google.older",
    "contacts/csv_exports/roundcube_gmail.csv": "google.older",
}
"""The files of other people that a profile knows; it knows no other of them."""


def table(path: Path) -> Table:
    found = sniff.table(path.read_bytes(), path.name)
    assert found is not None
    return found


def test_every_layout_is_in_the_list() -> None:
    there = {path.relative_to(DATA / "profiles").as_posix() for path in (DATA / "profiles").rglob("*.csv")}
    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_known_for_what_it_is(name: str) -> None:
    found = catalogue.recognise(table(DATA / "profiles" / name).header)
    assert found is not None
    assert found.key == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_column_has_a_target_or_a_reason(name: str) -> None:
    profile = catalogue.BY_KEY[EXPECTED[name]]
    found = table(DATA / "profiles" / name)
    targets = mapping(profile, found.header, found.mapping, lambda _target: True)
    left_out = [h for at, h in enumerate(found.header) if targets[at] == "skip" and not reason(profile, h)]
    homeless = [h for at, h in enumerate(found.header) if not targets[at] and not profile.cards]
    assert (left_out, homeless) == ([], []), "people and companies keep the rest under the name of its column"


def reason(profile: Profile, header: str) -> str:
    return next((line.why for line in profile.by_header.get(plain(header), ()) if line.why), "")


def test_other_tables_look_like_no_export(request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue("shared_data")
    paths = [
        p
        for folder in ("csv", "crm_exports", "contacts", "leads", "pipeline", "hr", "tickets")
        for p in sorted((root / folder).rglob("*.csv"))
    ]
    known: dict[str, str] = {}
    for path in paths:
        made = sniff.table(path.read_bytes(), path.name)
        found = catalogue.recognise(made.header) if made is not None else None
        if found is not None:
            known[path.relative_to(root).as_posix()] = found.key
    assert known == FURTHER


@pytest.mark.parametrize("profile", catalogue.ALL, ids=lambda profile: profile.key)
def test_a_profile_names_what_there_is(profile: Profile) -> None:
    assert {step for line in profile.lines for step, _argument in line.how} <= set(TRANSFORMS)
    wanted = {argument for line in profile.lines for step, argument in line.how if step == "words"}
    assert wanted <= set(profile.words)
    assert profile.cards or profile.rest, "what no line names has a place"


def test_a_line_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no line of a profile"):
        lines("field:subject Subject")
