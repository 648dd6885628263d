"""A commentary from Word: what comes along, what is said about the rest, hostile files."""

import io
import zipfile
import zlib

import docx
import pytest

from lti_tool.activities.provision_map_audit.written.commentary import (
    clean_file_name,
    read_commentary,
    with_words_removed,
)
from lti_tool.core.errors import Unusable


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + check


PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes.fromhex("00000001000000010800000000"))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)


def make_docx(fill: object = None) -> bytes:
    document = docx.Document()
    document.add_heading("Commentary", 1)
    line = document.add_paragraph("Provision has changed, as Norwich (2014) ")
    line.add_run("argues").italic = True
    document.add_paragraph("One", style="List Bullet")
    if callable(fill):
        fill(document)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def remade(data: bytes, **changed: bytes) -> bytes:
    """The archive with parts changed or added: `word_document_xml=…`."""
    names = {"document": "word/document.xml", "extra": "word/extra.xml"}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for entry in old.infolist():
            if names.get("document") != entry.filename or "document" not in changed:
                new.writestr(entry.filename, old.read(entry))
        for name, content in changed.items():
            new.writestr(names[name], content)
    return made.getvalue()


def test_text_and_structure_come_along() -> None:
    made = read_commentary(make_docx(), "C:\\docs\\My <b>audit</b>.docx")
    assert "<h1>Commentary</h1>" in made["html"] and "<em>argues</em>" in made["html"]
    assert "<li>One</li>" in made["html"]
    assert made["words"] == 9 and made["left_out"] == []
    assert made["file_name"] == "b.docx"
    assert clean_file_name("../../My audit (2).docx") == "My audit (2).docx"


def test_pictures_comments_and_tracked_changes_are_left_out_and_said() -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_picture(io.BytesIO(PICTURE))
        line = document.add_paragraph("Seen")
        document.add_comment(line.runs, "A remark in the margin", "Tutor", "T")

    data = make_docx(fill)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml")
    tracked = (
        b'<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>put in</w:t></w:r></w:ins>'
        b'<w:del w:id="2" w:author="x"><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p>'
    )
    made = read_commentary(
        remade(data, document=xml.replace(b"<w:body>", b"<w:body>" + tracked)), ""
    )
    said = " ".join(made["left_out"])
    assert "One picture" in said and "struck out is left out" in said and "margin" in said
    assert "put in" in made["html"] and "struck out" not in made["html"]
    assert "img" not in made["html"] and "remark" not in made["html"]


def test_a_name_is_taken_out_even_across_bold() -> None:
    made = {"html": "<p>We asked <strong>Jack</strong> Carter. Jack\nCarter</p>", "words": 6}
    assert with_words_removed(made, "Jack Carter", "[x]")["html"].count("[x]") == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "older Office format"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"{\\rtf1", "rich text"),
        (b"plain words", "not a Word document"),
        (b"PK\x03\x04 cut off", "damaged"),
        (make_docx()[:-400], "damaged"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
        (remade(make_docx(), extra=b" " * 30_000_000), "unpacks to far more"),
        (remade(make_docx(), document=b"<a>" * 500 + b"</a>" * 500), "unpacks to far more"),
        (
            remade(make_docx(), document=b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),
            "damaged",
        ),
        (remade(make_docx(), document=b"<w:document/>"), ""),
    ],
    ids=lambda one: one if isinstance(one, str) else "file",
)
def test_what_is_no_word_document_gets_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_commentary(data, "x.docx")
    assert said in refused.value.sentence and refused.value.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("mimetype", "content.xml"), ".odt"),
        (("xl/workbook.xml",), "workbook"),
        (("notes.txt",), "archive"),
    ],
)
def test_other_archives_get_a_sentence(names: tuple[str, ...], said: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(Unusable, match=said):
        read_commentary(made.getvalue(), "x")
