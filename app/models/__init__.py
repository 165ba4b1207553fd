"""Tables only. Importing this package maps all of the core's."""

from app.models.approval import Approval, ApprovalLink
from app.models.attachment import Attachment, Blob
from app.models.audit import AuditRow
from app.models.base import NEVER, SOMEDAY, Instant, Model, Record, new_uid, now
from app.models.bulk import BulkRefusal, BulkRun
from app.models.company import Company, CompanyDomain
from app.models.contact import Affiliation, Contact, DoNotContact, Relation, RelationType
from app.models.custom_field import CustomField, CustomValue
from app.models.dav import DavBook, DavCard
from app.models.duplicate import DuplicatePair, DuplicateSearch, RecordAlias
from app.models.event import EventRow
from app.models.inbox import WebhookInbox
from app.models.interaction import Interaction, InteractionKind, InteractionLink
from app.models.job import JobRow, ScheduleState
from app.models.journal import JournalEntry, Operation
from app.models.keep_in_touch import ContactDate
from app.models.layout import Layout
from app.models.notification import Notification, NotificationDelivery
from app.models.oauth import OauthClient, OauthGrant, OauthRefresh
from app.models.own_record import OwnRecord, OwnType
from app.models.reach import EmailAddress, PhoneNumber, PostalAddress, Reach, WebLink
from app.models.receipt import ExternalId, ImportRow, ImportRun, Receipt
from app.models.reminder import Reminder
from app.models.role import FieldRule, Role, RoleGrant, Share, UserRole
from app.models.search import SearchDelete, SearchDoc, SearchName
from app.models.setting import Epoch, PluginState, Setting
from app.models.stage import LifecycleStage
from app.models.tag import Tag, TagLink
from app.models.task import Task, TaskItem, TaskLink, TaskMate
from app.models.token import ApiAnswer, ApiToken
from app.models.user import Attempt, LoginSession, RecoveryCode, Secret, Team, User, UserTeam
from app.models.view import SavedView
from app.models.webhook import Webhook, WebhookDelivery
from app.models.working_calendar import WorkCalendar, WorkException

__all__ = [
    "NEVER",
    "SOMEDAY",
    "Affiliation",
    "ApiAnswer",
    "ApiToken",
    "Approval",
    "ApprovalLink",
    "Attachment",
    "Attempt",
    "AuditRow",
    "Blob",
    "BulkRefusal",
    "BulkRun",
    "Company",
    "CompanyDomain",
    "Contact",
    "ContactDate",
    "CustomField",
    "CustomValue",
    "DavBook",
    "DavCard",
    "DoNotContact",
    "DuplicatePair",
    "DuplicateSearch",
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
    "Layout",
    "LifecycleStage",
    "LoginSession",
    "Model",
    "Notification",
    "NotificationDelivery",
    "OauthClient",
    "OauthGrant",
    "OauthRefresh",
    "Operation",
    "OwnRecord",
    "OwnType",
    "PhoneNumber",
    "PluginState",
    "PostalAddress",
    "Reach",
    "Receipt",
    "Record",
    "RecordAlias",
    "RecoveryCode",
    "Relation",
    "RelationType",
    "Reminder",
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
    "Webhook",
    "WebhookDelivery",
    "WebhookInbox",
    "WorkCalendar",
    "WorkException",
    "new_uid",
    "now",
]
