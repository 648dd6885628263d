"""LibreOffice as a second reckoner: spoils every figure kept in a workbook, has it recalculated.

A figure that comes back right was worked out by LibreOffice from the formula and nothing else.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

WRONG = "987654321"
_PACKAGE = "libreoffice-calc-nogui"
_SPACE = "http://openoffice.org/2001/registry"
_ALWAYS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="{_SPACE}">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
_FORMULA_CELL = re.compile(r"<c ([^>]*)>(<f>.*?</f>)<v>[^<]*</v></c>")


def find_libreoffice() -> str:
    """The program; Debian's package is installed if it is not there.

    :raises SystemExit: it is not there and could not be installed.
    """
    if not shutil.which("soffice"):
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", _PACKAGE],
        ):
            subprocess.run(command, check=False)
    found = shutil.which("soffice")
    if found is None:
        raise SystemExit(f"LibreOffice is needed. On Debian: apt install {_PACKAGE}")
    return found


def spoil(data: bytes) -> tuple[bytes, int]:
    """The workbook with a wrong figure kept in every formula's cell, and how many there are."""
    out, count = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, found = _FORMULA_CELL.subn(_wrong_cell, part.decode())
                part, count = text.encode(), count + found
            new.writestr(name, part)
    return out.getvalue(), count


def _wrong_cell(found: re.Match[str]) -> str:
    attributes = re.sub(r'\s*t="\w+"', "", found[1])
    return f"<c {attributes}>{found[2]}<v>{WRONG}</v></c>"


def recalculate(program: str, data: bytes) -> Workbook:
    """The workbook as LibreOffice saves it after working every formula out afresh."""
    with tempfile.TemporaryDirectory(prefix="recalculation-") as name:
        folder = Path(name)
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
        (folder / "map.xlsx").write_bytes(data)
        done = subprocess.run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless", "--norestore",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML",
                "--outdir", str(folder / "out"),
                str(folder / "map.xlsx"),
            ],
            capture_output=True,
            text=True,
            timeout=300,
        )  # fmt: skip
        made = folder / "out" / "map.xlsx"
        if not made.exists():
            raise SystemExit(f"LibreOffice made nothing of the workbook: {done.stderr}")
        return openpyxl.load_workbook(made, data_only=True)
