"""Words by which a line about something to do is understood, in English, German, French, Spanish and Portuguese.

Data only: without accents and in small letters; alternatives are separated by "|".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one language. `short` are short names of weekdays, which count only where no other word follows.

    `before` may stand before a day, `at` before a time; `bare_at` are those after which a number alone is a time.
    `numbers` are 1, 2, 3, 4; `others` "every other". `following` says "next" after its noun.
    """

    today: str
    tomorrow: str
    overmorrow: str
    weekdays: tuple[str, ...]
    short: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    week: str
    month: str
    year: str
    within: str
    next: str
    following: str
    every: str
    others: str
    workdays: str
    daily: str
    weekly: str
    monthly: str
    yearly: str
    before: str
    at: str
    bare_at: str
    noon: str
    hour: str
    link: str
    of: str
    numbers: tuple[str, str, str, str]
    high: str
    low: str


EN = Words(
    today="today|tonight",
    tomorrow="tomorrow|tmrw",
    overmorrow="the day after tomorrow|day after tomorrow",
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    short=("mon", "tues|tue", "wed", "thurs|thur|thu", "fri", "sat", "sun"),
    months=(
        "january|jan",
        "february|feb",
        "march|mar",
        "april|apr",
        "may",
        "june|jun",
        "july|jul",
        "august|aug",
        "september|sept|sep",
        "october|oct",
        "november|nov",
        "december|dec",
    ),
    day="days|day",
    week="weeks|week",
    month="months|month",
    year="years|year",
    within="in",
    next="next",
    following="",
    every="every|each",
    others="other|second",
    workdays="every weekday|every workday|every working day|on weekdays|on workdays",
    daily="daily",
    weekly="weekly",
    monthly="monthly",
    yearly="yearly|annually",
    before="on|by|for|due on|due by|due|until|this|from|starting",
    at="at",
    bare_at="at",
    noon="noon|midday",
    hour="o'clock|oclock",
    link="and|,",
    of="of",
    numbers=("one|a|an", "two", "three", "four"),
    high="high|urgent|important",
    low="low",
)
DE = Words(
    today="heute",
    tomorrow="morgen",
    overmorrow="ubermorgen|uebermorgen",
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    short=("mo", "di", "mi", "do", "fr", "sa", "so"),
    months=(
        "januar|janner|jan",
        "februar|feb",
        "marz|mrz|maerz",
        "april|apr",
        "mai",
        "juni|jun",
        "juli|jul",
        "august|aug",
        "september|sept|sep",
        "oktober|okt",
        "november|nov",
        "dezember|dez",
    ),
    day="tagen|tage|tag",
    week="wochen|woche",
    month="monaten|monate|monat",
    year="jahren|jahre|jahr",
    within="in",
    next="nachsten|nachste|nachstes|nachster|kommenden|kommende",
    following="",
    every="alle|jeden|jede|jedes",
    others="zweiten|zweite|zweites|anderen|andere",
    workdays="jeden werktag|werktags|an werktagen|jeden arbeitstag",
    daily="taglich|taeglich",
    weekly="wochentlich|woechentlich",
    monthly="monatlich",
    yearly="jahrlich|jaehrlich",
    before="am|bis zum|bis|zum|fur|ab|diesen|den",
    at="um|gegen",
    bare_at="um|gegen",
    noon="mittags",
    hour="uhr",
    link="und|,",
    of="",
    numbers=("ein|eine|einem|einer|einen", "zwei", "drei", "vier"),
    high="hoch|dringend|wichtig",
    low="niedrig|tief",
)
FR = Words(
    today="aujourd'hui|aujourd’hui|ce soir",
    tomorrow="demain",
    overmorrow="apres-demain|apres demain",
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    short=("lun", "mar", "mer", "jeu", "ven", "sam", "dim"),
    months=(
        "janvier|janv",
        "fevrier|fevr|fev",
        "mars",
        "avril|avr",
        "mai",
        "juin",
        "juillet|juil",
        "aout",
        "septembre|sept",
        "octobre|oct",
        "novembre|nov",
        "decembre|dec",
    ),
    day="jours|jour",
    week="semaines|semaine",
    month="mois",
    year="ans|an|annees|annee",
    within="dans",
    next="",
    following="prochaine|prochain|suivante|suivant",
    every="tous les|toutes les|chaque",
    others="deuxieme|seconde|autre",
    workdays="tous les jours ouvres|chaque jour ouvre|en semaine|les jours ouvres",
    daily="quotidiennement|quotidien",
    weekly="hebdomadaire",
    monthly="mensuellement|mensuel",
    yearly="annuellement|annuel",
    before="pour le|avant le|d'ici|des le|le|pour|avant|ce",
    at="a|vers",
    bare_at="",
    noon="midi",
    hour="heures|heure",
    link="et|,",
    of="",
    numbers=("un|une", "deux", "trois", "quatre"),
    high="haute|haut|urgente|urgent|importante|important",
    low="basse|bas|faible",
)
ES = Words(
    today="hoy",
    tomorrow="manana",
    overmorrow="pasado manana",
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    short=("lun", "mie", "jue", "vie", "sab", "dom"),
    months=(
        "enero|ene",
        "febrero|feb",
        "marzo|mar",
        "abril|abr",
        "mayo|may",
        "junio|jun",
        "julio|jul",
        "agosto|ago",
        "septiembre|setiembre|sept|sep",
        "octubre|oct",
        "noviembre|nov",
        "diciembre|dic",
    ),
    day="dias|dia",
    week="semanas|semana",
    month="meses|mes",
    year="anos|ano",
    within="en|dentro de",
    next="proximo|proxima",
    following="que viene|proximo|proxima",
    every="cada|todos los|todas las",
    others="segundo|segunda|otro|otra",
    workdays="cada dia laborable|todos los dias laborables|los dias laborables|entre semana",
    daily="diariamente|a diario",
    weekly="semanalmente|semanal",
    monthly="mensualmente|mensual",
    yearly="anualmente|anual",
    before="para el|antes del|desde el|hasta el|el|este|para",
    at="a las|a la|sobre las",
    bare_at="a las|a la|sobre las",
    noon="mediodia|al mediodia",
    hour="horas|hora",
    link="y|,",
    of="de|del",
    numbers=("un|una|uno", "dos", "tres", "cuatro"),
    high="alta|alto|urgente|importante",
    low="baja|bajo",
)
PT = Words(
    today="hoje",
    tomorrow="amanha",
    overmorrow="depois de amanha",
    weekdays=(
        "segunda-feira|segunda feira|segunda",
        "terca-feira|terca feira|terca",
        "quarta-feira|quarta feira|quarta",
        "quinta-feira|quinta feira|quinta",
        "sexta-feira|sexta feira|sexta",
        "sabado",
        "domingo",
    ),
    short=("seg", "ter", "qua", "qui", "sex", "sab", "dom"),
    months=(
        "janeiro|jan",
        "fevereiro|fev",
        "marco|mar",
        "abril|abr",
        "maio|mai",
        "junho|jun",
        "julho|jul",
        "agosto|ago",
        "setembro|set",
        "outubro|out",
        "novembro|nov",
        "dezembro|dez",
    ),
    day="dias|dia",
    week="semanas|semana",
    month="meses|mes",
    year="anos|ano",
    within="em|daqui a|dentro de",
    next="proximo|proxima",
    following="que vem|proximo|proxima",
    every="cada|todos os|todas as|toda|todo|a cada",
    others="segundo|segunda|outro|outra",
    workdays="todos os dias uteis|cada dia util|nos dias uteis|em dias uteis",
    daily="diariamente",
    weekly="semanalmente|semanal",
    monthly="mensalmente|mensal",
    yearly="anualmente|anual",
    before="ate|para|a partir de|neste|nesta|no dia|dia|no|na|em",
    at="as|pelas|a",
    bare_at="as|pelas",
    noon="meio-dia|meio dia|ao meio-dia",
    hour="horas|hora",
    link="e|,",
    of="de",
    numbers=("um|uma", "dois|duas", "tres", "quatro"),
    high="alta|alto|urgente|importante",
    low="baixa|baixo",
)
LANGUAGES = {"en": EN, "de": DE, "fr": FR, "es": ES, "pt": PT}
