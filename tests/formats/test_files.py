"""A file is what its content says, and its name does no harm where it lands."""

import io
import zipfile

import pytest

from app.formats.files import content_disposition, is_inline, safe_name, sniff


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name in names:
            zipped.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n....", "x.html", "image/png"),
        (b"\xff\xd8\xff\xe0..JFIF", "x.exe", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "x", "image/webp"),
        (b"%PDF-1.7\n", "x.txt", "application/pdf"),
        (b"GIF89a/*<script>alert(1)</script>", "x.gif", "image/gif"),
        (b"MZ\x90\0", "invoice.pdf", "application/vnd.microsoft.portable-executable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.msg", "application/vnd.ms-outlook"),
        (b"hello", "x.png", "text/plain"),
        (b"name;mail\nAna;a@b.pt", "list.csv", "text/csv"),
        ("olá".encode("latin-1"), "x.txt", "text/plain"),
        ("\ufeffhello".encode("utf-16-le"), "x.txt", "text/plain"),
        (b"BEGIN:VCARD\r\nVERSION:4.0", "x.txt", "text/vcard"),
        (b"BEGIN:VCALENDAR\r\n", "x", "text/calendar"),
        (b"<?xml version='1.0'?><a/>", "x", "application/xml"),
        (b"\n\n <!DOCTYPE html><p>x", "x.txt", "text/html"),
        (b"hello <script>alert(1)</script>", "x.txt", "text/html"),
        (b"<?xml version='1.0'?><!-- x --><svg onload='x'/>", "x.png", "image/svg+xml"),
        (b"<x:svg xmlns:x='http://www.w3.org/2000/svg'/>", "x.xml", "image/svg+xml"),
        ("<svg onload='x'/>".encode("utf-16"), "x.png", "image/svg+xml"),
        (b"\0\1\2\3random", "x.html", "application/octet-stream"),
        (b"", "x.png", "application/octet-stream"),
        (b"PK\x03\x04broken", "x.docx", "application/zip"),
        (archive("a.txt"), "x.docx", "application/zip"),
        (archive("mimetype", "content.xml"), "x", "application/vnd.oasis.opendocument.text"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "x.zip",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_the_content_decides_what_a_file_is(data: bytes, name: str, media_type: str) -> None:
    assert sniff(data, name) == media_type


def test_only_harmless_types_are_shown_inside_a_page() -> None:
    assert is_inline("image/png")
    assert is_inline("application/pdf")
    assert not any(
        map(is_inline, ["image/svg+xml", "text/html", "application/xml", "text/plain", "image/heic"])
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Angebot März.pdf", "Angebot März.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\photo.jpg", "photo.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ('a"b<c>d|e?.txt', "a_b_c_d_e_.txt"),
        ("line\r\nSet-Cookie: x=1.txt", "lineSet-Cookie_ x=1.txt"),
        ("nul\0l.txt", "null.txt"),
        ("CON.txt", "_CON.txt"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_loses_what_is_dangerous_and_keeps_what_people_read(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_name_without_extension_gets_that_of_its_type() -> None:
    assert safe_name("photo", "image/png") == "photo.png"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        ("Ünï 100%.pdf", "attachment; filename=\"Uni 100_.pdf\"; filename*=UTF-8''%C3%9Cn%C3%AF%20100_.pdf"),
        ("報告.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf"),
        ('x"\r\nEvil: 1.txt', "attachment; filename=\"x_Evil_ 1.txt\"; filename*=UTF-8''x_Evil_%201.txt"),
    ],
)
def test_the_download_header_has_both_forms_of_the_name(name: str, header: str) -> None:
    assert content_disposition(name) == header
    assert header.isascii()
    assert content_disposition(name, inline=True).startswith("inline; ")
