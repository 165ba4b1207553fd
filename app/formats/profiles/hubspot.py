"""HubSpot: exports of contacts, companies, deals, notes, calls, e-mails, meetings and tasks.

Column names: labels of HubSpot's default properties as its export writes them (knowledge.hubspot.com, "HubSpot's default
contact / company / deal / activity properties" and "Export records"), and the internal names of the same properties, as
programs that read the API write them (Fivetran's HubSpot tables).
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_TECHNICAL = """
    skip: written by the program that copied the data = _fivetran_synced | _fivetran_deleted | _fivetran_start
      | _fivetran_end | _fivetran_active
"""
_ID = "Record ID | Record ID - Contact | Record ID - Company | Record ID - Deal | Record ID - Note | Record ID - Call | id"
_ABOUT = """
    field:contacts (lines ;) = Associated Contact IDs | Associated Contact ID | Contact IDs | contact_id
    field:contacts (without Associated Contact IDs + lines ; + bare) = Associated Contact
    field:about (lines ; + typed company) = Associated Company IDs | Associated Company ID | Company IDs | company_id
    field:about (without Associated Company IDs + lines ; + bare + typed company) = Associated Company
    field:about (lines ; + typed sales.deal) = Associated Deal IDs | Associated Deal ID | Deal IDs | deal_id
    skip: the ids beside it say the same = Associated Deal
    field:owner_id = Activity assigned to | Assigned to | Owner | HubSpot Owner | hubspot_owner_id
    skip: whose the contact is stands with the contact = hubspot_team_id | HubSpot Team | hs_all_owner_ids | hs_all_team_ids
"""

CONTACT = Profile(
    key="hubspot.contact",
    name="HubSpot",
    kind="contacts",
    entity="contact",
    needs=needs(
        "Record ID | Record ID - Contact | Contact ID | id | vid",
        "First Name | Last Name | Email | firstname | lastname",
        "Contact owner | Lifecycle Stage | lifecyclestage | Lead Status | hs_lead_status | Associated Company"
        " | hubspot_owner_id | createdate | Associated Company IDs | Primary Associated Company ID",
    ),
    lines=lines(
        """
    uid = Record ID | Record ID - Contact | Contact ID | id | vid | hs_object_id
    given_name = First Name | firstname
    family_name = Last Name | lastname
    honorific_prefix = Salutation
    emails#work = Email
    emails (lines ;) = Additional email addresses | Work email | hs_additional_emails
    phones#work = Phone Number | Phone
    phones#cell = Mobile Phone Number | mobilephone
    phones#fax = Fax Number | fax
    title = Job Title | jobtitle
    organization (first ;) = Associated Company | Primary Company | Company Name | company
    field:company.id (first ;) = Associated Company IDs (Primary) | Primary Associated Company ID
      | Associated Company IDs | Associated Company ID | associatedcompanyid
    extra (several ;) = Associated Company IDs | Associated Company
    addresses.street_address = Street Address | address
    addresses.extended_address = Street Address 2 | address_2
    addresses.locality = City
    addresses.region = State/Region | state
    addresses.postal_code = Postal Code | zip
    addresses.country = Country/Region | country
    urls = Website URL | website
    impp#linkedin = LinkedIn URL | hs_linkedin_url | LinkedIn Bio | linkedinbio
    impp#twitter = Twitter Username | twitterhandle
    birthday = Date of birth | date_of_birth
    gender = Gender
    languages = Preferred language | hs_language
    note = Message
    source = Original Source | Original Traffic Source | hs_analytics_source
    field:lifecycle_stage (words stage) = Lifecycle Stage | lifecyclestage
    field:owner_id = Contact owner | hubspot_owner_id
    field:do_not_contact (yes email) = Unsubscribed from all email | hs_email_optout
    """
        + _TECHNICAL
    ),
    words={"stage": words.STAGE},
)

COMPANY = Profile(
    key="hubspot.company",
    name="HubSpot",
    kind="companies",
    entity="company",
    needs=needs(
        "Record ID | Record ID - Company | Company ID | id",
        "Company name | name",
        "Company owner | Company Domain Name | domain | createdate | lifecyclestage | hubspot_owner_id | annualrevenue",
    ),
    lines=lines(
        """
    uid = Record ID | Record ID - Company | Company ID | id | hs_object_id
    organization = Company name | name
    field:domains = Company Domain Name | domain
    phones#work = Phone Number | phone
    addresses.street_address = Street Address | address
    addresses.extended_address = Street Address 2 | address_2
    addresses.locality = City
    addresses.region = State/Region | state
    addresses.postal_code = Postal Code | zip
    addresses.country = Country/Region | country
    urls = Website URL | website
    impp#linkedin = LinkedIn Company Page | linkedin_company_page | linkedinbio
    impp#twitter = Twitter Handle | twitterhandle
    impp#facebook = Facebook Company Page | facebook_company_page
    field:industry = Industry
    field:number_of_employees (number) = Number of Employees | numberofemployees
    field:annual_revenue (number) = Annual Revenue | annualrevenue
    field:founding_date = Year Founded | founded_year
    field:kinds (words company) = Type
    field:parent_id (first ;) = Parent Company IDs | hs_parent_company_id
    field:owner_id = Company owner | hubspot_owner_id
    note = Description
    note (named) = About Us | about_us
    """
        + _TECHNICAL
    ),
    words={"company": words.COMPANY},
)

DEAL = Profile(
    key="hubspot.deal",
    name="HubSpot",
    kind="deals",
    entity="sales.deal",
    needs=needs("Record ID | Record ID - Deal | deal_id | id", "Deal Name | dealname"),
    lines=lines(
        """
    field:uid = Record ID | Record ID - Deal | deal_id | id | hs_object_id
    field:name = Deal Name | dealname
    field:amount (number) = Amount
    field:currency = Currency | deal_currency_code
    field:close_on (day) = Close Date | closedate
    field:opened_on (day) = Create Date | createdate
    field:stage_id (words deal) = Deal Stage | dealstage
    field:pipeline_id = Pipeline
    field:contact_id (first ;) = Associated Contact IDs | Associated Contact ID
    field:contact_id (without Associated Contact IDs + first ; + bare) = Associated Contact
    field:company_id (first ;) = Associated Company IDs | Associated Company ID
    field:company_id (without Associated Company IDs + first ; + bare) = Associated Company
    field:owner_id = Deal owner | hubspot_owner_id | owner_id
    field:reason_id = Closed Lost Reason | closed_lost_reason | Closed Won Reason | closed_won_reason
    field:note = Deal Description | description
    """
        + _TECHNICAL
    ),
    rest="field:note",
    words={"deal": {"closedwon": "Won", "closed won": "Won", "closedlost": "Lost", "closed lost": "Lost"}},
)

NOTE = Profile(
    key="hubspot.note",
    name="HubSpot",
    kind="notes",
    entity="interaction",
    needs=needs("Note body | hs_note_body"),
    lines=lines(
        f"""
    field:uid = {_ID} | engagement_id | hs_object_id
    field:body (html) = Note body | hs_note_body
    skip: the beginning of the body = hs_body_preview | Body preview
    field:occurred_at (time) = Activity date | hs_timestamp
    field:occurred_at (time) = Create date | hs_createdate
    skip: this file holds notes alone = type | Engagement Type
    """
        + _ABOUT
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
)

CALL = Profile(
    key="hubspot.call",
    name="HubSpot",
    kind="calls",
    entity="interaction",
    needs=needs("Call title | Call notes | hs_call_title | hs_call_body"),
    lines=lines(
        f"""
    field:uid = {_ID} | engagement_id | hs_object_id
    field:subject = Call title | hs_call_title
    field:body (html) = Call notes | hs_call_body
    field:occurred_at (time) = Activity date | hs_timestamp
    field:occurred_at (time) = Create date | hs_createdate
    field:duration_s (milliseconds) = Call duration | hs_call_duration
    field:direction (words direction) = Call direction | hs_call_direction
    field:outcome (words call) = Call outcome | hs_call_disposition
    field:body (named) = Call status | hs_call_status
    skip: this file holds calls alone = type | Engagement Type
    """
        + _ABOUT
        + _TECHNICAL
    ),
    fixed=(("field:kind", "call"),),
    rest="field:body",
    words={"direction": words.DIRECTION, "call": words.CALL},
)

MEETING = Profile(
    key="hubspot.meeting",
    name="HubSpot",
    kind="meetings",
    entity="interaction",
    needs=needs(
        "Meeting name | Meeting title | Meeting description | hs_meeting_title | pre_meeting_prospect_reminders"
    ),
    lines=lines(
        f"""
    field:uid = {_ID} | engagement_id | hs_object_id
    field:subject = Meeting name | Meeting title | hs_meeting_title | title
    field:body (html) = Meeting description | hs_meeting_body | body
    field:body (html + named) = Internal meeting notes | hs_internal_meeting_notes
    field:occurred_at (time) = Meeting start time | hs_meeting_start_time | start_time
    field:occurred_at (time) = Activity date | hs_timestamp
    field:duration_s (since Meeting start time/hs_meeting_start_time/start_time) = Meeting end time
      | hs_meeting_end_time | end_time
    field:location = Meeting location | hs_meeting_location
    field:outcome (words meeting) = Meeting outcome | hs_meeting_outcome | meeting_outcome
    field:body (named) = Create date | hs_createdate
    skip: this file holds meetings alone = type | Engagement Type
    """
        + _ABOUT
        + _TECHNICAL
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
    words={"meeting": words.MEETING},
)

EMAIL = Profile(
    key="hubspot.email",
    name="HubSpot",
    kind="e-mails",
    entity="interaction",
    needs=needs(
        "Email subject | hs_email_subject",
        "Email body | Text body | hs_email_text | hs_email_html | Email direction",
    ),
    lines=lines(
        f"""
    field:uid = {_ID} | engagement_id | hs_object_id
    field:subject = Email subject | hs_email_subject
    field:body (html) = Text body | Email body | hs_email_text
    field:body (without Text body/hs_email_text + html) = HTML body | hs_email_html
    field:occurred_at (time) = Activity date | hs_timestamp
    field:occurred_at (time) = Create date | hs_createdate
    field:direction (words direction) = Email direction | hs_email_direction
    skip: this file holds e-mails alone = type | Engagement Type
    """
        + _ABOUT
        + _TECHNICAL
    ),
    fixed=(("field:kind", "email"),),
    rest="field:body",
    words={"direction": words.DIRECTION},
)

TASK = Profile(
    key="hubspot.task",
    name="HubSpot",
    kind="tasks",
    entity="task",
    needs=needs("Task Title | hs_task_subject | hs_task_type"),
    lines=lines(
        f"""
    field:uid = {_ID} | Record ID - Task | engagement_id
    field:summary = Task Title | hs_task_subject
    field:summary (without Task Title/hs_task_subject) = hs_task_type | Task Type
    field:description (html) = Task Notes | hs_task_body
    field:due_on (day) = Due date | hs_timestamp
    field:status (words task) = Task Status | hs_task_status
    field:priority (words priority) = Priority | hs_task_priority
    field:assignee_id = Assigned to | Activity assigned to | hubspot_owner_id
    field:about (lines ; + typed contact) = Associated Contact IDs
    field:about (without Associated Contact IDs + lines ; + bare + typed contact) = Associated Contact
    field:about (lines ; + typed company) = Associated Company IDs
    field:about (without Associated Company IDs + lines ; + bare + typed company) = Associated Company
    field:about (lines ; + typed sales.deal) = Associated Deal IDs
    skip: the ids beside it say the same = Associated Deal
    skip: the same number as the id = hs_object_id
    skip: this file holds tasks alone = type | Engagement Type
    skip: when HubSpot kept the row = Create date | hs_createdate
    """
        + _TECHNICAL
    ),
    rest="field:description",
    words={"task": words.TASK, "priority": words.PRIORITY},
)

ENGAGEMENT = Profile(
    key="hubspot.engagement",
    name="HubSpot",
    kind="activities",
    entity="interaction",
    needs=needs("engagement_id", "hs_timestamp", "type"),
    lines=lines("""
    field:uid = engagement_id
    field:kind (words kind) = type
    field:occurred_at (time) = hs_timestamp
    field:body (named) = hs_createdate
    skip: written by the program that copied the data = _fivetran_synced | _fivetran_deleted
    """),
    rest="field:body",
    words={"kind": words.KIND},
)

ALL = (CONTACT, COMPANY, DEAL, NOTE, CALL, MEETING, EMAIL, TASK, ENGAGEMENT)
