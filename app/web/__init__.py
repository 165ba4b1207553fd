"""HTML: thin views that parse, call one service and render a page or a fragment."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

BLUEPRINTS = (
    "today:today",
    "account:account",
    "notify_ways:notifications",
    "setup:setup",
    "contacts:contacts",
    "contact_edit:contact_edit",
    "contact_card:contact_card",
    "inline:inline",
    "companies:companies",
    "own_records:own_records",
    "interactions:interactions",
    "task_pages:tasks",
    "timeline:timeline",
    "lists:lists",
    "list_setup:list_setup",
    "filtering:filtering",
    "list_cells:list_cells",
    "bulk:bulk",
    "operations:operations",
    "views:views",
    "search:search",
    "files:files",
    "history:history",
    "trash:trash",
    "duplicates:duplicates",
    "hygiene:hygiene",
    "metrics:metrics",
    "importing:importing",
    "exporting:exporting",
    "panels:panels",
    "actions:actions",
    "approvals:approvals",
    "admin:admin",
    "admin_users:admin_users",
    "admin_roles:admin_roles",
    "admin_teams:admin_teams",
    "admin_settings:admin_settings",
    "keep_in_touch:keep_in_touch",
    "working_calendar:working_calendar",
    "admin_kinds:admin_kinds",
    "admin_fields:admin_fields",
    "field_types:field_types",
    "admin_data:admin_data",
    "admin_types:admin_types",
    "admin_layouts:admin_layouts",
    "admin_stages:admin_stages",
    "admin_jobs:admin_jobs",
    "admin_plugins:admin_plugins",
    "health:health",
    "manifest:manifest",
    "api.routes:api",
    "api_pages:api_pages",
    "tokens:tokens",
    "address_book:address_book",
    "dav.routes:dav",
    "oauth:oauth",
    "apps:apps",
    "admin_webhooks:admin_webhooks",
    "admin_inboxes:admin_inboxes",
    "hooks:hooks",
)
"""`module:attribute` below app.web, in the order of the navigation."""


def init_app(app: Flask) -> None:
    """Register the pages, then check that every route says who may use it."""
    from app.web import errors
    from app.web.security import routes_check

    errors.init_app(app)
    for entry in BLUEPRINTS:
        module, _, name = entry.partition(":")
        app.register_blueprint(getattr(import_module(f"app.web.{module}"), name))
    routes_check.check(app)
