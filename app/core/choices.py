"""Fixed lists of values, with their labels and tones."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import Choice

STAGES = (
    Choice(value="subscriber", label=_l("Subscriber"), tone="sys"),
    Choice(value="lead", label=_l("Lead"), tone="warn"),
    Choice(value="qualified", label=_l("Qualified"), tone="info"),
    Choice(value="opportunity", label=_l("Opportunity"), tone="deal"),
    Choice(value="customer", label=_l("Customer"), tone="ok"),
    Choice(value="evangelist", label=_l("Evangelist"), tone="ok"),
    Choice(value="former", label=_l("Former"), tone="sys"),
)
CHANNELS = (
    Choice(value="call", label=_l("Phone")),
    Choice(value="email", label=_l("E-mail")),
    Choice(value="message", label=_l("SMS and messengers")),
    Choice(value="letter", label=_l("Post")),
    Choice(value="visit", label=_l("Visit")),
)
KINDS_OF_VALUE = (
    Choice(value="", label=_l("Other")),
    Choice(value="work", label=_l("Work")),
    Choice(value="home", label=_l("Home")),
)
PHONE_KINDS = (
    Choice(value="cell", label=_l("Mobile")),
    Choice(value="work", label=_l("Work")),
    Choice(value="home", label=_l("Home")),
    Choice(value="fax", label=_l("Fax")),
    Choice(value="pager", label=_l("Pager")),
    Choice(value="", label=_l("Other")),
)
COMPANY_KINDS = (
    Choice(value="customer", label=_l("Customer"), tone="ok"),
    Choice(value="prospect", label=_l("Prospect"), tone="warn"),
    Choice(value="partner", label=_l("Partner"), tone="info"),
    Choice(value="supplier", label=_l("Supplier"), tone="sys"),
    Choice(value="competitor", label=_l("Competitor"), tone="bad"),
)
OUTCOMES = (
    Choice(value="connected", label=_l("Connected"), tone="ok"),
    Choice(value="no_answer", label=_l("No answer"), tone="warn"),
    Choice(value="left_message", label=_l("Left a message"), tone="info"),
    Choice(value="busy", label=_l("Busy"), tone="warn"),
    Choice(value="wrong_number", label=_l("Wrong number"), tone="bad"),
)
MEETING_OUTCOMES = (
    Choice(value="held", label=_l("Held"), tone="ok"),
    Choice(value="not_held", label=_l("Did not take place"), tone="warn"),
)
DIRECTIONS = (
    Choice(value="outbound", label=_l("Outgoing")),
    Choice(value="inbound", label=_l("Incoming")),
    Choice(value="internal", label=_l("Internal")),
)
TASK_STATES = (
    Choice(value="todo", label=_l("To do"), tone="info"),
    Choice(value="done", label=_l("Done"), tone="ok"),
    Choice(value="cancelled", label=_l("Cancelled"), tone="sys"),
)
URGENCIES = (
    Choice(value="high", label=_l("High"), tone="bad"),
    Choice(value="normal", label=_l("Normal")),
    Choice(value="low", label=_l("Low"), tone="sys"),
)
REMINDERS = (
    Choice(value="0", label=_l("When it is due")),
    Choice(value="10", label=_l("10 minutes before")),
    Choice(value="60", label=_l("1 hour before")),
    Choice(value="1440", label=_l("1 day before")),
    Choice(value="10080", label=_l("1 week before")),
)
