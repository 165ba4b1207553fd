"""What base.html shows around every page: brand, navigation, account, toasts. Computed only when it is rendered."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import current_app, get_flashed_messages, request, url_for

from app.formats.names import NameParts, hue, initials
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Link
from app.services.context import ctx
from app.web import assets, banner
from app.web.list_address import PATHS

RTL = {"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv"}
TABBAR = ("today", "contacts", "companies")
PLACES = ("nav", "nav.admin", "account")


class Shell:
    """Lazily computed values of the page's frame."""

    def __init__(self) -> None:
        self._ctx: Context = ctx()

    @cached_property
    def brand(self) -> str:
        """The company's name."""
        return str(self._ctx.settings.get("company") or "Kith")

    @cached_property
    def user(self) -> dict[str, Any] | None:
        """Who is signed in, for the avatar."""
        user = self._ctx.user
        if user.id is None:
            return None
        return {
            "id": user.id,
            "name": user.name,
            "initials": initials(NameParts(), user.name),
            "hue": hue(f"user:{user.id}"),
        }

    @cached_property
    def lang(self) -> str:
        """The page's language (BCP 47)."""
        return self._ctx.locale.replace("_", "-")

    @cached_property
    def dir(self) -> str:
        """The page's direction."""
        return "rtl" if self.lang.split("-")[0] in RTL else "ltr"

    @cached_property
    def theme(self) -> str:
        """light, dark, or empty to follow the system."""
        return self._ctx.user.theme

    @cached_property
    def keys(self) -> bool:
        """Whether single letters of the keyboard do something (WCAG 2.1.4: they can be switched off)."""
        return self._ctx.user.shortcuts

    @cached_property
    def csrf(self) -> str:
        """The token for forms and htmx."""
        token = current_app.jinja_env.globals.get("csrf_token")
        return str(token()) if callable(token) else ""

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        """The sections of the main navigation."""
        sections: dict[str, dict[str, Any]] = {}
        for link in self._links("nav"):
            label = str(link.section) if link.section else ""
            section = sections.setdefault(label, {"label": label, "links": []})
            section["links"].append(self._shown(link))
        admin = [self._shown(link) for link in self._links("nav.admin")[:1]]
        return [*sections.values(), *([{"label": "", "links": admin}] if admin else [])]

    @cached_property
    def bell(self) -> dict[str, Any] | None:
        """The way to the notifications, with how many are new."""
        every = (link for section in self.nav for link in section["links"])
        return next((link for link in every if link["key"] == "notifications"), None)

    @cached_property
    def tabbar(self) -> list[dict[str, Any]]:
        """Up to three places for the thumb."""
        found = {link.name: link for link in self._links("nav")}
        return [self._shown(found[name]) for name in TABBAR if name in found]

    @cached_property
    def create(self) -> list[dict[str, Any]]:
        """What can be created from anywhere."""
        return [self._shown(link) for link in self._links("create")]

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """Every page that the frame leads to, the settings included."""
        return [self._constant(link) for place in PLACES for link in self._links(place)]

    @cached_property
    def log_kinds(self) -> list[dict[str, Any]]:
        """What can be logged from anywhere."""
        if not self._ctx.may("interaction.create"):
            return []
        kinds = [k for k in self._ctx.schema.kinds() if k.loggable][:4]
        return [
            {"label": str(k.label), "icon": k.icon, "url": url_for("interactions.compose", kind=k.key)}
            for k in kinds
        ]

    @cached_property
    def account(self) -> list[dict[str, Any]]:
        """The links of the account menu; signing out is a POST that clears drafts."""
        links = [self._shown(link) for link in self._links("account")]
        out = {
            "label": _("Sign out"),
            "icon": "log-out",
            "url": url_for("account.logout"),
            "post": True,
            "clears": True,
        }
        return [*links, out]

    @cached_property
    def active(self) -> str:
        """The key of the navigation link that is in use: that of the blueprint or of the listed entity."""
        view = str((request.view_args or {}).get("entity") or request.blueprint or "")
        return PATHS[view][1].partition(".")[0] if view in PATHS else view

    @cached_property
    def toasts(self) -> list[dict[str, Any]]:
        """Messages of the last unsafe request."""
        shown = []
        messages: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
        for category, text in messages:
            kind, _sep, undo = category.partition("|")
            shown.append(
                {
                    "kind": kind if kind in {"ok", "warn", "bad", "info"} else "ok",
                    "text": text,
                    "undo_url": undo or None,
                    "link": None,
                }
            )
        return shown

    @cached_property
    def notice(self) -> dict[str, Any] | None:
        """A banner above the page, or None."""
        return banner.notice(self._ctx)

    @cached_property
    def search_url(self) -> str:
        """Where the search page is."""
        return url_for("search.page")

    @cached_property
    def manifest_url(self) -> str:
        """Where the web app manifest is."""
        return url_for("manifest.show")

    @cached_property
    def plugin_css(self) -> str | None:
        """The bundle of the enabled plugins' stylesheets, if it is not empty."""
        return assets.plugin_stylesheet()

    def _links(self, place: str) -> list[Link]:
        found = self._ctx.schema.links(place)
        return [item for item in found if item.permission is None or self._ctx.may(item.permission)]

    def _shown(self, link: Link) -> dict[str, Any]:
        return {**self._constant(link), "badge": assets.badge(self._ctx, link)}

    def _constant(self, link: Link) -> dict[str, Any]:
        """Return what a link says to this reader on every page; kept with the principal."""
        kept = self._ctx.user.memo
        key = ("link", link.place, link.key, self._ctx.locale, request.root_path)
        if key not in kept:
            address = url_for(link.endpoint, **link.values)
            kept[key] = {
                "key": link.name,
                "label": str(link.label),
                "icon": link.icon,
                "url": address,
            }
        found: dict[str, Any] = kept[key]
        return found
