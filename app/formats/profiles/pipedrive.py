"""Pipedrive: exports of people, organizations, deals, activities and notes.

Column names: "Entity - Field", from the reference of default fields and the sample spreadsheets that Pipedrive links in
"Importing: sample import spreadsheets", and from "Exporting data from Pipedrive" (support.pipedrive.com). Lists may name
the id "ID" or "Pipedrive System ID", e-mail addresses and numbers in one column with commas or in one for each kind.
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Otherwise, Profile, lines, needs

PERSON = Profile(
    key="pipedrive.person",
    name="Pipedrive",
    kind="contacts",
    entity="contact",
    needs=needs(
        "Person - Name | Person - First name | Person - Last name",
        "Person - ID | Person - Email | Person - Phone"
        " | Person - Email - Work | Person - Phone - Work | Person - Organization | Person - Owner"
        " | Person - Pipedrive System ID | Person - Email (Work)",
    ),
    lines=lines(
        """
    uid = Person - ID | Person - Pipedrive System ID
    formatted_name (without Person - Last name) = Person - Name
    skip: the parts of the name stand beside it = Person - Name
    given_name = Person - First name
    family_name = Person - Last name
    title = Person - Job title | Person - Title
    emails (lines ,) = Person - Email
    emails#work = Person - Email - Work
    emails#home = Person - Email - Home
    emails#other = Person - Email - Other
    phones (lines ,) = Person - Phone
    phones#work = Person - Phone - Work
    phones#home = Person - Phone - Home
    phones#cell = Person - Phone - Mobile
    phones#other = Person - Phone - Other
    organization = Person - Organization | Organization - Name | Organization name
    field:company.id = Person - Organization ID | Organization - ID
    categories (commas ,) = Person - Label | Person - Labels
    addresses.label = Person - Postal address | Person - Address
    birthday (day) = Person - Birthday
    note = Person - Notes
    impp = Person - Instant messenger
    impp#linkedin = Person - LinkedIn | Person - LinkedIn Page
    field:owner_id = Person - Owner
    """
    ),
)

ORGANIZATION = Profile(
    key="pipedrive.organization",
    name="Pipedrive",
    kind="companies",
    entity="company",
    needs=needs(
        "Organization - Name",
        "Organization - ID | Organization - Address | Organization - Owner"
        " | Organization - Pipedrive System ID",
    ),
    lines=lines(
        """
    uid = Organization - ID | Organization - Pipedrive System ID
    organization = Organization - Name
    addresses.label = Organization - Address
    addresses.extended_address = Organization - Apartment/suite no. of Address
      | Organization - Address - Apartment/suite no of Address
    addresses.street_address (behind Organization - House number of Address) = Organization - Street/road name of Address
    addresses.street_address (behind Organization - Address - House number of Address)
      = Organization - Address - Street/road name of Address
    skip: it stands behind the street = Organization - House number of Address
      | Organization - Address - House number of Address
    addresses.locality = Organization - City/town/village/locality of Address
      | Organization - Address - City/town/village/locality of Address
    addresses.region = Organization - State/county of Address | Organization - Address - State/county of Address
    addresses.country = Organization - Country of Address | Organization - Address - Country of Address
    addresses.postal_code = Organization - ZIP/Postal code of Address | Organization - Address - ZIP/Postal code of Address
    categories (commas ,) = Organization - Label | Organization - Labels
    urls = Organization - Website
    impp#linkedin = Organization - LinkedIn profile
    field:industry = Organization - Industry
    field:number_of_employees (number) = Organization - Employee count | Organization - Number of employees
    field:annual_revenue (number) = Organization - Annual revenue
    field:owner_id = Organization - Owner
    """
    ),
)

DEAL = Profile(
    key="pipedrive.deal",
    name="Pipedrive",
    kind="deals",
    entity="sales.deal",
    needs=needs("Deal - Title", "Deal - Value | Deal - Stage | Deal - Status | Deal - ID"),
    lines=lines(
        """
    field:uid = Deal - ID | Deal - Pipedrive System ID
    field:name = Deal - Title
    field:amount (number) = Deal - Value
    field:currency = Deal - Currency | Deal - Currency of value
    field:stage_id (when Deal - Status=won/lost + words deal) = Deal - Status
    field:stage_id = Deal - Stage | Deal - Stage (pipeline)
    field:pipeline_id = Deal - Pipeline
    field:reason_id = Deal - Lost reason
    field:probability (number) = Deal - Probability
    field:close_on (day) = Deal - Expected close date
    field:opened_on (day) = Deal - Deal created | Deal - Creation date
    field:contact_id = Deal - Contact person ID | Person - ID
    field:contact_id (without Person - ID/Deal - Contact person ID) = Deal - Contact person | Person - Name | Contact person
    field:company_id = Deal - Organization ID | Organization - ID
    field:company_id (without Organization - ID/Deal - Organization ID) = Deal - Organization | Organization - Name
      | Organization
    field:owner_id = Deal - Owner
    """
    ),
    rest="field:note",
    words={"deal": {"won": "Won", "lost": "Lost"}},
)

_WORDS = {"kind": words.KIND, "task": words.TASK, "priority": words.PRIORITY}

OPEN_ACTIVITY = Profile(
    key="pipedrive.open_activity",
    name="Pipedrive",
    kind="tasks",
    entity="task",
    needs=(),
    lines=lines(
        """
    field:uid (prefix activity) = Activity - ID | Activity - Pipedrive System ID
    field:summary = Activity - Subject
    field:description (html) = Activity - Note | Activity - Public description
    field:due_on (day) = Activity - Due date
    field:due_clock (clock) = Activity - Due time
    field:priority (words priority) = Activity - Priority
    field:assignee_id = Activity - Assigned to user | Activity - Owner
    field:about (typed contact) = Person - ID | Activity - Contact person ID
    field:about (without Person - ID/Activity - Contact person ID + typed contact) = Person - Name | Contact person
      | Activity - Contact person
    field:about (typed company) = Organization - ID | Activity - Organization ID
    field:about (without Organization - ID/Activity - Organization ID + typed company) = Organization - Name | Organization
      | Activity - Organization
    field:about (typed sales.deal) = Deal - ID | Activity - Deal ID
    skip: open, or it would be an interaction = Activity - Done | Activity - Marked as done time
    """
    ),
    rest="field:description",
    words=_WORDS,
)

ACTIVITY = Profile(
    key="pipedrive.activity",
    name="Pipedrive",
    kind="activities",
    entity="interaction",
    needs=needs("Activity - Subject", "Activity - Type | Activity - Due date | Activity - Done"),
    lines=lines(
        """
    field:uid (prefix activity) = Activity - ID | Activity - Pipedrive System ID
    field:subject = Activity - Subject
    field:kind (words kind) = Activity - Type
    field:body (html) = Activity - Note | Activity - Public description
    field:occurred_at (time Activity - Due time) = Activity - Due date
    skip: it stands behind the date = Activity - Due time
    field:occurred_at (time) = Activity - Marked as done time
    field:duration_s (minutes) = Activity - Duration
    field:location = Activity - Location
    field:owner_id = Activity - Assigned to user | Activity - Owner
    field:contacts = Person - ID | Activity - Contact person ID
    field:contacts (without Person - ID/Activity - Contact person ID) = Person - Name | Contact person
      | Activity - Contact person
    field:about (typed company) = Organization - ID | Activity - Organization ID
    field:about (without Organization - ID/Activity - Organization ID + typed company) = Organization - Name | Organization
      | Activity - Organization
    field:about (typed sales.deal) = Deal - ID | Activity - Deal ID
    skip: done, or it would be a task = Activity - Done
    """
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
    words=_WORDS,
    otherwise=Otherwise(
        header="activity done",
        words=frozenset(("to do", "undone", "no", "0", "false", "open", "not done")),
        key="pipedrive.open_activity",
    ),
)

NOTE = Profile(
    key="pipedrive.note",
    name="Pipedrive",
    kind="notes",
    entity="interaction",
    needs=needs("Note - Content"),
    lines=lines(
        """
    field:uid (prefix note) = Note - ID | Note - Pipedrive system ID
    field:body (html) = Note - Content
    field:occurred_at (time) = Note - Add time | Note - Creation date | Note - Created
    field:owner_id = Note - User | Note - Owner | Note - Author
    field:contacts = Person - ID | Note - Person ID
    field:contacts (without Person - ID/Note - Person ID) = Person - Name | Contact person | Note - Person
    field:about (typed company) = Organization - ID | Note - Organization ID
    field:about (without Organization - ID/Note - Organization ID + typed company) = Organization - Name | Organization
      | Note - Organization
    field:about (typed sales.deal) = Deal - ID | Note - Deal ID
    """
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
)

ALL = (PERSON, ORGANIZATION, DEAL, ACTIVITY, OPEN_ACTIVITY, NOTE)
