"""Who offers and who is offered, as it is printed: addresses are taken when a quote is issued and stay as they were."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context, NotVisible, _, speaking
from app.sdk.models import Company, Contact
from app.sdk.services import as_house, attachments, photos

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


def name_of_house(ctx: Context) -> str:
    """Return what our own company is called: as the settings say, else as the house is."""
    return str(options.get(ctx, "quote_sender") or ctx.settings.get("company") or "")


def _own(house: Context, name: str) -> Company | None:
    query = select(Company).where(Company.name == name).order_by(Company.id).limit(1)
    return house.session.execute(query).scalar_one_or_none()


def sender(ctx: Context, quote: Quote) -> str:
    """Return our own lines: name, address, VAT number. They are printed for whoever may see the quote."""
    name = name_of_house(ctx)
    with as_house("our own address on a quote") as house:
        own = _own(house, name)
        if own is None:
            return name
        lines = [own.legal_name or own.name]
        lines += addresses.printed(house, "company", own.id, quote.language or "en")
        if own.vat_id:
            with speaking(quote.language or "en"):
                lines.append(_("VAT number %(number)s", number=own.vat_id))
    return "\n".join(lines)


def logo(ctx: Context) -> tuple[bytes, str] | None:
    """Return the picture of our own logo and its media type, None without one."""
    name = name_of_house(ctx)
    with as_house("our own logo on a quote") as house:
        own = _own(house, name)
        uid = photos.uids(house, [own.logo_id]).get(own.logo_id or 0) if own is not None else None
        if uid is None:
            return None
        try:
            _row, blob = attachments.fetch(house, uid)
        except NotVisible:
            return None
        return attachments.path_of(blob.storage_name).read_bytes(), blob.media_type


def has_logo(ctx: Context) -> bool:
    """Tell whether our own company has a logo."""
    name = name_of_house(ctx)
    with as_house("our own logo on a quote") as house:
        own = _own(house, name)
        return own is not None and own.logo_id is not None
