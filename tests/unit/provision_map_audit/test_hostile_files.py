"""Files that are not what they seem, made on the fly: refused with a sentence, quickly, in bounds.

Each is opened in a child process, so that its peak memory is its own and a crash would show.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.conformance.cases import case

CHILD = """
import json, resource, sys, time, types
# Only the reader is loaded, not the pages of the activity that stand in the same folder.
name = "lti_tool.activities.provision_map_audit"
sys.modules[name] = types.ModuleType(name)
sys.modules[name].__path__ = [sys.argv[2]]
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
def peak_mb():
    # ru_maxrss of a child starts at its parent's size on Linux; VmHWM is the child's own.
    try:
        lines = open("/proc/self/status").read().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
data = open(sys.argv[1], "rb").read()
start = time.process_time()
try:
    book = open_workbook("map.xlsx", data)
    said = None
except UnreadableFile as error:
    said = str(error)
print(json.dumps({"said": said, "seconds": time.process_time() - start,
                  "mb": peak_mb()}))
"""

READER = Path(__file__).parents[3] / "lti_tool" / "activities" / "provision_map_audit"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
BOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Map" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = (
    "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml' Type='http://schemas."
    "openxmlformats.org/officeDocument/2006/relationships/worksheet'/></Relationships>"
)


def package(sheet: bytes, **more: bytes) -> bytes:
    """A small .xlsx with the given sheet part and shared strings or styles."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(f"xl/{name}.xml", content)
    return out.getvalue()


def sheet_of(cells: str) -> bytes:
    return f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()


def zip_bomb() -> bytes:
    out = io.BytesIO(package(b"<worksheet/>"))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(400):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def lying_sizes() -> bytes:
    """Declares a small size for a part that unpacks to much more."""
    data = bytearray(package(sheet_of("<row r='1'/>") + b" " * 40_000_000))
    real = (40_000_000 + len(sheet_of("<row r='1'/>"))).to_bytes(4, "little")
    return bytes(data.replace(real, (5_000).to_bytes(4, "little")))


def far_cell() -> bytes:
    cells = (
        "<row r='1'><c r='A1' t='inlineStr'><is><t>Provision</t></is></c></row>"
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    )
    return package(sheet_of(cells))


def many_cells() -> bytes:
    row = "<row>" + "<c><v>1</v></c>" * 50 + "</row>"
    return package(sheet_of(row * 30_000))


def many_strings() -> bytes:
    strings = b"<sst>" + b"<si><t>ab</t></si>" * 1_500_000 + b"</sst>"
    return package(sheet_of("<row r='1'/>"), sharedStrings=strings)


def long_string() -> bytes:
    strings = b"<sst><si><t>" + b"a" * 30_000_000 + b"</t></si></sst>"
    return package(sheet_of("<row r='1'/>"), sharedStrings=strings)


def entities() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return package(doctype + b"]><worksheet><sheetData>&j;</sheetData></worksheet>")


def external_entity() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return package(doctype + b"<worksheet><sheetData>&a;</sheetData></worksheet>")


def deep_xml() -> bytes:
    return package(b"<a>" * 3_000_000)


def many_merges() -> bytes:
    cells = "<row r='1'><c r='A1'><v>1</v></c></row><row r='5000'><c r='A5000'><v>1</v></c></row>"
    merges = "<mergeCells>" + "<mergeCell ref='A1:BH5000'/>" * 100_000 + "</mergeCells>"
    return package(f"<worksheet><sheetData>{cells}</sheetData>{merges}</worksheet>".encode())


def many_entries() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


def many_sheets() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for _ in range(60):
            book.add_worksheet().write("A1", "Provision")
    return out.getvalue()


REFUSED: dict[str, Callable[[], bytes]] = {
    "zip bomb": zip_bomb,
    "sizes that lie": lying_sizes,
    "a cell at the last row": far_cell,
    "a million cells": many_cells,
    "a million strings": many_strings,
    "one huge string": long_string,
    "entities": entities,
    "external entity": external_entity,
    "deep XML": deep_xml,
    "merged over everything": many_merges,
    "sixty thousand entries": many_entries,
    "sixty sheets": many_sheets,
    "fifty megabytes": lambda: b"Provision,Weeks\n" * 3_300_000,
    "renamed program": lambda: b"MZ\x90\x00" + b"\x00" * 5_000,
    "NUL bytes": lambda: b"Provision,Weeks\nLexia,\x0012\n",
    "noise": lambda: bytes(range(1, 256)) * 400,
    "truncated workbook": lambda: far_cell()[:-40],
    "zip of something else": lambda: zipped("photo.jpg"),
    "word document": lambda: zipped("word/document.xml"),
    "opendocument": lambda: zipped("mimetype", "content.xml"),
    "numbers": lambda: zipped("Index/Document.iwa"),
    "old excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000,
    "password": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 3
    ),
    "pdf": lambda: b"%PDF-1.7\n",
    "web page": lambda: b"<html><table><tr><td>Provision</td></tr></table></html>",
    "empty": lambda: b"",
    "only spaces": lambda: b"  \r\n \r\n",
    "a million rows": lambda: b"\n" * 5_100 + b"Provision\n" * 700_000,
    "one line of commas": lambda: b"," * 9_000_000 + b"x",
    "an open quotation mark": lambda: b'Provision,"Weeks\n' + b"a,b\n" * 100_000,
}


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


def in_child(data: bytes, folder: Path) -> dict[str, object]:
    path = folder / "upload"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(READER)],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    result: dict[str, object] = json.loads(done.stdout)
    return result


@case(216, "hostile uploads")
@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_files_are_refused_quickly_and_in_bounds(kind: str, tmp_path: Path) -> None:
    result = in_child(REFUSED[kind](), tmp_path)
    if kind != "one line of commas":
        assert isinstance(result["said"], str) and result["said"].endswith(".")
    assert float(str(result["seconds"])) < 5
    assert float(str(result["mb"])) < 300


def test_a_sheet_that_only_declares_a_huge_size_is_read(tmp_path: Path) -> None:
    sheet = (
        b"<worksheet><dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1' t='str'>"
        b"<v>Provision</v></c></row></sheetData></worksheet>"
    )
    assert in_child(package(sheet), tmp_path)["said"] is None


def test_the_largest_sheet_we_take_is_read_in_bounds(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(5_000):
            sheet.write_row(row, 0, [f"Provision {row}", "TA", *range(38)])
    result = in_child(path.read_bytes(), tmp_path)
    assert result["said"] is None
    assert float(str(result["seconds"])) < 5
    assert float(str(result["mb"])) < 300
