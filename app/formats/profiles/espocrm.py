"""EspoCRM: exports of contacts, leads, accounts, opportunities, calls, meetings, e-mails, tasks and notes of the stream.

Column names: the attributes of the entities (`entityDefs` of the modules Crm and core), which a CSV export writes as its
header, and their English labels, which an XLSX export writes. Times are in UTC in a CSV. Lists of links are written as
JSON (`contactsIds`).
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_TECHNICAL = """
    skip: when and by whom EspoCRM kept the row = deleted | modifiedAt | createdById | createdByName | modifiedById
      | modifiedByName | Created By | Modified By | Modified At | versionNumber | streamUpdatedAt
    skip: rights of EspoCRM = teamsIds | teamsNames | Teams | isFollowed | followersIds | followersNames
"""
_PERSON = """
    uid = id | ID
    honorific_prefix = salutationName | Salutation
    given_name = firstName | First Name
    additional_name = middleName | Middle Name
    family_name = lastName | Last Name
    formatted_name (without lastName/Last Name) = name | Name
    skip: the parts of the name stand beside it = name | Name
    emails = emailAddress | Email | Email Address
    phones = phoneNumber | Phone | Phone Number
    skip: what the address and the number beside it say of themselves = emailAddressIsOptedOut | emailAddressIsInvalid
      | phoneNumberIsOptedOut | phoneNumberIsInvalid
    emails (json emailAddress) = emailAddressData
    phones (json phoneNumber) = phoneNumberData
    title = title | Title | accountRole
    addresses.street_address = addressStreet | Address Street | Street
    addresses.locality = addressCity | Address City | City
    addresses.region = addressState | Address State | State
    addresses.postal_code = addressPostalCode | Address Postal Code | Postal Code
    addresses.country = addressCountry | Address Country | Country
    note = description | Description
    source = source | Source
    field:do_not_contact (yes call) = doNotCall | Do Not Call
    field:owner_id = assignedUserName | Assigned User
    skip: the name of the user stands beside it = assignedUserId
"""

CONTACT = Profile(
    key="espocrm.contact",
    name="EspoCRM",
    kind="contacts",
    entity="contact",
    needs=needs(
        "id | ID",
        "lastName | Last Name | name",
        "accountId | accountName | Account",
        "emailAddress | phoneNumber | assignedUserId | assignedUserName | Assigned User",
    ),
    lines=lines(
        """
    organization = accountName | Account
    field:company.id = accountId | Account ID
    skip: the first of them stands beside it = accountsIds | accountsNames | Accounts
    """
        + _PERSON
        + _TECHNICAL
    ),
    zone="UTC",
)

LEAD = Profile(
    key="espocrm.lead",
    name="EspoCRM",
    kind="leads",
    entity="contact",
    needs=needs(
        "id | ID",
        "lastName | Last Name | name",
        "accountName | Account Name",
        "status | Status",
        "emailAddress | createdAccountId | opportunityAmount | assignedUserId",
    ),
    lines=lines(
        """
    organization = accountName | Account Name
    urls = website | Website
    """
        + _PERSON
        + _TECHNICAL
    ),
    fixed=(("field:lifecycle_stage", "lead"),),
    zone="UTC",
)

ACCOUNT = Profile(
    key="espocrm.account",
    name="EspoCRM",
    kind="companies",
    entity="company",
    needs=needs(
        "id | ID", "name | Name", "billingAddressStreet | billingAddressCity | sicCode | Billing Address City"
    ),
    lines=lines(
        """
    uid = id | ID
    organization = name | Name
    emails = emailAddress | Email
    phones = phoneNumber | Phone
    emails (json emailAddress) = emailAddressData
    phones (json phoneNumber) = phoneNumberData
    skip: what the address and the number beside it say of themselves = emailAddressIsOptedOut | emailAddressIsInvalid
      | phoneNumberIsOptedOut | phoneNumberIsInvalid
    urls = website | Website
    addresses.street_address#billing = billingAddressStreet | Billing Address Street
    addresses.locality#billing = billingAddressCity | Billing Address City
    addresses.region#billing = billingAddressState | Billing Address State
    addresses.postal_code#billing = billingAddressPostalCode | Billing Address Postal Code
    addresses.country#billing = billingAddressCountry | Billing Address Country
    addresses.street_address#delivery = shippingAddressStreet | Shipping Address Street
    addresses.locality#delivery = shippingAddressCity | Shipping Address City
    addresses.region#delivery = shippingAddressState | Shipping Address State
    addresses.postal_code#delivery = shippingAddressPostalCode | Shipping Address Postal Code
    addresses.country#delivery = shippingAddressCountry | Shipping Address Country
    field:industry = industry | Industry
    field:kinds (words company) = type | Type
    field:owner_id = assignedUserName | Assigned User
    skip: the name of the user stands beside it = assignedUserId
    note = description | Description
    """
        + _TECHNICAL
    ),
    zone="UTC",
    words={"company": words.COMPANY},
)

DEAL = Profile(
    key="espocrm.opportunity",
    name="EspoCRM",
    kind="deals",
    entity="sales.deal",
    needs=needs("id | ID", "name | Name", "stage | Stage", "closeDate | Close Date"),
    lines=lines(
        """
    field:uid = id | ID
    field:name = name | Name
    field:amount (number) = amount | Amount
    field:currency = amountCurrency | Amount Currency
    skip: the amount in the currency of the house = amountConverted | amountWeightedConverted
    field:stage_id (words deal) = stage | Stage
    field:probability (number) = probability | Probability
    field:close_on (day) = closeDate | Close Date
    field:opened_on (day) = createdAt | Created At
    field:company_id = accountId
    field:company_id (without accountId) = accountName | Account
    field:contact_id = contactId
    field:contact_id (without contactId) = contactName | Contact
    field:owner_id = assignedUserName | Assigned User
    skip: the name of the user stands beside it = assignedUserId
    field:note = description | Description
    """
        + _TECHNICAL
    ),
    rest="field:note",
    words={"deal": {"closed won": "Won", "closed lost": "Lost"}},
    zone="UTC",
)

_TIED = """
    field:contacts (json) = contactsIds
    field:contacts (without contactsIds + lines ,) = contactsNames | Contacts
    field:contacts (json) = leadsIds
    field:contacts (when parentType=Contact/Lead) = parentId
    field:about (when parentType=Account + typed company) = parentId
    field:about (when parentType=Opportunity + typed sales.deal) = parentId
    skip: its id stands beside it = parentName | parentType | Parent | leadsNames | Leads
    skip: the company of what it is about = accountId | accountName | Account
    field:users (json) = usersIds
    field:users (without usersIds + lines ,) = usersNames | Users
    field:owner_id = assignedUserName | Assigned User
    skip: the name of the user stands beside it = assignedUserId
"""
_TALK = (
    """
    field:uid = id | ID
    field:subject = name | Name
    field:body = description | Description
    field:occurred_at (time) = dateStart | Date Start
    field:occurred_at (time) = createdAt | Created At
    field:duration_s (since dateStart/Date Start) = dateEnd | Date End
    skip: the times beside it say it = dateStartDate | dateEndDate | isAllDay | duration | Duration
"""
    + _TIED
    + _TECHNICAL
)
_WORDS = {
    "direction": words.DIRECTION,
    "call": words.CALL,
    "meeting": words.MEETING,
    "task": words.TASK,
    "priority": words.PRIORITY,
}

CALL = Profile(
    key="espocrm.call",
    name="EspoCRM",
    kind="calls",
    entity="interaction",
    needs=needs("id | ID", "name | Name", "dateStart | Date Start", "direction | Direction"),
    lines=lines(
        "field:direction (words direction) = direction | Direction\n field:outcome (words call) = status | Status"
        + _TALK
    ),
    fixed=(("field:kind", "call"),),
    rest="field:body",
    zone="UTC",
    words=_WORDS,
)

MEETING = Profile(
    key="espocrm.meeting",
    name="EspoCRM",
    kind="meetings",
    entity="interaction",
    needs=needs("id | ID", "name | Name", "dateStart | Date Start", "dateEnd | Date End", "status | Status"),
    lines=lines(
        "field:outcome (words meeting) = status | Status\n field:location = location | Location" + _TALK
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
    zone="UTC",
    words=_WORDS,
)

TASK = Profile(
    key="espocrm.task",
    name="EspoCRM",
    kind="tasks",
    entity="task",
    needs=needs(
        "id | ID", "name | Name", "dateEnd | Date Due | dateEndDate", "priority | Priority", "status | Status"
    ),
    lines=lines(
        """
    field:uid = id | ID
    field:summary = name | Name
    field:description = description | Description
    field:status (words task) = status | Status
    field:priority (words priority) = priority | Priority
    field:due_on (day) = dateEndDate
    field:due_on (day) = dateEnd | Date Due
    skip: when it was to begin, and what says the same = dateStart | dateStartDate | Date Start | isOverdue | Is Overdue
    field:about (typed contact) = contactId
    field:about (when parentType=Contact/Lead + typed contact) = parentId
    field:about (when parentType=Account + typed company) = parentId
    field:about (when parentType=Opportunity + typed sales.deal) = parentId
    skip: its id stands beside it = parentName | parentType | Parent | contactName | Contact
    skip: when EspoCRM kept the row = createdAt | Created At
    skip: the company of what it is about = accountId | accountName | Account
    field:assignee_id = assignedUserName | Assigned User
    skip: the name of the user stands beside it = assignedUserId
    """
        + _TECHNICAL
    ),
    rest="field:description",
    zone="UTC",
    words=_WORDS,
)

EMAIL = Profile(
    key="espocrm.email",
    name="EspoCRM",
    kind="e-mails",
    entity="interaction",
    needs=needs("id", "name | subject", "dateSent", "body | bodyPlain | from"),
    lines=lines(
        """
    field:uid = id
    field:subject = name | subject
    field:body = bodyPlain
    field:body (without bodyPlain + html) = body
    field:occurred_at (time) = dateSent
    field:direction (words espo) = status
    field:contacts (when parentType=Contact/Lead) = parentId
    field:about (when parentType=Account + typed company) = parentId
    field:about (when parentType=Opportunity + typed sales.deal) = parentId
    skip: its id stands beside it = parentName | parentType | accountId | accountName
    field:body (named) = from | to | cc
    skip: when it was sent stands beside it = createdAt
    skip: the same in other words = isHtml | fromString | replyToString | messageId | subject
    field:owner_id = assignedUserName
    skip: the name of the user stands beside it = assignedUserId
    """
        + _TECHNICAL
    ),
    fixed=(("field:kind", "email"),),
    rest="field:body",
    zone="UTC",
    words={"espo": {"sent": "outbound", "archived": "inbound", "sending": "outbound"}},
)

NOTE = Profile(
    key="espocrm.note",
    name="EspoCRM",
    kind="notes",
    entity="interaction",
    needs=needs("id", "post", "parentId", "parentType"),
    lines=lines(
        """
    field:uid = id
    field:body = post
    field:occurred_at (time) = createdAt
    field:contacts (when parentType=Contact/Lead) = parentId
    field:about (when parentType=Account + typed company) = parentId
    field:about (when parentType=Opportunity + typed sales.deal) = parentId
    skip: its id stands beside it = parentName | parentType
    field:owner_id = createdByName
    skip: what the stream keeps for itself = data | number | type | targetType | isGlobal | isInternal | relatedId
      | relatedType | superParentId | superParentType
    """
        + _TECHNICAL.replace(" | createdByName", "")
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
    zone="UTC",
)

ALL = (CONTACT, LEAD, ACCOUNT, DEAL, CALL, MEETING, TASK, EMAIL, NOTE)
