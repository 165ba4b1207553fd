"""Words that the profiles share: stages, directions, outcomes and states of several systems by what they are here."""

from __future__ import annotations

from app.formats.profiles.profile import table

STAGE = table("""
    subscriber: subscriber
    lead: lead | new | working | open - not contacted | assigned | not contacted | contacted | cold | prospect
    qualified: marketing qualified lead | marketingqualifiedlead | sales qualified lead | salesqualifiedlead | mql | sql
    opportunity: opportunity
    customer: customer | client | converted
    evangelist: evangelist
    former: former customer | churned | dead | recycled | unqualified | lost
""")
"""Stages of people; what is none of them stays among the further properties."""

COMPANY = table("""
    customer: customer | client | customer - direct | customer - channel
    prospect: prospect | analyst | investor | press | integrator
    partner: partner | reseller | channel partner / reseller | technology partner | installation partner | integrator partner
    supplier: vendor | supplier
    competitor: competitor
""")
"""Kinds of companies."""

DIRECTION = table("""
    outbound: outbound | outgoing | email | forwarded_email | dialed | out
    inbound: inbound | incoming | incoming_email | missed | received | in
    internal: internal
""")
"""Directions of calls and mails."""

CALL = table("""
    connected: connected | completed | held | interested | answered | call completed
    no_answer: no answer | not held | missed | no response/busy | unanswered | no show | not answered
    left_message: left live message | left voicemail | left message | voicemail
    busy: busy
    wrong_number: wrong number | invalid number
""")
"""Outcomes of calls."""

MEETING = table("""
    held: completed | held | done
    not_held: no show | no_show | canceled | cancelled | not held | rescheduled
""")
"""Outcomes of meetings."""

TASK = table(
    """
    done: completed | complete | done | closed | 1 | true | yes
    todo: not started | not_started | in progress | in_progress | started | waiting | waiting on someone else | deferred
      | open | pending input | planned | to do | undone | 0 | false | no | overdue | today
    cancelled: canceled | cancelled
""".replace("\n      |", " |")
)
"""States of tasks."""

PRIORITY = table("""
    high: high | highest | urgent
    normal: normal | medium | none
    low: low | lowest
""")
"""Priorities of tasks."""

KIND = table("""
    call: call | phone call | anruf | appel | llamada | ligação | tel
    meeting: meeting | demo | lunch | event | besprechung | termin | réunion | reunión | reunião | intro call
    email: email | e-mail | mail | listemail | mensaje | notification
    note: note | task | to-do | todo | deadline | other | comment
    message: sms | whatsapp | message | communication
    letter: letter | send letter / quote | postal_mail
    social: linkedin_message
""")
"""Kinds of what was talked about."""

PARENT = table("""
    contact: contact | contacts | lead | leads | prospect | prospects | res.partner | person
    company: account | accounts | company | companies
    deal: opportunity | opportunities | deal | deals | potential | potentials
""")
"""Kinds of record that an activity may belong to."""
