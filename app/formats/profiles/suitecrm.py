"""SuiteCRM 7: exports of contacts, leads, accounts, opportunities, notes, calls, meetings and tasks.

Column names: the English labels that an export writes, in the order and for the fields that `include/export_utils.php`
lists for each module, and the names of the same fields in the vardefs, which stand in a header where a label is missing.
Times are written as the person who exports has set them.
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_TECHNICAL = """
    skip: when and by whom SuiteCRM kept the row = Date Modified | date_modified | Modified By | Modified By ID
      | Modified By Name | modified_user_id | Created By | Created By ID | Created By Name | created_by | Deleted | deleted
    skip: rights of SuiteCRM = Teams | Team id | Team Set ID | team_id | team_set_id | team_name
    skip: the name of the user stands beside it = Assigned User ID | assigned_user_id | Assigned User
"""
_OWNER = "Assigned to | Assigned User Name | assigned_user_name"
_PERSON = f"""
    uid = ID
    honorific_prefix = Salutation
    given_name = First Name
    family_name = Last Name
    title = Title | Job Title
    department = Department
    organization = Account Name
    emails = Email Address | email_address | Email
    emails (lines ,;) = Non Primary E-mails for Import | Non Primary E-mails | email_addresses_non_primary
    phones#cell = Phone Mobile | Mobile | phone_mobile
    phones#work = Phone Work | Office Phone | phone_work
    phones#home = Phone Home | Home | phone_home
    phones#other = Phone Other | Other Phone | phone_other
    phones#fax = Phone Fax | Fax | phone_fax
    addresses.street_address = Primary Address Street | primary_address_street
    addresses.locality = Primary Address City | primary_address_city
    addresses.region = Primary Address State | primary_address_state
    addresses.postal_code = Primary Address Postal Code | Primary Address Postalcode | primary_address_postalcode
    addresses.country = Primary Address Country | primary_address_country
    addresses.street_address#other = Alternate Address Street | Alt Address Street | alt_address_street
    addresses.locality#other = Alternate Address City | Alt Address City | alt_address_city
    addresses.region#other = Alternate Address State | Alt Address State | alt_address_state
    addresses.postal_code#other = Alternate Address Postal Code | Alt Address Postalcode | alt_address_postalcode
    addresses.country#other = Alternate Address Country | Alt Address Country | alt_address_country
    note = Description
    birthday (day) = Birthdate | birthdate
    source = Lead Source | lead_source
    urls = Website
    related#assistant = Assistant
    phones#assistant = Assistant Phone | assistant_phone
    field:do_not_contact (yes call) = Do Not Call | do_not_call
    field:owner_id = {_OWNER}
"""

CONTACT = Profile(
    key="suitecrm.contact",
    name="SuiteCRM",
    kind="contacts",
    entity="contact",
    needs=needs(
        "ID",
        "Last Name",
        "Primary Address Street | Primary Address City | Reports to ID | Phone Work | Do Not Call",
        "Assigned User ID | Assigned User Name | Date Created | Date Modified | Assigned to",
    ),
    lines=lines(
        """
    field:company.id = Account ID | account_id
    skip: a password is never taken over = Portal Password | portal_password
    """
        + _PERSON
        + _TECHNICAL
    ),
)

LEAD = Profile(
    key="suitecrm.lead",
    name="SuiteCRM",
    kind="leads",
    entity="contact",
    needs=needs(
        "ID",
        "Last Name",
        "Status",
        "Assigned User ID | Assigned User Name | Date Created | Assigned to",
        "Status Description | Lead Source Description | Account Description | Converted | Opportunity Amount",
    ),
    lines=lines(
        """
    extra = Status | Status Description | Lead Source Description | Account Description | Converted | Opportunity Name
      | Opportunity Amount | Refered By
    related#referred-by = Referred By
    skip: a password is never taken over = Portal Password | portal_password
    """
        + _PERSON
        + _TECHNICAL
    ),
    fixed=(("field:lifecycle_stage", "lead"),),
)

ACCOUNT = Profile(
    key="suitecrm.account",
    name="SuiteCRM",
    kind="companies",
    entity="company",
    needs=needs(
        "ID",
        "Name | Account Name",
        "Billing Street | Billing City | Billing Address Street | billing_address_street"
        " | Ticker Symbol | SIC Code",
    ),
    lines=lines(
        f"""
    uid = ID
    organization = Name | Account Name
    urls = Website
    emails = Email Address | email_address | Email
    emails (lines ,;) = Non Primary E-mails | email_addresses_non_primary
    phones#work = Office Phone | Phone Office | phone_office
    phones#other = Alternate Phone | Phone Alternate | phone_alternate
    phones#fax = Fax | Phone Fax | phone_fax
    addresses.street_address#billing = Billing Street | Billing Address Street | billing_address_street
    addresses.locality#billing = Billing City | Billing Address City | billing_address_city
    addresses.region#billing = Billing State | Billing Address State | billing_address_state
    addresses.postal_code#billing = Billing Postal Code | Billing Address Postal Code | billing_address_postalcode
    addresses.country#billing = Billing Country | Billing Address Country | billing_address_country
    addresses.street_address#delivery = Shipping Street | Shipping Address Street | shipping_address_street
    addresses.locality#delivery = Shipping City | Shipping Address City | shipping_address_city
    addresses.region#delivery = Shipping State | Shipping Address State | shipping_address_state
    addresses.postal_code#delivery = Shipping Postal Code | Shipping Address Postal Code | shipping_address_postalcode
    addresses.country#delivery = Shipping Country | Shipping Address Country | shipping_address_country
    note = Description
    field:kinds (words company) = Type | Account Type | account_type
    field:industry = Industry
    field:annual_revenue (number) = Annual Revenue | annual_revenue
    field:number_of_employees (number) = Employees
    field:parent_id = Parent Account ID | parent_id
    field:owner_id = {_OWNER}
    """
        + _TECHNICAL
    ),
    words={"company": words.COMPANY},
)

DEAL = Profile(
    key="suitecrm.opportunity",
    name="SuiteCRM",
    kind="deals",
    entity="sales.deal",
    needs=needs("ID", "Opportunity Name | Name", "Sales Stage | sales_stage"),
    lines=lines(
        f"""
    field:uid = ID
    field:name = Opportunity Name | Name
    field:amount (number) = Opportunity Amount
    skip: the same in the currency of the house = Amount | amount_usdollar
    field:stage_id (words deal) = Sales Stage | sales_stage
    field:probability (number) = Probability (%) | probability
    field:close_on (day) = Expected Close Date | date_closed
    field:opened_on (day) = Date Created | date_entered
    field:company_id = Account ID | account_id
    field:company_id (without Account ID/account_id) = Account Name
    field:note = Description
    field:owner_id = {_OWNER}
    """
        + _TECHNICAL
    ),
    rest="field:note",
    words={"deal": {"closed won": "Won", "closed lost": "Lost"}},
)

_TIED = f"""
    field:contacts = Contact ID | contact_id
    field:contacts (when Parent Type=Contacts/Contact/Leads/Lead/Targets/Target) = Parent ID | parent_id
    field:about (when Parent Type=Accounts/Account + typed company) = Parent ID | parent_id
    field:about (when Parent Type=Opportunities/Opportunity + typed sales.deal) = Parent ID | parent_id
    field:about (without Parent Type + parent) = Related to
    skip: the id beside it = Parent Type | parent_type | Related to Type | Contact Name | Contact
    field:owner_id = {_OWNER}
"""
_SPAN = """
    field:occurred_at (time) = Date | Start Date | Date Start | Start Date & Time | date_start
    field:occurred_at (time) = Date Created | date_entered
    field:duration_s (hours Duration Minutes/duration_minutes) = Duration Hours | duration_hours
    skip: it stands with the hours = Duration Minutes | duration_minutes
    skip: begin and duration say it = Date End | End Date | date_end
"""
_WORDS = {
    "direction": words.DIRECTION,
    "call": words.CALL,
    "meeting": words.MEETING,
    "task": words.TASK,
    "priority": words.PRIORITY,
}

NOTE = Profile(
    key="suitecrm.note",
    name="SuiteCRM",
    kind="notes",
    entity="interaction",
    needs=needs(
        "ID",
        "Name | Subject",
        "Parent ID | Contact ID",
        "Attachment | Display in Portal? | filename | portal_flag",
    ),
    lines=lines(
        """
    field:uid = ID
    field:subject = Name | Subject
    field:body = Description | Note
    field:body (named) = Attachment | filename
    field:occurred_at (time) = Date Created | date_entered
    """
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
)

CALL = Profile(
    key="suitecrm.call",
    name="SuiteCRM",
    kind="calls",
    entity="interaction",
    needs=needs(
        "ID", "Subject | Name", "Direction | direction", "Duration Hours | duration_hours | Duration Minutes"
    ),
    lines=lines(
        """
    field:uid = ID
    field:subject = Subject | Name
    field:body = Description
    field:direction (words direction) = Direction
    field:outcome (words call) = Status
    """
        + _SPAN
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "call"),),
    rest="field:body",
    words=_WORDS,
)

MEETING = Profile(
    key="suitecrm.meeting",
    name="SuiteCRM",
    kind="meetings",
    entity="interaction",
    needs=needs(
        "ID", "Subject | Name", "Location | location", "Duration Hours | duration_hours | Duration Minutes"
    ),
    lines=lines(
        """
    field:uid = ID
    field:subject = Subject | Name
    field:body = Description
    field:location = Location
    field:outcome (words meeting) = Status
    skip: a password is never taken over = Meeting Password | password
    """
        + _SPAN
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
    words=_WORDS,
)

TASK = Profile(
    key="suitecrm.task",
    name="SuiteCRM",
    kind="tasks",
    entity="task",
    needs=needs("ID", "Subject | Name", "Date Due | Due Date | date_due", "Priority | priority"),
    lines=lines(
        f"""
    field:uid = ID
    field:summary = Subject | Name
    field:description = Description
    field:status (words task) = Status
    field:priority (words priority) = Priority
    field:due_on (day) = Date Due | Due Date | date_due
    field:about (typed contact) = Contact ID | contact_id
    field:about (when Parent Type=Contacts/Contact/Leads/Lead + typed contact) = Parent ID | parent_id
    field:about (when Parent Type=Accounts/Account + typed company) = Parent ID | parent_id
    field:about (when Parent Type=Opportunities/Opportunity + typed sales.deal) = Parent ID | parent_id
    skip: the id beside it = Parent Type | parent_type | Contact Name
    skip: when it was to begin = Date Start | Start Date | date_start | Date Created | date_entered
    field:assignee_id = {_OWNER}
    """
        + _TECHNICAL
    ),
    rest="field:description",
    words=_WORDS,
)

ALL = (CONTACT, LEAD, ACCOUNT, DEAL, NOTE, CALL, MEETING, TASK)
