"""Build the image twice, compare every file of ours in it, and run it as docker-compose.yml does.

Where no registry of images can be reached, `--base-here` makes a base of Debian (debootstrap) and
the Python that runs this. It stands in for the published one, so that everything but that one's own
content is tried.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parents[2]
_TOOLS = ("buildah", "podman", "runc")
_BASE = "localhost/lti-tool-base:here"
_TAGS = ("localhost/lti-tool:once", "localhost/lti-tool:twice")
_OURS = ("opt/tool", "etc/lti-tool", "var/lib/lti-tool")
_LIBRARIES = (
    "ca-certificates,libssl3,libffi8,libsqlite3-0,zlib1g,libbz2-1.0,liblzma5,libreadline8,"
    "libexpat1,libuuid1,libncursesw6"
)
_LIKE_COMPOSE = (
    *("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
    *("--tmpfs", "/tmp:mode=1777", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"),
)
_READY_S = 90


def _run(*words: str) -> str:
    """What a program says.

    :raises SystemExit: it failed; what it said is printed.
    """
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "BUILDAH_ISOLATION": "chroot"}
    )
    if done.returncode:
        sys.exit(f"{' '.join(words[:4])} … failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout.strip()


def _podman(*words: str) -> str:
    return _run("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs", *words)


def _make_base(folder: Path) -> str:
    """A base image of Debian and this Python; its name."""
    root, prefix = folder / "root", Path(sys.base_prefix)
    name = f"python3.{sys.version_info.minor}"
    _run("debootstrap", "--variant=minbase", f"--include={_LIBRARIES}", "bookworm", str(root))
    there = root / "usr" / "local"
    for library in prefix.glob("lib/libpython3*"):
        shutil.copy2(library, there / "lib")
    without = shutil.ignore_patterns("site-packages", "test", "__pycache__")
    shutil.copytree(prefix / "lib" / name, there / "lib" / name, ignore=without)
    (there / "lib" / name / "site-packages").mkdir()
    shutil.copy2(prefix / "bin" / name, there / "bin")
    for short in ("python3", "python"):
        (there / "bin" / short).symlink_to(name)
    certificates = Path("etc/ssl/certs/ca-certificates.crt")
    shutil.copy2(Path("/") / certificates, root / certificates)  # a proxy's own among them
    _run("chroot", str(root), "ldconfig")
    container = _run("buildah", "from", "scratch")
    _run("buildah", "add", "--quiet", container, str(root), "/")
    path = "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
    trust = f"PIP_CERT=/{certificates}"
    _run("buildah", "config", "--env", path, "--env", trust, container)
    _run("buildah", "commit", "--quiet", "--rm", container, _BASE)
    return _BASE


def _digests(tag: str) -> dict[str, str]:
    """Each file of ours in an image: what it holds, its mode and owner."""
    container = _run("buildah", "from", tag)
    root, found = Path(_run("buildah", "mount", container)), {}
    for path in sorted(path for ours in _OURS for path in (root / ours).rglob("*")):
        state = path.lstat()
        content = str(path.readlink()) if path.is_symlink() else ""
        if path.is_file() and not path.is_symlink():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(root))] = f"{content} {state.st_mode:o} {state.st_uid}"
    _run("buildah", "rm", container)
    return found


def _try_out(tag: str) -> None:
    """Migrate, serve and be ready: as nobody, with nothing to write to but the volume and /tmp."""
    volume = "lti-tool-image-tried"
    settings = ("--env", f"LTI_TOOL_SECRET_KEY={'x' * 40}", "--env", "LTI_TOOL_ALLOW_HTTP=1")
    options = (*_LIKE_COMPOSE, *settings, "--volume", f"{volume}:/var/lib/lti-tool")
    print(_podman("run", "--rm", "--network", "none", *options, tag, "lti-tool", "db", "upgrade"))
    web = _podman("run", "--detach", "--network", "none", *options, tag)
    asked = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8080/readyz').read())"
    try:
        until = time.monotonic() + _READY_S
        while subprocess.run(
            ["podman", "--runtime", "runc", "exec", web, "python", "-c", asked],
            stderr=subprocess.DEVNULL,
        ).returncode:
            if time.monotonic() > until:
                sys.exit(f"It was not ready in {_READY_S} s:\n{_podman('logs', web)}")
            time.sleep(1)
        print(_podman("exec", web, "sh", "-c", "id; touch /opt/tool/x 2>&1 || true"))
    finally:
        _podman("rm", "--force", "--time", "5", web)
        _podman("volume", "rm", volume)


def main() -> None:
    """Build, compare, run."""
    asked = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    asked.add_argument("--base-here", action="store_true", help="make a base of Debian and Python")
    given = asked.parse_args()
    tools = (*_TOOLS, "debootstrap") if given.base_here else _TOOLS
    missing = [name for name in tools if shutil.which(name) is None]
    if missing or os.geteuid():
        sys.exit(f"NOT CHECKED: the image needs root and {', '.join(missing or _TOOLS)}.")
    with tempfile.TemporaryDirectory() as folder:
        base = ("--build-arg", f"BASE={_make_base(Path(folder))}") if given.base_here else ()
    for tag in _TAGS:
        print(f"Building {tag}…", flush=True)
        build = ("--no-cache", "--network", "host", *base, "--file", "config/Dockerfile")
        _run("buildah", "bud", *build, "--tag", tag, str(HERE))
    once, twice = map(_digests, _TAGS)
    differing = sorted(name for name in once.keys() | twice if once.get(name) != twice.get(name))
    if differing or not once:
        sys.exit(f"The builds differ in {len(differing)} of {len(once)} files: {differing[:5]}")
    print(f"Two builds hold the same {len(once)} files and folders.")
    _try_out(_TAGS[0])


if __name__ == "__main__":
    main()
