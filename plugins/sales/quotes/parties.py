"""Who offers and who is offered, as it is printed: addresses are taken when a quote is issued and stay as they were."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context, _, speaking
from app.sdk.models import Company, Contact

from ..products import addresses, options
from .models import Quote


def customer(ctx: Context, quote: Quote) -> str:
    """Return the customer's lines: company, person, address."""
    lines = []
    company = _name(ctx, Company, quote.company_id)
    person = _name(ctx, Contact, quote.contact_id)
    lines += [line for line in (company, person) if line]
    entity, record_id = ("company", quote.company_id) if quote.company_id else ("contact", quote.contact_id)
    lines += addresses.printed(ctx, entity, record_id, quote.language or "en")
    vat = ctx.session.scalar(select(Company.vat_id).where(Company.id == quote.company_id))
    if vat:
        with speaking(quote.language or "en"):
            lines.append(_("VAT number %(number)s", number=vat))
    return "\n".join(lines)


def _name(ctx: Context, model: type[Company] | type[Contact], record_id: int | None) -> str:
    if record_id is None:
        return ""
    column = Contact.formatted_name if model is Contact else Company.name
    return str(ctx.session.scalar(select(column).where(model.id == record_id)) or "")


def house(ctx: Context) -> Company | None:
    """Return our own company among the companies: the one that the settings name, else one called as the house."""
    name = str(options.get(ctx, "quote_sender") or ctx.settings.get("company") or "")
    query = select(Company).where(Company.name == name).order_by(Company.id).limit(1)
    return ctx.session.execute(query).scalar_one_or_none()


def sender(ctx: Context, quote: Quote) -> str:
    """Return our own lines: name, address, VAT number."""
    own = house(ctx)
    name = str(options.get(ctx, "quote_sender") or ctx.settings.get("company") or "")
    if own is None:
        return name
    lines = [own.legal_name or own.name, *addresses.printed(ctx, "company", own.id, quote.language or "en")]
    if own.vat_id:
        with speaking(quote.language or "en"):
            lines.append(_("VAT number %(number)s", number=own.vat_id))
    return "\n".join(lines)
