"""One line about something to do, understood in five languages. It is Wednesday, 4 March 2026, 10:20."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.task_line import TaskLine, understand

NOW = datetime(2026, 3, 4, 10, 20)


def said(text: str, language: str = "en", **more: bool) -> tuple[str, str, str]:
    found = understand(text, NOW, language, **more)
    return found.summary, found.due.isoformat() if found.due else "", found.clock


@pytest.mark.parametrize(
    ("language", "text", "summary", "due", "clock"),
    [
        ("en", "Call Ana tomorrow 15:00 !high", "Call Ana", "2026-03-05", "15:00"),
        ("en", "Send the quote on Friday at 9", "Send the quote", "2026-03-06", "09:00"),
        ("en", "Lunch with Bo wed at noon", "Lunch with Bo", "2026-03-11", "12:00"),
        ("en", "Lunch with Bo on Wed", "Lunch with Bo", "2026-03-11", ""),
        ("en", "Visit Oslo in two weeks", "Visit Oslo", "2026-03-18", ""),
        ("en", "Visit Oslo in 3 days", "Visit Oslo", "2026-03-07", ""),
        ("en", "Pay the invoice next month", "Pay the invoice", "2026-04-01", ""),
        ("en", "Plan next week", "Plan", "2026-03-09", ""),
        ("en", "Meet next Monday 3pm", "Meet", "2026-03-09", "15:00"),
        ("en", "Meet at 3", "Meet", "2026-03-04", "15:00"),
        ("en", "Meet at 9", "Meet", "2026-03-05", "09:00"),
        ("en", "Meet 3:30 p.m. the day after tomorrow", "Meet", "2026-03-06", "15:30"),
        ("en", "Renew 28 Feb", "Renew", "2027-02-28", ""),
        ("en", "Renew on March 5th, 2027", "Renew", "2027-03-05", ""),
        ("en", "Renew by 2026-12-31", "Renew", "2026-12-31", ""),
        ("en", "Leap 29 Feb", "Leap", "2028-02-29", ""),
        ("de", "Ana morgen um 15 Uhr anrufen !hoch", "Ana anrufen", "2026-03-05", "15:00"),
        ("de", "Angebot senden am Freitag", "Angebot senden", "2026-03-06", ""),
        ("de", "Angebot bis übermorgen", "Angebot", "2026-03-06", ""),
        ("de", "Rechnung 28.4. prüfen", "Rechnung prüfen", "2026-04-28", ""),
        ("de", "Besuch in drei Wochen", "Besuch", "2026-03-25", ""),
        ("de", "Besuch am 5. März 2027 15.30 Uhr", "Besuch", "2027-03-05", "15:30"),
        ("de", "Treffen nächsten Montag", "Treffen", "2026-03-09", ""),
        ("fr", "Appeler Ana demain à 15h30 !haute", "Appeler Ana", "2026-03-05", "15:30"),
        ("fr", "Envoyer le devis vendredi", "Envoyer le devis", "2026-03-06", ""),
        ("fr", "Appeler mon client après-demain", "Appeler mon client", "2026-03-06", ""),
        ("fr", "Réunion lundi prochain à 9h", "Réunion", "2026-03-09", "09:00"),
        ("fr", "Relancer dans deux semaines", "Relancer", "2026-03-18", ""),
        ("fr", "Payer le 1er avril", "Payer", "2026-04-01", ""),
        ("es", "Llamar a Ana mañana a las 15:00 !alta", "Llamar a Ana", "2026-03-05", "15:00"),
        ("es", "Enviar la oferta el viernes", "Enviar la oferta", "2026-03-06", ""),
        ("es", "Visita pasado mañana a las 3", "Visita", "2026-03-06", "15:00"),
        ("es", "Pagar el 5 de abril de 2027", "Pagar", "2027-04-05", ""),
        ("es", "Revisar la semana que viene", "Revisar", "2026-03-09", ""),
        ("pt", "Ligar à Ana amanhã às 15h !alta", "Ligar à Ana", "2026-03-05", "15:00"),
        ("pt", "Enviar proposta na sexta-feira", "Enviar proposta", "2026-03-06", ""),
        ("pt", "Visita depois de amanhã", "Visita", "2026-03-06", ""),
        ("pt", "Rever daqui a duas semanas", "Rever", "2026-03-18", ""),
        ("pt", "Pagar no dia 5 de abril", "Pagar", "2026-04-05", ""),
        ("pt_BR", "Call Ana tomorrow", "Call Ana", "2026-03-05", ""),
        ("ja", "Call Ana tomorrow", "Call Ana", "2026-03-05", ""),
    ],
)
def test_a_line_is_understood(language: str, text: str, summary: str, due: str, clock: str) -> None:
    assert said(text, language) == (summary, due, clock)


@pytest.mark.parametrize(
    ("language", "text", "rule", "due"),
    [
        ("en", "Report every Monday", "FREQ=WEEKLY;BYDAY=MO", "2026-03-09"),
        ("en", "Report every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-03-05"),
        ("en", "Report every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", "2026-03-04"),
        ("en", "Report every other week", "FREQ=WEEKLY;INTERVAL=2", "2026-03-04"),
        ("en", "Report daily", "FREQ=DAILY", "2026-03-04"),
        ("en", "Report every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-03-04"),
        ("en", "Rent every month from 1 April", "FREQ=MONTHLY;BYMONTHDAY=1", "2026-04-01"),
        ("de", "Bericht jeden Montag", "FREQ=WEEKLY;BYDAY=MO", "2026-03-09"),
        ("de", "Bericht alle 2 Wochen", "FREQ=WEEKLY;INTERVAL=2", "2026-03-04"),
        ("de", "Bericht täglich", "FREQ=DAILY", "2026-03-04"),
        ("fr", "Rapport tous les lundis", "FREQ=WEEKLY;BYDAY=MO", "2026-03-09"),
        ("fr", "Rapport toutes les 2 semaines", "FREQ=WEEKLY;INTERVAL=2", "2026-03-04"),
        ("fr", "Rapport tous les jours", "FREQ=DAILY", "2026-03-04"),
        ("es", "Informe cada lunes", "FREQ=WEEKLY;BYDAY=MO", "2026-03-09"),
        ("es", "Informe todos los días", "FREQ=DAILY", "2026-03-04"),
        ("pt", "Relatório todas as segundas", "FREQ=WEEKLY;BYDAY=MO", "2026-03-09"),
        ("pt", "Relatório todos os dias úteis", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-03-04"),
    ],
)
def test_how_often_is_understood(language: str, text: str, rule: str, due: str) -> None:
    found = understand(text, NOW, language)

    assert (found.rule, str(found.due), len(found.summary.split())) == (rule, due, 1)


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("x !high", "high"),
        ("x !", "high"),
        ("x !!", "high"),
        ("!low x", "low"),
        ("x !1", "high"),
        ("x !5", "normal"),
        ("x !9", "low"),
        ("Hooray!", ""),
        ("x !important", "high"),
        ("x !maybe", ""),
    ],
)
def test_signs_of_priority(text: str, priority: str) -> None:
    assert understand(text, NOW).priority == priority


def test_a_colleague_is_named_with_a_sign() -> None:
    assert understand("Call Ana @tomas friday", NOW) == TaskLine("Call Ana", date(2026, 3, 6), mate="tomas")
    assert understand("Write to ana@example.org", NOW).summary == "Write to ana@example.org"


def test_numbers_are_read_in_the_order_of_the_country() -> None:
    assert said("Renew 5/4", month_first=True)[1] == "2026-05-04"
    assert said("Renew 5/4")[1] == "2026-04-05"
    assert said("Renew 25/4", month_first=True)[1] == "2026-04-25"


@pytest.mark.parametrize(
    "text",
    [
        "Order 15 chairs",
        "Read chapter 3.4",
        "Version 1.2.3 of the roof plan",
        "Call +351 912 345 678",
        "Ask about room 12:99",
        "Buy a monitor",
        "Meet Sun Li",
        "Talk to May",
        "Fix bug 31/31",
        "https://example.org/2026-03-05/x",
        "Check https://example.org/today",
        "",
    ],
)
def test_what_is_no_day_stays_in_the_text(text: str) -> None:
    found = understand(text, NOW)

    assert (found.summary, found.due, found.clock) == (text, None, "")


def test_only_a_day_leaves_no_text() -> None:
    assert said("tomorrow 15:00") == ("", "2026-03-05", "15:00")


@given(st.text(max_size=120), st.sampled_from(["en", "de", "fr", "es", "pt"]))
def test_nothing_typed_breaks_it(text: str, language: str) -> None:
    found = understand(text, NOW, language)

    signs = iter(text)
    assert all(sign in signs for sign in "".join(found.summary.split())), "something that was not typed"
