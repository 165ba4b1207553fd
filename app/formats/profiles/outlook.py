"""Outlook: the CSV of contacts that Outlook for Windows and Outlook.com write, in English, German, French, Spanish and
Portuguese, and the CSV of the calendar and of tasks in English.

Column names: the header rows of "Export to a file, comma separated values" (support.microsoft.com, "Export contacts from
Outlook") in these languages. What a column holds is known from the words of its header; the lines here name what these
words alone do not say.
"""

from __future__ import annotations

from app.formats.profiles import words
from app.formats.profiles.profile import Profile, lines, needs

_OWN = """
    skip: how Outlook writes the address beside it = E-mail Display Name | E-mail 2 Display Name | E-mail 3 Display Name
      | E-mail Type | E-mail 2 Type | E-mail 3 Type | E-Mail: Angezeigter Name | E-Mail 2: Angezeigter Name
      | E-Mail 3: Angezeigter Name | E-Mail-Typ | E-Mail 2: Typ | E-Mail 3: Typ
      | Nom complet de l'adresse de messagerie | Nom complet de l'adresse de messagerie 2
      | Nom complet de l'adresse de messagerie 3 | Type de messagerie | Type de messagerie 2 | Type de messagerie 3
      | Nombre de pantalla de correo electrónico | Nombre de pantalla de correo electrónico 2
      | Nombre de pantalla de correo electrónico 3 | Tipo de correo electrónico | Tipo de correo electrónico 2
      | Tipo de correo electrónico 3 | Nome para Exibição do Email | Nome para Exibição do Email 2
      | Nome para Exibição do Email 3 | Tipo de Email | Tipo de Email 2 | Tipo de Email 3
    skip: Outlook's own marks of the entry = Priority | Private | Sensitivity | Priorität | Privat | Vertraulichkeit
      | Priorité | Privé | Critère de diffusion | Prioridad | Privado | Confidencialidad | Prioridade | Particular
      | Sensibilidade
"""

CONTACT = Profile(
    key="outlook.contact",
    name="Outlook",
    kind="contacts",
    entity="contact",
    needs=needs(
        "First Name | Vorname | Prénom | Nombre | Nome | Primeiro Nome",
        "E-mail Address | E-Mail-Adresse | Adresse de messagerie | Adresse de courrier"
        " | Dirección de correo electrónico | Endereço de Email | Endereço de correio electrónico",
        "Business Street | Straße geschäftlich | Rue (bureau) | Calle del trabajo | Rua do Endereço Comercial"
        " | Business Phone | Telefon geschäftlich | Téléphone (bureau) | Teléfono del trabajo | Telefone Comercial"
        " | Mobile Phone | Mobiltelefon | Tél. mobile | Teléfono móvil | Celular | Telemóvel | Rua (Comercial)",
    ),
    lines=lines(_OWN),
    dates={"vorname": "day", "prénom": "day", "nombre": "day", "nome": "day", "primeiro nome": "day"},
)

EVENT = Profile(
    key="outlook.event",
    name="Outlook",
    kind="meetings",
    entity="interaction",
    needs=needs("Subject", "Start Date", "Start Time", "End Time"),
    lines=lines(
        """
    field:subject = Subject
    field:occurred_at (time Start Time) = Start Date
    skip: it stands behind the date = Start Time
    field:duration_s (span End Time/Start Date/Start Time) = End Date
    skip: it stands behind the date = End Time
    field:location = Location
    field:body = Description
    field:body (named) = Meeting Organizer | Required Attendees | Optional Attendees | Categories
    skip: Outlook's own marks of the entry = All day event | Reminder on/off | Reminder Date | Reminder Time | Priority
      | Private | Sensitivity | Show time as | Meeting Resources | Billing Information | Mileage
    """
    ),
    fixed=(("field:kind", "meeting"),),
    rest="field:body",
)

TASK = Profile(
    key="outlook.task",
    name="Outlook",
    kind="tasks",
    entity="task",
    needs=needs(
        "Subject", "Due Date", "% Complete | Date Completed | Reminder On/Off", "Status | Start Date"
    ),
    lines=lines(
        """
    field:summary = Subject
    field:due_on (day) = Due Date
    field:status (words task) = Status
    field:priority (words priority) = Priority
    field:description = Notes
    field:description (named) = Categories | Company | Contacts
    skip: Outlook's own marks of the entry = % Complete | Actual Work | Total Work | Billing Information | Mileage | Private
      | Reminder On/Off | Reminder Date | Reminder Time | Role | Schedule+ Priority | Sensitivity | Start Date
      | Date Completed
    """
    ),
    rest="field:description",
    words={"task": words.TASK, "priority": words.PRIORITY},
)

ALL = (CONTACT, EVENT, TASK)
