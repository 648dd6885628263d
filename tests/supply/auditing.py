"""Packages with known weaknesses, looked up by pip-audit in the service it asks.

Where the service cannot be asked, pip-audit alone may say that all is well: an index that does
not serve the list answers "unknown package". So a package whose weaknesses everybody knows is
asked along, and only an answer that names them counts as a look.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = tuple(ROOT / "requirements" / f"{name}.lock" for name in ("test", "open-edx"))
"""`test.lock` holds all of the others but that of Open edX's consumer."""
CONTROL = "django==2.0"
CLEAN, WEAK, NOT_LOOKED = 0, 1, 3


def _ask(locks: Sequence[Path], arguments: list[str]) -> list[dict[str, Any]] | None:
    """What pip-audit found for each package, or None where it found no whole answer."""
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "control.txt"
        control.write_text(f"{CONTROL} --hash=sha256:{'0' * 64}\n")
        files = [part for one in (control, *locks) for part in ("-r", str(one))]
        command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json"]
        command += ["--require-hashes", "--disable-pip", "--strict"]
        done = subprocess.run(
            [*command, *files, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return found


def audit(locks: Sequence[Path], arguments: list[str]) -> tuple[int, list[str]]:
    """Look all locked packages up.

    :param arguments: for pip-audit, such as `--ignore-vuln` with an id.
    :return: the exit code and what to say.
    """
    found = _ask(locks, arguments) or []
    control = CONTROL.partition("==")[0]
    if not any(one["name"] == control and one.get("vulns") for one in found):
        return NOT_LOOKED, [
            "NOT CHECKED: the list of known weaknesses cannot be reached from here, so nobody "
            "knows whether a package has one. Run `make audit` where it can."
        ]
    weak = [one for one in found if one.get("vulns") and one["name"] != control]
    lines = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for one in weak
        for weakness in one["vulns"]
    ]
    return (WEAK if weak else CLEAN), lines or [f"{len(found) - 1} packages, no known weakness."]


def main(arguments: list[str]) -> int:
    """Say what was found. 1 for a weakness; where none could be looked for 3, or 0 with
    `AUDIT=if-possible` in the environment, and the same words."""
    code, lines = audit(LOCKS, arguments)
    print("\n".join(lines))
    if code == NOT_LOOKED and os.environ.get("AUDIT") == "if-possible":
        return 0
    return code
