"""Finds nginx for the tests, and takes it out of Debian's package where there is none.

The package is unpacked and not installed: its own set-up would start a web server on this machine.
Run as a module it makes sure there is one; `make test` does that first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_KEPT = Path(sys.prefix) / "nginx"


def find_nginx() -> str | None:
    """The path of nginx, or None. `NGINX` names one outright."""
    unpacked = _KEPT / "usr" / "sbin" / "nginx"
    return (
        os.environ.get("NGINX")
        or shutil.which("nginx")
        or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
        or (str(unpacked) if unpacked.exists() else None)
    )


def _unpack_from_debian() -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return
    if os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        Path(folder).chmod(0o777)  # apt fetches as a user of its own
        subprocess.run(["apt-get", "download", "-qq", "nginx"], check=False, cwd=folder)
        for package in Path(folder).glob("nginx_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(_KEPT)], check=False)


def ensure_nginx() -> str:
    """nginx, unpacked if need be.

    :raises SystemExit: none can be had; says what to do.
    """
    found = find_nginx()
    if found is None:
        sys.stderr.write("Fetching nginx for the tests…\n")
        _unpack_from_debian()
        found = find_nginx()
    if found is None:
        raise SystemExit(
            "The tests need nginx and none could be had by apt. Install it, or set NGINX to its "
            "path."
        )
    return found


if __name__ == "__main__":
    ensure_nginx()
