"""The questions about the house's condition that the core asks."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import HealthCheck
from app.services import custom_fields_health, health, secrets_rotation

ALL = (
    HealthCheck(name="integrity", label=_l("Database file"), run=health.integrity, interval="1h"),
    HealthCheck(name="disk", label=_l("Disk"), run=health.disk),
    HealthCheck(name="queue", label=_l("Queue"), run=health.queue),
    HealthCheck(name="dead_letters", label=_l("Given up"), run=health.dead_letters),
    HealthCheck(name="backup", label=_l("Backup"), run=health.backup_age),
    HealthCheck(name="secrets", label=_l("Secrets"), run=secrets_rotation.healthy),
    HealthCheck(name="mail", label=_l("Mail"), run=health.mail_set_up),
    HealthCheck(name="fields", label=_l("Added fields"), run=custom_fields_health.healthy, interval="1h"),
)
