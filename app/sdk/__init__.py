"""The public face of Kith: everything a plugin may use, and the only module of the core that it imports.

Here is what a plugin declares and gets; `app.sdk.models`, `app.sdk.services` and `app.sdk.web` have the rest. What is
named here keeps working for a whole major version of the API.
"""

from __future__ import annotations

from app.i18n import _, _l, _lp, _n, _p, speaking
from app.kernel.context import Approved, Context, Principal
from app.kernel.contributions import (
    EVERYWHERE,
    Action,
    Choice,
    Contribution,
    Dataset,
    Entity,
    Field,
    Health,
    HealthCheck,
    Job,
    Kind,
    Link,
    Offer,
    On,
    Outcome,
    Panel,
    Permission,
    Phase,
    Privacy,
    PrivacyParticipant,
    RowRule,
    SearchProvider,
    Service,
    Show,
    TimelineEntry,
    TimelineKind,
    Topic,
    View,
)
from app.kernel.errors import Conflict, Invalid, KithError, NotAllowed, NotVisible, PluginError, Refuse
from app.kernel.events import Event
from app.kernel.hookspecs import API, Lifecycle, Plugin, Setup, hookimpl, hookspec
from app.kernel.metrics import Metric
from app.kernel.notices import Notice

__all__ = [
    "API",
    "EVERYWHERE",
    "Action",
    "Approved",
    "Choice",
    "Conflict",
    "Context",
    "Contribution",
    "Dataset",
    "Entity",
    "Event",
    "Field",
    "Health",
    "HealthCheck",
    "Invalid",
    "Job",
    "Kind",
    "KithError",
    "Lifecycle",
    "Link",
    "Metric",
    "NotAllowed",
    "NotVisible",
    "Notice",
    "Offer",
    "On",
    "Outcome",
    "Panel",
    "Permission",
    "Phase",
    "Plugin",
    "PluginError",
    "Principal",
    "Privacy",
    "PrivacyParticipant",
    "Refuse",
    "RowRule",
    "SearchProvider",
    "Service",
    "Setup",
    "Show",
    "TimelineEntry",
    "TimelineKind",
    "Topic",
    "View",
    "_",
    "_l",
    "_lp",
    "_n",
    "_p",
    "hookimpl",
    "hookspec",
    "speaking",
]
