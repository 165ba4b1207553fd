"""Zoho CRM: exports and data backups of contacts, leads, accounts, deals, notes, calls, events and tasks.

Column names: labels of the default fields as module exports and the data backup write them ("Record Id", "Contact
Owner.id", "Contact Owner": Zoho CRM help, "Export data" and "Data backup"); the id of a looked-up record stands in a column
of its own that ends with ".id". Older backups write "Contact Id" and "Contact Owner Id".
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_TECHNICAL = """
    skip: when and by whom Zoho kept the row = Created By.id | Created By | Modified By.id | Modified By | Modified Time
      | Created By Id | Modified By Id | Change Log Time | Locked | Last Activity Time | User Modified Time
      | System Activity Time | System Modified Time
"""
_ADDRESS = """
    addresses.street_address#work = Mailing Street | Street
    addresses.locality#work = Mailing City | City
    addresses.region#work = Mailing State | State
    addresses.postal_code#work = Mailing Zip | Zip Code
    addresses.country#work = Mailing Country | Country
    addresses.street_address#other = Other Street
    addresses.locality#other = Other City
    addresses.region#other = Other State
    addresses.postal_code#other = Other Zip
    addresses.country#other = Other Country
"""
_PERSON = (
    """
    given_name = First Name
    family_name = Last Name
    honorific_prefix = Salutation
    emails#work = Email
    emails#other = Secondary Email
    phones#work = Phone
    phones#cell = Mobile
    phones#home = Home Phone
    phones#other = Other Phone
    phones#fax = Fax
    phones#assistant = Asst Phone
    related#assistant = Assistant
    title = Title | Designation
    department = Department
    birthday (day) = Date of Birth
    impp#skype = Skype ID
    impp#twitter = Twitter
    urls = Website
    note = Description
    source = Lead Source
    categories (commas ,) = Tag
    field:do_not_contact (yes email) = Email Opt Out
"""
    + _ADDRESS
)

CONTACT = Profile(
    key="zoho.contact",
    name="Zoho CRM",
    kind="contacts",
    entity="contact",
    needs=needs("Record Id | Contact Id", "Last Name", "Contact Owner | Contact Owner.id | Contact Owner Id"),
    lines=lines(
        """
    uid = Record Id | Contact Id
    skip: the parts of the name stand beside it = Contact Name
    organization = Account Name
    field:company.id = Account Name.id | Account Id
    related#manager = Reporting To | Reports To
    field:owner_id = Contact Owner
    skip: the name of the owner stands beside it = Contact Owner.id | Contact Owner Id | Reporting To.id
    """
        + _PERSON
        + _TECHNICAL
    ),
)

LEAD = Profile(
    key="zoho.lead",
    name="Zoho CRM",
    kind="leads",
    entity="contact",
    needs=needs("Record Id | Lead Id", "Last Name", "Lead Owner | Lead Owner.id | Lead Status"),
    lines=lines(
        """
    uid = Record Id | Lead Id
    skip: the parts of the name stand beside it = Lead Name | Full Name
    organization = Company
    field:owner_id = Lead Owner
    skip: the name of the owner stands beside it = Lead Owner.id | Lead Owner Id
    """
        + _PERSON
        + _TECHNICAL
    ),
    fixed=(("field:lifecycle_stage", "lead"),),
)

ACCOUNT = Profile(
    key="zoho.account",
    name="Zoho CRM",
    kind="companies",
    entity="company",
    needs=needs(
        "Record Id | Account Id", "Account Name", "Account Owner | Account Owner.id | Account Owner Id"
    ),
    lines=lines(
        """
    uid = Record Id | Account Id
    organization = Account Name
    phones#work = Phone
    phones#fax = Fax
    urls = Website
    addresses.street_address#billing = Billing Street
    addresses.locality#billing = Billing City
    addresses.region#billing = Billing State
    addresses.postal_code#billing = Billing Code
    addresses.country#billing = Billing Country
    addresses.street_address#delivery = Shipping Street
    addresses.locality#delivery = Shipping City
    addresses.region#delivery = Shipping State
    addresses.postal_code#delivery = Shipping Code
    addresses.country#delivery = Shipping Country
    field:industry = Industry
    field:number_of_employees (number) = Employees
    field:annual_revenue (number) = Annual Revenue
    field:currency = Currency
    field:kinds (words company) = Account Type
    field:parent_id = Parent Account.id
    skip: its id stands beside it = Parent Account
    field:owner_id = Account Owner
    skip: the name of the owner stands beside it = Account Owner.id | Account Owner Id
    note = Description
    categories (commas ,) = Tag
    """
        + _TECHNICAL
    ),
    words={"company": words.COMPANY},
)

DEAL = Profile(
    key="zoho.deal",
    name="Zoho CRM",
    kind="deals",
    entity="sales.deal",
    needs=needs("Record Id | Deal Id | Potential Id", "Deal Name | Potential Name", "Stage"),
    lines=lines(
        """
    field:uid = Record Id | Deal Id | Potential Id
    field:name = Deal Name | Potential Name
    field:amount (number) = Amount
    field:currency = Currency
    field:stage_id (words deal) = Stage
    field:pipeline_id = Pipeline
    field:probability (number) = Probability (%) | Probability
    field:close_on (day) = Closing Date
    field:opened_on (day) = Created Time
    field:reason_id = Reason For Loss | Reason For Loss__s
    field:company_id = Account Name.id | Account Id
    field:company_id (without Account Name.id/Account Id) = Account Name
    field:contact_id = Contact Name.id | Contact Id
    field:contact_id (without Contact Name.id/Contact Id) = Contact Name
    field:owner_id = Deal Owner | Potential Owner
    skip: the name of the owner stands beside it = Deal Owner.id | Potential Owner Id
    field:note = Description
    """
        + _TECHNICAL
    ),
    rest="field:note",
    words={"deal": {"closed won": "Won", "closed lost": "Lost", "closed-lost to competition": "Lost"}},
)

NOTE = Profile(
    key="zoho.note",
    name="Zoho CRM",
    kind="notes",
    entity="interaction",
    needs=needs("Record Id | Note Id", "Note Content"),
    lines=lines(
        """
    field:uid = Record Id | Note Id
    field:subject = Note Title
    field:body (html) = Note Content
    field:occurred_at (time) = Created Time
    field:about (parent) = Parent ID.id | Parent.id | Parent Id.id | Associated_Id
    field:about (without Parent ID.id/Parent.id/Associated_Id) = Parent ID | Parent Id
    skip: the id beside it says more = Parent Module | Parent ID.module
    field:owner_id = Note Owner
    skip: the name of the owner stands beside it = Note Owner.id | Note Owner Id
    """
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
)

_RELATED = """
    field:contacts = Contact Name.id | Contact Id
    field:contacts (without Contact Name.id/Contact Id) = Contact Name
    field:about (parent) = Related To.id
    skip: its id stands beside it = Related To | Related To.module | Related To Module
"""
_WORDS = {
    "direction": words.DIRECTION,
    "call": words.CALL,
    "task": words.TASK,
    "priority": words.PRIORITY,
}

CALL = Profile(
    key="zoho.call",
    name="Zoho CRM",
    kind="calls",
    entity="interaction",
    needs=needs("Record Id | Call Id", "Subject", "Call Start Time | Call Type"),
    lines=lines(
        """
    field:uid = Record Id | Call Id
    field:subject = Subject
    field:occurred_at (time) = Call Start Time
    field:occurred_at (time) = Created Time
    field:duration_s (number) = Call Duration (in seconds)
    field:duration_s (without Call Duration in seconds + seconds) = Call Duration
    field:direction (words direction) = Call Type
    field:outcome (words call) = Call Result
    field:body = Description
    field:body (named) = Call Agenda | Call Purpose | Call Status
    field:owner_id = Call Owner
    skip: the name of the owner stands beside it = Call Owner.id | Call Owner Id
    """
        + _RELATED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "call"),),
    rest="field:body",
    words=_WORDS,
)

EVENT = Profile(
    key="zoho.event",
    name="Zoho CRM",
    kind="meetings",
    entity="interaction",
    needs=needs("Record Id | Event Id", "Title | Event Title", "From | Start DateTime", "To | End DateTime"),
    lines=lines(
        """
    field:uid = Record Id | Event Id
    field:subject = Title | Event Title
    field:occurred_at (time) = From | Start DateTime
    field:duration_s (since From/Start DateTime) = To | End DateTime
    field:location = Location | Venue
    field:body = Description
    skip: begin and end say it = All day | All day Event
    field:occurred_at (time) = Created Time
    field:owner_id = Host | Event Owner
    skip: the name of the owner stands beside it = Host.id | Event Owner.id | Event Owner Id
    """
        + _RELATED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
    words=_WORDS,
)

TASK = Profile(
    key="zoho.task",
    name="Zoho CRM",
    kind="tasks",
    entity="task",
    needs=needs(
        "Record Id | Task Id", "Subject", "Task Owner | Task Owner.id | Due Date", "Status | Closed Time"
    ),
    lines=lines(
        """
    field:uid = Record Id | Task Id
    field:summary = Subject
    field:due_on (day) = Due Date
    field:status (words task) = Status
    field:priority (words priority) = Priority
    field:description = Description
    skip: the state says the same = Closed Time | Created Time
    field:assignee_id = Task Owner
    skip: the name of the owner stands beside it = Task Owner.id | Task Owner Id
    field:about (typed contact) = Contact Name.id | Contact Id
    field:about (without Contact Name.id/Contact Id + typed contact) = Contact Name
    field:about (parent) = Related To.id
    skip: its id stands beside it = Related To | Related To.module | Related To Module
    """
        + _TECHNICAL
    ),
    rest="field:description",
    words=_WORDS,
)

ALL = (CONTACT, LEAD, ACCOUNT, DEAL, NOTE, CALL, EVENT, TASK)
