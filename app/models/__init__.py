"""Tables only. Importing this package maps all of the core's."""

from app.models.attachment import Attachment, Blob
from app.models.audit import AuditRow
from app.models.base import NEVER, Instant, Model, Record, new_uid, now
from app.models.company import Company, CompanyDomain
from app.models.contact import Affiliation, Contact, DoNotContact, Relation, RelationType
from app.models.event import EventRow
from app.models.interaction import Interaction, InteractionKind, InteractionLink
from app.models.job import JobRow, ScheduleState
from app.models.journal import JournalEntry, Operation
from app.models.reach import EmailAddress, PhoneNumber, PostalAddress, Reach, WebLink
from app.models.receipt import ExternalId, ImportRow, ImportRun, Receipt
from app.models.role import FieldRule, Role, RoleGrant, Share, UserRole
from app.models.search import SearchDelete, SearchDoc, SearchName
from app.models.setting import Epoch, PluginState, Setting
from app.models.tag import Tag, TagLink
from app.models.task import Task, TaskItem, TaskLink, TaskMate
from app.models.user import Attempt, LoginSession, RecoveryCode, Secret, Team, User, UserTeam
from app.models.view import SavedView

__all__ = [
    "NEVER",
    "Affiliation",
    "Attachment",
    "Attempt",
    "AuditRow",
    "Blob",
    "Company",
    "CompanyDomain",
    "Contact",
    "DoNotContact",
    "EmailAddress",
    "Epoch",
    "EventRow",
    "ExternalId",
    "FieldRule",
    "ImportRow",
    "ImportRun",
    "Instant",
    "Interaction",
    "InteractionKind",
    "InteractionLink",
    "JobRow",
    "JournalEntry",
    "LoginSession",
    "Model",
    "Operation",
    "PhoneNumber",
    "PluginState",
    "PostalAddress",
    "Reach",
    "Receipt",
    "Record",
    "RecoveryCode",
    "Relation",
    "RelationType",
    "Role",
    "RoleGrant",
    "SavedView",
    "ScheduleState",
    "SearchDelete",
    "SearchDoc",
    "SearchName",
    "Secret",
    "Setting",
    "Share",
    "Tag",
    "TagLink",
    "Task",
    "TaskItem",
    "TaskLink",
    "TaskMate",
    "Team",
    "User",
    "UserRole",
    "UserTeam",
    "WebLink",
    "new_uid",
    "now",
]
