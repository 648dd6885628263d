"""Which files are taken as evidence."""

import io
import zipfile

import pytest

from lti_tool.activities.quality_standards.files import LARGEST, check_file, safe_name
from lti_tool.core.errors import Unusable
from lti_tool.papers.documents import to_docx
from lti_tool.papers.tables import Table, to_xlsx

PDF, PNG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n..."


def _with_macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/vbaProject.bin", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("agreement.pdf", PDF, "application/pdf"),
        ("chart.PNG", PNG, "image/png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("minutes.docx", to_docx("Minutes", [], "<p>x</p>"), "wordprocessingml.document"),
        ("list.xlsx", to_xlsx([Table("A", ("b",), [["c"]])]), "spreadsheetml.sheet"),
        ("list.csv", "Grüße,1\n".encode(), "text/csv"),
        ("notes.txt", "Caf\xe9".encode("cp1252"), "text/plain"),
    ],
)
def test_safe_kinds_are_taken(name: str, content: bytes, kind: str) -> None:
    assert check_file(name, content).media_type.endswith(kind)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<script>", "as what its name says"),
        ("picture.svg", b"<svg/>", "as what its name says"),
        ("agreement.pdf", b"MZ\x90\0", "as what its name says"),
        ("tool.exe", PDF, "as what its name says"),
        ("minutes.docx", b"PK\x03\x04 broken", "as what its name says"),
        ("list.csv", b"a\0b", "as what its name says"),
        ("minutes.docx", _with_macros(), "macros"),
        ("empty.txt", b" \n", "empty"),
        ("large.txt", b"a" * (LARGEST + 1), "larger than 5 MB"),
        ("noname", PDF, "as what its name says"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Unusable, match=sentence):
        check_file(name, content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\work\\Minutes 1.docx", "Minutes 1.docx"),
        ('a"b\r\nc.pdf', "a-b-c.pdf"),
        ("...pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_keeps_no_folder_and_nothing_to_misread(name: str, safe: str) -> None:
    assert safe_name(name) == safe
