"""Nothing that anyone writes or sends acts on the page of the reader."""

import json
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from app.formats.markdown import MAX_MARKDOWN, plain, plain_html, sanitise_html, to_html

ATTRIBUTES = {"href", "title", "rel", "start", "colspan", "rowspan", "alt", "width", "height"}
DEAD = {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "meta", "link",
        "base", "video", "audio", "template", "textarea", "frame", "frameset", "applet", "marquee", "xml"}  # fmt: skip
SCHEMES = ("http:", "https:", "mailto:", "tel:", "sms:", "/")


def dangers(markup: str) -> list[Tag]:
    """Parse as a browser would and return the elements that could act, frame, style, clobber or load."""
    return [
        tag
        for tag in BeautifulSoup(f"<p>{markup}", "html.parser").find_all(True)
        if tag.name in DEAD
        or not set(tag.attrs) <= ATTRIBUTES
        or ("href" in tag.attrs and not str(tag["href"]).lower().startswith(SCHEMES))
    ]


def test_no_known_attack_survives(shared_data: Path) -> None:
    payloads = (
        (shared_data / "security/xss/xss_payloads.txt")
        .read_text(encoding="utf-8", errors="replace")
        .split("\n")
    )
    tests = json.loads(
        (shared_data / "security/xss/html5lib_sanitizer_tests1.json").read_text(encoding="utf-8")
    )
    attacks = payloads + [test["input"] for test in tests]
    assert len(attacks) > 4300
    for attack in attacks:
        links = to_html(f"[x]({attack})") + to_html(f"[{attack}](/a)")
        assert dangers(to_html(attack) + sanitise_html(attack) + links) == [], attack


def test_harmless_html_of_the_sanitizer_tests_keeps_its_text() -> None:
    kept = sanitise_html('<p>Dear <b>Ana</b>,<br>see <a href="https://a.example/x?y=1&amp;z">this</a></p>')
    assert kept.startswith('<p>Dear <b>Ana</b>,<br>see <a href="https://a.example/x?y=1&amp;z"')


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        ("first\nsecond", "<p>first<br>\nsecond</p>"),
        ("# Title", "<h4>Title</h4>"),
        ("<b>not html</b>", "<p>&lt;b&gt;not html&lt;/b&gt;</p>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
    ],
)
def test_markdown_is_formatted_and_html_in_it_is_text(written: str, shown: str) -> None:
    assert to_html(written).strip() == shown


@pytest.mark.parametrize(
    ("written", "href", "text"),
    [
        ("see https://acme.pt/a_b_c.", "https://acme.pt/a_b_c", "https://acme.pt/a_b_c"),
        ("(www.acme.pt/x_(y))", "https://www.acme.pt/x_(y)", "www.acme.pt/x_(y)"),
        ("ask ana.lima@acme.pt, please", "mailto:ana.lima@acme.pt", "ana.lima@acme.pt"),
        ("[call](tel:+351912345678)", "tel:+351912345678", "call"),
        ("[contact](/contacts/5)", "/contacts/5", "contact"),
        ("![map](https://maps.example/1.png)", "https://maps.example/1.png", "map"),
    ],
)
def test_addresses_become_links_and_pictures_too(written: str, href: str, text: str) -> None:
    link = BeautifulSoup(to_html(written), "html.parser").a
    assert link is not None
    assert (link["href"], link.text, link["rel"]) == (href, text, ["noopener", "noreferrer", "nofollow"])


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "evil", "#top", "data:text/html,x", "/\tevil"]
)
def test_a_link_never_leaves_the_house_by_a_trick(target: str) -> None:
    for link in BeautifulSoup(to_html(f"[x](<{target}>)"), "html.parser").select("a[href]"):
        href = str(link["href"]).replace("\\", "/").replace("\t", "")
        assert urlsplit(urljoin("https://kith.example/notes/", href)).netloc == "kith.example"


def test_a_mail_loads_nothing_unless_its_images_were_asked_for() -> None:
    mail = '<img src="https://spy.example/1.gif" alt="Logo"><img src="http://spy.example/2.gif"><a href="/logout">x</a>'
    assert "spy" not in sanitise_html(mail)
    assert "logout" not in sanitise_html(mail)
    assert 'alt="Logo"' in sanitise_html(mail)
    assert 'src="https://spy.example/1.gif"' in sanitise_html(mail, images=True)
    assert "2.gif" not in sanitise_html(mail, images=True)


def test_attributes_of_htmx_ids_names_and_styles_are_dropped() -> None:
    attack = '<p id="main" name="x" class="card" style="position:fixed" hx-get="/x" data-hx-post="/y" aria-hidden="1">hi</p>'
    assert sanitise_html(attack) == "<p>hi</p>"


def test_monstrous_texts_are_shown_as_plain_text() -> None:
    assert "<strong>" not in to_html("**x** " * MAX_MARKDOWN)
    assert sanitise_html("<div>" * 100_000 + "hello").strip() == "<p>hello</p>"


def test_an_excerpt_is_one_plain_line_cut_at_a_word() -> None:
    assert plain("# Call\n**Ana** said [yes](https://x.example)\nand `left`") == "Call Ana said yes and left"
    assert plain("one two three four", limit=12) == "one two…"
    assert plain("x" * 100, limit=10) == "x" * 9 + "…"
    assert plain_html("<style>p{}</style><p>Dear<br>Ana &amp; Bo</p><script>1</script>") == "Dear Ana & Bo"
