"""What the demonstration is made of: invented names in the spellings of several countries, and things people write."""

from __future__ import annotations

COMPANY = "Northlight"
PASSWORD = "kith demo demo"  # noqa: S105 - printed on the screen, for loopback only

USERS = (
    ("Amina Farouk", "amina@northlight.example", "administrator", "North"),
    ("Jonas Lindqvist", "jonas@northlight.example", "manager", "North"),
    ("Priya Nair", "priya@northlight.example", "representative", "North"),
    ("Tomás Herrera", "tomas@northlight.example", "representative", "South"),
)

PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "PT": (
        ("Ana", "João", "Inês", "Tiago", "Beatriz", "Rui", "Sofia", "Nuno"),
        ("Almeida", "Ferreira", "Lopes", "Sousa", "Carvalho", "Conceição"),
    ),
    "DE": (
        ("Lena", "Jürgen", "Anke", "Björn", "Katrin", "Uwe", "Sabine", "Matthias"),
        ("Müller", "Weiß", "Schröder", "Krüger", "Vogel", "Brandt"),
    ),
    "CZ": (
        ("Marek", "Jana", "Tomáš", "Eliška", "Ondřej", "Zuzana"),
        ("Dvořák", "Svobodová", "Černý", "Horák", "Procházková"),
    ),
    "PL": (
        ("Tadeusz", "Małgorzata", "Łukasz", "Agnieszka", "Paweł"),
        ("Nowak", "Wójcik", "Kowalczyk", "Zieliński", "Dąbrowska"),
    ),
    "FR": (
        ("Amélie", "Clément", "Chloé", "François", "Hélène"),
        ("Rousseau", "Lefèvre", "Garnier", "Fontaine", "Lemaître"),
    ),
    "NO": (("Ingrid", "Lars", "Sølvi", "Øyvind", "Åse"), ("Solheim", "Henriksen", "Bjørnstad", "Sæther")),
    "HU": (("Elena", "Bálint", "Zsófia", "Gergő", "Ildikó"), ("Kovács", "Szabó", "Tóth", "Horváth")),
    "ES": (("Lucía", "Íñigo", "Carmen", "Álvaro", "Núria"), ("García", "Muñoz", "Ibáñez", "Peña")),
    "GR": (("Giorgos", "Eleni", "Nikos", "Katerina"), ("Pappas", "Nikolaidis", "Vlachos")),
    "TR": (("Yusuf", "Ayşe", "Çağla", "Emre"), ("Demir", "Yıldız", "Öztürk")),
    "JP": (("太郎", "花子", "健一"), ("田中", "佐藤", "山本")),
}

DIALLED = {
    "PT": ("+351 91{} {} {}", 1),
    "DE": ("+49 151 {}{} {}", 2),
    "CZ": ("+420 60{} {} {}", 1),
    "PL": ("+48 60{} {} {}", 1),
    "FR": ("+33 6 1{} {} {}", 1),
    "NO": ("+47 4{}{} {}", 1),
    "HU": ("+36 30 {}{} {}", 1),
    "ES": ("+34 61{} {} {}", 1),
    "GR": ("+30 69{} {} {}", 1),
    "TR": ("+90 53{} {} {}", 1),
    "JP": ("+81 90 1{}{} {}", 2),
}

TITLES = (
    "Managing Director",
    "Head of Facilities",
    "Purchasing",
    "Finance Director",
    "Plant Manager",
    "Energy Manager",
    "Sustainability Lead",
    "Site Manager",
    "Owner",
    "Operations",
    "Technical Director",
    "Assistant",
)

FIRMS = (
    ("Tavola Foods", "Food", "HU"),
    ("Dvořák Logistika", "Logistics", "CZ"),
    ("Costa Verde Hotels", "Hotels", "PT"),
    ("Nordkyst Seafood", "Food", "NO"),
    ("Laiterie du Lac", "Food", "FR"),
    ("Pappas Olive Mills", "Food", "GR"),
    ("Fjordbygg Eiendom", "Real estate", "NO"),
    ("Anadolu Tekstil", "Textiles", "TR"),
    ("Kaarna Packaging", "Packaging", "NO"),
    ("Młyny Polskie", "Food", "PL"),
    ("Atelier Bois", "Furniture", "FR"),
    ("Schröder Kältetechnik", "Engineering", "DE"),
    ("Vogel & Brandt", "Engineering", "DE"),
    ("Adega do Sul", "Wine", "PT"),
    ("Cerámica Ibáñez", "Building materials", "ES"),
    ("Horák Strojírny", "Engineering", "CZ"),
    ("Solheim Marina", "Leisure", "NO"),
    ("山本製作所", "Engineering", "JP"),
    ("Weiß Druck", "Printing", "DE"),
    ("Garnier Transports", "Logistics", "FR"),
    ("Kowalczyk Szkło", "Glass", "PL"),
    ("Huerta Muñoz", "Agriculture", "ES"),
    ("Tóth Borászat", "Wine", "HU"),
    ("Lopes & Filhos", "Construction", "PT"),
)

ROOFS = (
    "warehouse roof",
    "parking canopy",
    "cold store",
    "office wing",
    "north hall",
    "greenhouse",
    "loading bay",
)

TALK: dict[str, tuple[str, ...]] = {
    "call": (
        "Board meets next week. Wants the {roof} and the battery as two decisions.",
        "Asked when the survey of the {roof} can take place. Mornings are best.",
        "Price for the {roof} is fine. Payment in three phases if the last is after commissioning.",
        "Grid operator has not answered yet. Call again when the letter is there.",
        "Happy with the yield so far. Would recommend us to the neighbours.",
    ),
    "email": (
        "Thanks for the drawings of the {roof}. Finance is looking at the phased payment.",
        "Sent the revised quote for the {roof} with the battery on a line of its own.",
        "Asked for references of a similar {roof} in the region.",
    ),
    "meeting": (
        "Walked the {roof} and the switch room. The canopy could be phase two.",
        "Yearly review: yield 4 % above plan, two inverters replaced under guarantee.",
    ),
    "note": (
        "East side of the {roof} carries 22 kg/m². We can keep the original layout.",
        "Prefers to be called after 14:00.",
        "Decision is made by the owner, not by purchasing.",
    ),
    "message": ("Photos of the {roof} arrived.", "Confirmed the visit on Thursday."),
    "visit": ("Survey of the {roof} done, shading from two trees in the west.",),
}

FOLLOW = (
    "Send the revised quote",
    "Call about lease terms",
    "Share the payback model",
    "Check the inverter swap",
    "Book the roof survey",
    "Send a case study",
    "Ask for the grid letter",
)
ADMIN_FOLLOW = (
    ("Approve the discount for the canopy", -1),
    ("Call about the framework contract", 0),
    ("Thank them for the referral", 0),
    ("Plan the trade fair with Jonas", 1),
    ("Renew the maintenance contract", 3),
    ("Review the insurance of the crew", 9),
    ("Order new safety harnesses", -5),
)
"""What the administrator has to do, and in how many days."""

ROUTINES = (
    ("Look through the pipeline", "FREQ=WEEKLY;BYDAY=MO", "09:00"),
    ("Numbers for the board", "FREQ=MONTHLY;BYDAY=-1FR", "14:00"),
    ("Check the backups", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "16:45"),
)
CHECKLIST = (
    "Plan of the roof",
    "[x] Meter readings",
    "Quote with the battery on its own line",
    "Dates for the survey",
)
TAGS = ("Decision maker", "Referral", "Trade fair", "Newsletter", "Battery", "Canopy")
