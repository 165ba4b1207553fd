"""Odoo: exports of contacts (res.partner), opportunities (crm.lead), messages (mail.message) and activities (mail.activity).

Column names: the fields of these models, which an import-compatible export writes ("parent_id/id"), and their English
labels, which the other one writes ("Related Company/External ID"). An external id that the export made holds the number of
the record ("__export__.res_partner_12_1f2e"), which messages know it by. Odoo keeps people and companies in one model.
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_TECHNICAL = """
    skip: when and by whom Odoo kept the row = Created on | Created by | Last Updated on | Last Updated by | create_date
      | create_uid | write_date | write_uid | Last Modified on | __last_update
"""
_FIRM = "Is a Company/is_company/Company Type/company_type=true/1/yes/company"
_ID = "External ID | id | ID | .id | Database ID"

PARTNER = Profile(
    key="odoo.partner",
    name="Odoo",
    kind="contacts",
    entity="contact",
    needs=needs(
        "External ID | id | ID | Database ID",
        "Name | name | Display Name | Complete Name | display_name",
        "Is a Company | is_company | Company Type | company_type | Related Company | parent_id | parent_id/id | Job Position"
        " | function | Salesperson | user_id | category_id | state_id | country_id",
    ),
    lines=lines(
        f"""
    uid (number_of_id) = {_ID}
    formatted_name (not {_FIRM}) = Name | name
    organization (when {_FIRM}) = Name | name
    formatted_name (without Name + not {_FIRM} + behind_comma) = Display Name | Complete Name | display_name
    organization (without Name + when {_FIRM}) = Display Name | Complete Name | display_name
    skip: it says what the name is = Is a Company | is_company | Company Type | company_type
    organization (not {_FIRM}) = Related Company | parent_id
    organization (without Related Company/parent_id + not {_FIRM}) = Company Name | company_name
      | Company Name Entity | commercial_company_name | Related Company/Name | parent_id/name
    field:company.id (number_of_id) = Related Company/External ID | parent_id/id | Related Company/ID | parent_id/.id
    title = Job Position | function
    honorific_prefix = Title | title
    emails = Email | email
    phones#work = Phone | phone
    phones#cell = Mobile | mobile
    addresses.street_address = Street | street
    addresses.extended_address = Street2 | street2
    addresses.locality = City | city
    addresses.region = State | state_id | State/State Name
    addresses.postal_code = Zip | zip
    addresses.country = Country | country_id | Country/Country Name
    urls = Website | Website Link | website
    note (html) = Notes | comment
    categories (commas ,) = Tags | category_id | Tags/Name
    languages = Language | lang
    field:vat_id (when {_FIRM}) = Tax ID | vat
    note (not {_FIRM} + named) = Tax ID | vat
    field:owner_id = Salesperson | user_id
    """
        + _TECHNICAL
    ),
    zone="",
)

LEAD = Profile(
    key="odoo.opportunity",
    name="Odoo",
    kind="deals",
    entity="sales.deal",
    needs=needs(
        "External ID | id | ID | Database ID",
        "Opportunity | name | Name",
        "Expected Revenue | expected_revenue | Expected Closing | stage_id | Stage",
    ),
    lines=lines(
        f"""
    field:uid (number_of_id) = {_ID}
    field:name = Opportunity | name | Name
    field:amount (number) = Expected Revenue | expected_revenue
    skip: the amount times the probability = Prorated Revenue | prorated_revenue
    field:probability (number) = Probability | probability
    field:stage_id = Stage | stage_id
    field:reason_id = Lost Reason | lost_reason_id | lost_reason
    field:close_on (day) = Expected Closing | date_deadline
    field:opened_on (day) = Created on | create_date
    field:contact_id (number_of_id) = Customer/External ID | partner_id/id
    field:contact_id (without Customer/External ID + behind_comma) = Customer | partner_id
    field:owner_id = Salesperson | user_id
    field:note (html) = Notes | description | Internal Notes
    """
        + _TECHNICAL.replace("Created on | ", "").replace(" | create_date\n", "\n")
    ),
    rest="field:note",
)

_TIED = """
    field:about (when Related Document Model/model/Document Model/res_model=res.partner/contact + number_of_id + typed contact/company)
      = Related Document ID | res_id
    field:about (when Related Document Model/model/Document Model/res_model=crm.lead/lead/opportunity + number_of_id + typed sales.deal)
      = Related Document ID | res_id
    field:about (without Related Document ID/res_id + behind_comma + typed contact/company) = Document Name
      | Message Record Name | record_name | res_name
    skip: it says what the id beside it is = Related Document Model | model | Document Model | res_model | res_model_id
"""

MESSAGE = Profile(
    key="odoo.message",
    name="Odoo",
    kind="notes",
    entity="interaction",
    needs=needs(
        "Contents | body",
        "Related Document Model | model | Related Document ID | res_id",
        "Date | date | Author | author_id",
    ),
    lines=lines(
        f"""
    field:uid (number_of_id + prefix message) = {_ID}
    field:subject = Subject | subject
    field:body (html) = Contents | body
    field:kind (words kind) = Type | message_type
    field:occurred_at (time) = Date | date
    skip: what the house kept of its author stands beside it = Subtype | subtype_id | Message-Id | message_id
    field:body (named) = Author | author_id | From | email_from
    """
        + _TIED
        + _TECHNICAL
    ),
    fixed=(("field:kind", "note"),),
    rest="field:body",
    zone="UTC",
    words={"kind": words.KIND},
)

ACTIVITY = Profile(
    key="odoo.activity",
    name="Odoo",
    kind="tasks",
    entity="task",
    needs=needs("Activity Type | activity_type_id", "Due Date | date_deadline"),
    lines=lines(
        f"""
    field:uid (number_of_id + prefix activity) = {_ID}
    field:summary = Summary | summary
    field:summary = Activity Type | activity_type_id
    field:due_on (day) = Due Date | date_deadline
    field:description (html) = Note | note
    field:assignee_id = Assigned to | user_id
    """
        + _TIED
        + _TECHNICAL
    ),
    rest="field:description",
)

ALL = (PARTNER, LEAD, MESSAGE, ACTIVITY)
