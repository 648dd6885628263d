"""The list of parts (SBOM, CycloneDX) of what a server runs, made from the lock and nothing else.

Two runs give the same bytes. The library checks it against the CycloneDX schema before it is
written.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "postgres.lock"
"""All of `run.lock`, and what PostgreSQL needs."""
WRITTEN = ROOT / "build" / "sbom.cdx.json"


def write_parts(to: Path) -> int:
    """Write the list; the library's exit code."""
    to.parent.mkdir(parents=True, exist_ok=True)
    command = ["requirements", "--pyproject", "pyproject.toml", "--mc-type", "application"]
    command += ["--output-reproducible", "--validate", "--of", "JSON", "-o", str(to), str(LOCK)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore::UserWarning", "-m", "cyclonedx_py", *command],
        cwd=ROOT,
        check=False,
    )
    return done.returncode


def main(arguments: list[str]) -> int:
    """Write it to `build/`, or where the first argument says."""
    to = Path(arguments[0]) if arguments else WRITTEN
    code = write_parts(to)
    if code == 0:
        print(f"Written to {to}.")
    return code
