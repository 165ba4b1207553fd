"""Rights of the core besides `<entity>.<verb>`."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import Permission

ALL = (
    Permission(name="admin.users", label=_l("Invite and manage users and teams")),
    Permission(name="admin.roles", label=_l("Change roles")),
    Permission(name="admin.settings", label=_l("Change settings")),
    Permission(name="admin.jobs", label=_l("See and retry background work")),
    Permission(name="admin.plugins", label=_l("Switch plugins on and off")),
    Permission(name="views.share", label=_l("Share views of lists with everybody"), roles=("manager",)),
    Permission(name="admin.operations", label=_l("See and take back what others did")),
    Permission(
        name="approvals.decide",
        label=_l("Approve what colleagues of the team ask for"),
        roles=("manager",),
    ),
    Permission(name="admin.webhooks", label=_l("Set up webhooks")),
    Permission(name="admin.export", label=_l("Export everything, of everybody")),
    Permission(name="admin.audit", label=_l("Read the audit log")),
)
