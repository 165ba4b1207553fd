"""Tables of contacts: every cell lands in a field, in the note or aside, or is reported."""

from app.formats.card import Card, Problem, Related, Value
from app.formats.csv_read import read_csv
from app.formats.csv_table import read_table


def read(text: str, mapping: dict[int, str] | None = None) -> tuple[list[Card], list[Problem]]:
    found = list(read_csv(text.encode(), mapping))
    return [item for item in found if isinstance(item, Card)], [
        item for item in found if isinstance(item, Problem)
    ]


def card(text: str, mapping: dict[int, str] | None = None) -> Card:
    (made,), problems = read(text, mapping)
    assert problems == []
    return made


def test_google_joins_several_values_in_one_cell() -> None:
    made = card(
        "Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Event 1 - Label,Event 1 - Value,"
        "Custom Field 1 - Label,Custom Field 1 - Value\n"
        "Ana,* myContacts ::: Press,* Work,a@x.pt ::: b@x.pt,Mobile,1 ::: 2,Anniversary,2010-06-05,Shoe size,38\n"
    )
    assert made.emails == (Value("a@x.pt", ("work",), 1), Value("b@x.pt", ("work",), 1))
    assert [phone.value for phone in made.phones] == ["1", "2"]
    assert made.categories == ("myContacts", "Press")
    assert made.anniversary == "2010-06-05"
    assert [(prop.params["x-name"], prop.values) for prop in made.extra] == [(("Shoe size",), ("38",))]


def test_outlook_columns_make_addresses_by_their_place() -> None:
    made = card(
        "First Name,Last Name,Business Street,Business Street 2,Business City,Home City,Spouse,Sensitivity\n"
        "Ana,Lima,Rua 1,2.º Esq.,Lisboa,Porto,Rui,Normal\n"
    )
    assert [(a.types, a.street_address, a.locality) for a in made.addresses] == [
        (("work",), "Rua 1\n2.º Esq.", "Lisboa"),
        (("home",), "", "Porto"),
    ]
    assert made.related == (Related("Rui", ("spouse",)),)
    assert made.extra[0].values == ("Normal",)


def test_two_people_of_one_row_are_two_contacts() -> None:
    (ana, rui), _ = read(
        "Contact1 First Name,Contact1 Work Email,Contact2 First Name,Account1 Name\nAna,a@x.pt,Rui,Acme\n"
    )
    assert (ana.given_name, ana.organization, rui.given_name) == ("Ana", "Acme", "Rui")


def test_the_header_may_come_late_and_again() -> None:
    text = "INSTRUCTIONS:,,\n,Fill in from row 4,\n,,\nFirst Name,Last Name,Email\nFIRSTNAME,LASTNAME,EMAIL\nAna,Lima,a@x.pt\n"
    (made,), (problem,) = read(text)
    assert (made.given_name, problem.line) == ("Ana", 5)
    assert read_table(text.encode()).header_row == 4


def test_columns_without_a_header_are_known_by_their_cells() -> None:
    table = read_table(
        b"Ana Lima;Ana;Lima;ana@acme.pt;+351 912 345 678;https://acme.pt\nRui Sa;Rui;Sa;rui@acme.pt;;\n"
    )
    assert table.mapping == {
        0: "formatted_name",
        1: "given_name",
        2: "family_name",
        3: "emails",
        4: "phones",
        5: "urls",
    }


def test_a_list_of_addresses_is_a_table() -> None:
    found, _ = read("ana@acme.pt\nrui@acme.pt\n")
    assert [made.emails[0].value for made in found] == ["ana@acme.pt", "rui@acme.pt"]


def test_a_chosen_mapping_overrides_the_guess() -> None:
    made = card("Email,Lead Status,Code\na@x.pt,Open,7\n", {0: "emails#work", 1: "note", 2: "skip"})
    assert made.emails == (Value("a@x.pt", ("work",)),)
    assert (made.note, made.extra) == ("Lead Status: Open", ())


def test_a_note_column_is_not_called_by_its_name() -> None:
    assert card("Email,Notes\na@x.pt,Likes tea\n").note == "Likes tea"


def test_dates_follow_the_order_that_the_column_shows() -> None:
    found, problems = read("Name,Birthday\nAna,03/04/1980\nRui,25/12/1980\n")
    assert ([made.birthday for made in found], problems) == (["1980-04-03", "1980-12-25"], [])


def test_a_date_of_unclear_order_is_kept_and_said() -> None:
    (made,), (problem,) = read("Name,Birthday\nAna,03/04/1980\n")
    assert (made.birthday, problem.line) == ("03/04/1980", 2)


def test_a_birthday_in_three_columns_is_put_together() -> None:
    text = "Name,Birth Year,Birth Month,Birth Day\nAna,1980,3,22\nRui,,4,12\n"
    assert [made.birthday for made in read(text)[0]] == ["1980-03-22", "--04-12"]


def test_a_row_of_a_company_alone_is_a_company() -> None:
    made = card("Company name,Website URL\nAcme,https://acme.pt\n")
    assert (made.kind, made.formatted_name) == ("org", "Acme")


def test_a_row_without_any_name_is_reported_in_its_own_words() -> None:
    found, (problem,) = read("Email,City\n,Lisboa\n")
    assert (found, problem.line, problem.words) == ([], 2, "City: Lisboa")


def test_a_table_without_contacts_says_so_once() -> None:
    found, problems = read("Price,Beds\n100000,3\n200000,4\n")
    assert (found, len(problems)) == ([], 1)


def test_cells_protected_from_spreadsheets_are_restored() -> None:
    made = card("Name,Phone,Notes\nAna,'+351912345678,'=1+1\n")
    assert (made.phones[0].value, made.note) == ("+351912345678", "=1+1")
    assert card('Name,Phone\nAna,"=""0912"""\n').phones[0].value == "0912"


def test_semicolons_tabs_and_a_separator_line_are_understood() -> None:
    for mark in (";", "\t", "|"):
        assert card(f"Name{mark}Email\nLima, Ana{mark}a@x.pt\n").formatted_name == "Lima, Ana"
    assert card("sep=;\nName;Email\nAna;a@x.pt\n").emails[0].value == "a@x.pt"


def test_a_quotation_mark_that_is_never_closed_costs_one_row_only() -> None:
    found, (problem,) = read('Name,Email\n"Ana,a@x.pt\nRui,r@x.pt\nEva,e@x.pt\n')
    assert [made.emails[0].value for made in found] == ["a@x.pt", "r@x.pt", "e@x.pt"]
    assert problem.line == 2


def test_the_encoding_of_a_spreadsheet_is_found() -> None:
    text = "Name;Email\r\nJürgen Müller;j@x.de\r\n"
    for encoding in ("cp1252", "utf-8-sig", "utf-16"):
        (made,) = read_csv(text.encode(encoding))
        assert isinstance(made, Card)
        assert made.formatted_name == "Jürgen Müller"


def test_several_addresses_in_one_cell_are_several() -> None:
    made = card('Name,Email\nAna,"a@x.pt; b@x.pt\nc@x.pt"\n')
    assert [email.value for email in made.emails] == ["a@x.pt", "b@x.pt", "c@x.pt"]
