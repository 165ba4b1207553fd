"""Salesforce: files of the Data Export service, Data Loader and reports, for people, companies, deals and activities.

Column names: API names of the fields of Contact, Lead, Account, Opportunity, Task, Event and Note (Object Reference for
the Salesforce Platform, developer.salesforce.com), and their labels as reports write them. The first three letters of an
id say what it stands for: 003 contact, 00Q lead, 001 account, 006 opportunity; its first fifteen signs are enough.
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Otherwise, Profile, lines, needs

_TECHNICAL = """
    skip: when and by whom Salesforce kept the row = CreatedById | LastModifiedById | LastModifiedDate | SystemModstamp
      | LastViewedDate | LastReferencedDate | MasterRecordId | Created By | Last Modified By | Last Modified Date
    skip: rows of the recycle bin are not exported unless asked for = IsDeleted | Deleted
"""
_TIED = """
    field:contacts (starts 003/00Q + short) = WhoId | Contact ID | Lead ID | Name ID
    field:contacts (without WhoId/Contact ID) = Contact
    field:about (starts 001 + short + typed company) = WhatId | Related To ID
    field:about (starts 006 + short + typed sales.deal) = WhatId | Related To ID
    skip: the company of what the activity is about = AccountId | Account ID | Company / Account
    field:owner_id = OwnerId | Owner | Assigned | Assigned To
"""

CONTACT = Profile(
    key="salesforce.contact",
    name="Salesforce",
    kind="contacts",
    entity="contact",
    needs=needs(
        "Id | Contact ID",
        "LastName | Last Name",
        "AccountId | Account ID | MailingStreet | Mailing Street | Mailing City | MailingCity | ReportsToId",
    ),
    lines=lines(
        """
    uid (short) = Id | Contact ID
    given_name = FirstName | First Name
    additional_name = MiddleName | Middle Name
    family_name = LastName | Last Name
    honorific_prefix = Salutation
    honorific_suffix = Suffix
    formatted_name (without LastName/Last Name) = Name | Full Name
    skip: the parts of the name stand beside it = Name | Full Name
    emails#work = Email
    phones#work = Phone | Business Phone
    phones#cell = MobilePhone | Mobile | Mobile Phone
    phones#home = HomePhone | Home Phone
    phones#other = OtherPhone | Other Phone
    phones#fax = Fax | Business Fax
    phones#assistant = AssistantPhone | Asst. Phone
    related#assistant = AssistantName | Assistant
    related#manager = Reports To
    title = Title
    department = Department
    organization = Account Name
    field:company.id (short) = AccountId | Account ID
    addresses.street_address#work = MailingStreet | Mailing Street
    addresses.locality#work = MailingCity | Mailing City
    addresses.region#work = MailingState | Mailing State/Province
    addresses.postal_code#work = MailingPostalCode | Mailing Zip/Postal Code
    addresses.country#work = MailingCountry | Mailing Country
    addresses.street_address#other = OtherStreet | Other Street
    addresses.locality#other = OtherCity | Other City
    addresses.region#other = OtherState | Other State/Province
    addresses.postal_code#other = OtherPostalCode | Other Zip/Postal Code
    addresses.country#other = OtherCountry | Other Country
    birthday (day) = Birthdate
    note = Description | Contact Description
    source = LeadSource | Lead Source
    field:owner_id = Contact Owner | OwnerId
    field:do_not_contact (yes email) = HasOptedOutOfEmail | Email Opt Out
    field:do_not_contact (yes call) = DoNotCall | Do Not Call
    """
        + _TECHNICAL
    ),
)

LEAD = Profile(
    key="salesforce.lead",
    name="Salesforce",
    kind="leads",
    entity="contact",
    needs=needs(
        "Id | Lead ID",
        "LastName | Last Name",
        "Company | Company / Account",
        "Status | Lead Status | IsConverted",
    ),
    lines=lines(
        """
    uid (short) = Id | Lead ID
    given_name = FirstName | First Name
    family_name = LastName | Last Name
    honorific_prefix = Salutation
    formatted_name (without LastName/Last Name) = Name
    skip: the parts of the name stand beside it = Name
    emails#work = Email
    phones#work = Phone
    phones#cell = MobilePhone | Mobile
    phones#fax = Fax
    title = Title
    organization = Company | Company / Account
    urls = Website
    addresses.street_address = Street
    addresses.locality = City
    addresses.region = State | State/Province
    addresses.postal_code = PostalCode | Zip/Postal Code
    addresses.country = Country
    note = Description
    source = LeadSource | Lead Source
    field:owner_id = OwnerId | Lead Owner
    field:do_not_contact (yes email) = HasOptedOutOfEmail | Email Opt Out
    field:do_not_contact (yes call) = DoNotCall | Do Not Call
    """
        + _TECHNICAL
    ),
    fixed=(("field:lifecycle_stage", "lead"),),
)

COMPANY = Profile(
    key="salesforce.account",
    name="Salesforce",
    kind="companies",
    entity="company",
    needs=needs(
        "Id | Account ID",
        "Name | Account Name",
        "BillingStreet | Billing Street | BillingCity | Billing City | Account Owner",
    ),
    lines=lines(
        """
    uid (short) = Id | Account ID
    organization = Name | Account Name
    phones#work = Phone
    phones#fax = Fax
    urls = Website
    addresses.street_address#billing = BillingStreet | Billing Street
    addresses.locality#billing = BillingCity | Billing City
    addresses.region#billing = BillingState | Billing State/Province
    addresses.postal_code#billing = BillingPostalCode | Billing Zip/Postal Code
    addresses.country#billing = BillingCountry | Billing Country
    addresses.street_address#delivery = ShippingStreet | Shipping Street
    addresses.locality#delivery = ShippingCity | Shipping City
    addresses.region#delivery = ShippingState | Shipping State/Province
    addresses.postal_code#delivery = ShippingPostalCode | Shipping Zip/Postal Code
    addresses.country#delivery = ShippingCountry | Shipping Country
    field:industry = Industry
    field:number_of_employees (number) = NumberOfEmployees | Employees
    field:annual_revenue (number) = AnnualRevenue | Annual Revenue
    field:kinds (words company) = Type
    field:parent_id (short) = ParentId | Parent Account ID
    field:owner_id = Account Owner | OwnerId
    note = Description | Account Description
    """
        + _TECHNICAL
    ),
    words={"company": words.COMPANY},
)

DEAL = Profile(
    key="salesforce.opportunity",
    name="Salesforce",
    kind="deals",
    entity="sales.deal",
    needs=needs(
        "Id | Opportunity ID", "Name | Opportunity Name", "StageName | Stage", "CloseDate | Close Date"
    ),
    lines=lines(
        """
    field:uid (short) = Id | Opportunity ID
    field:name = Name | Opportunity Name
    field:amount (number) = Amount
    field:currency = CurrencyIsoCode | Amount Currency | Opportunity Currency
    field:stage_id (words deal) = StageName | Stage
    field:probability (number) = Probability | Probability (%)
    field:close_on (day) = CloseDate | Close Date
    field:opened_on (day) = CreatedDate | Created Date
    field:company_id (short) = AccountId | Account ID
    field:company_id (without AccountId/Account ID) = Account Name
    field:contact_id (short) = ContactId | Contact ID
    field:owner_id = Opportunity Owner | OwnerId
    field:note = Description
    skip: stage and amount say it = IsClosed | IsWon | ForecastCategory | ForecastCategoryName | ExpectedRevenue | Closed
      | Won | Fiscal | FiscalYear | FiscalQuarter | HasOpportunityLineItem | Expected Revenue | Forecast Category
    """
        + _TECHNICAL
    ),
    rest="field:note",
    words={"deal": {"closed won": "Won", "closed lost": "Lost"}},
)

_WORDS = {
    "task": words.TASK,
    "priority": words.PRIORITY,
    "kind": words.KIND,
    "direction": words.DIRECTION,
    "call": words.CALL,
}

OPEN_TASK = Profile(
    key="salesforce.open_task",
    name="Salesforce",
    kind="tasks",
    entity="task",
    needs=(),
    lines=lines(
        """
    field:uid (short) = Id | Activity ID
    field:summary = Subject
    field:description = Description | Comments | Full Comments
    field:due_on (day) = ActivityDate | Date | Due Date
    field:status (words task) = Status
    field:priority (words priority) = Priority
    field:assignee_id = OwnerId | Owner | Assigned | Assigned To
    field:about (starts 003/00Q + short + typed contact) = WhoId | Contact ID | Lead ID | Name ID
    field:about (starts 001 + short + typed company) = WhatId | Related To ID
    field:about (starts 006 + short + typed sales.deal) = WhatId | Related To ID
    skip: the state says the same = IsClosed | IsHighPriority | IsArchived | Task | TaskSubtype | Task Subtype
    skip: when Salesforce kept the row = CreatedDate | Created Date
    skip: the company of what the task is about = AccountId | Account ID | Company / Account | Contact
    """
        + _TECHNICAL
    ),
    rest="field:description",
    words=_WORDS,
)

TASK = Profile(
    key="salesforce.task",
    name="Salesforce",
    kind="activities",
    entity="interaction",
    needs=needs(
        "Id | Activity ID",
        "Subject",
        "Status",
        "WhoId | ActivityDate | TaskSubtype | Name ID | Related To ID",
        "Priority | TaskSubtype | CallType",
    ),
    lines=lines(
        """
    field:uid (short) = Id | Activity ID
    field:subject = Subject
    field:body = Description | Comments | Full Comments
    field:kind (words kind) = TaskSubtype | Task Subtype
    field:kind (without TaskSubtype/Task Subtype + words kind) = Type | Activity Type
    skip: the subtype says it more exactly = Type | Activity Type
    field:occurred_at (time) = CompletedDateTime | Completed Date/Time
    field:occurred_at (time) = ActivityDate | Date | Due Date
    field:occurred_at (time) = CreatedDate | Created Date
    field:duration_s (number) = CallDurationInSeconds | Call Duration
    field:direction (words direction) = CallType | Call Type
    field:outcome (words call) = CallDisposition | Call Result
    skip: done, or it would be a task = Status | IsClosed | IsArchived | Task | IsHighPriority | Priority
    """
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
    words=_WORDS,
    otherwise=Otherwise(
        header="status",
        words=frozenset(("not started", "in progress", "waiting on someone else", "deferred", "open")),
        key="salesforce.open_task",
    ),
)

EVENT = Profile(
    key="salesforce.event",
    name="Salesforce",
    kind="meetings",
    entity="interaction",
    needs=needs(
        "Id | Activity ID",
        "Subject",
        "StartDateTime | DurationInMinutes | ActivityDateTime | Start Date Time",
    ),
    lines=lines(
        """
    field:uid (short) = Id | Activity ID
    field:subject = Subject
    field:body = Description
    field:occurred_at (time) = StartDateTime | Start Date Time
    field:occurred_at (time) = ActivityDateTime | ActivityDate
    field:duration_s (minutes) = DurationInMinutes | Duration
    field:location = Location
    field:occurred_at (time) = CreatedDate | Created Date
    field:body (yes yes + named) = IsPrivate | Private
    skip: how the calendar shows it = ShowAs | Show Time As
    skip: start and duration say it = EndDateTime | End Date Time | EndDate | IsAllDayEvent
    """
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
    words=_WORDS,
)

NOTE = Profile(
    key="salesforce.note",
    name="Salesforce",
    kind="notes",
    entity="interaction",
    needs=needs("Id", "ParentId", "Title", "Body"),
    lines=lines(
        """
    field:uid (short) = Id
    field:subject = Title
    field:body = Body
    field:occurred_at (time) = CreatedDate
    field:contacts (starts 003/00Q + short) = ParentId
    field:about (starts 001 + short + typed company) = ParentId
    field:about (starts 006 + short + typed sales.deal) = ParentId
    field:owner_id = OwnerId
    field:body (yes yes + named) = IsPrivate
    """
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
)

ALL = (CONTACT, LEAD, COMPANY, DEAL, TASK, OPEN_TASK, EVENT, NOTE)
