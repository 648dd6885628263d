"""The file that a backup is: a compressed tar with a manifest of digests before everything else.

Members are `database.sqlite`, `keys/…` and `files/…`. Readers take out only what the manifest
names, and only if every byte is as it was put in.
"""

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from lti_tool.core.errors import Conflict, Unusable

MANIFEST, DATABASE = "manifest.json", "database.sqlite"
KEYS, FILES = "keys", "files"
_FORMAT = 1
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    release: str
    revision: str
    files: dict[str, dict[str, int | str]]
    """By name: `bytes` and `sha256`."""
    format: int = _FORMAT


def describe(folder: Path) -> dict[str, dict[str, int | str]]:
    """Length and digest of every file below a folder."""
    found: dict[str, dict[str, int | str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            name = path.relative_to(folder).as_posix()
            found[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return found


def pack(folder: Path, manifest: Manifest, target: Path) -> None:
    """Write the file: for its owner alone, whole or not at all.

    :param folder: the files that the manifest names, and no others.
    :raises Conflict: there is a file of that name; it is left as it is.
    """
    unready = folder.parent / "unready.tar.gz"
    raw = json.dumps(asdict(manifest), indent=2).encode()
    descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        (folder / MANIFEST).write_bytes(raw)
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
            for name in (MANIFEST, *manifest.files):
                tar.add(folder / name, arcname=name, filter=_nobodys)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unready, target)  # which fails, other than a rename, where there is one already
    except FileExistsError:
        raise exists(target) from None
    unready.unlink()


def exists(target: Path) -> Conflict:
    """The refusal to overwrite."""
    return Conflict(f"{target} exists already, and no backup is overwritten. Choose another name.")


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without this machine's account names."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise Unusable(f"There is no file {source}.") from None
        raise Unusable(
            f"{source} cannot be read as a backup ({type(error).__name__}). If it is encrypted, "
            "decrypt it first; else take another one."
        ) from None


def _read_manifest(source: Path, tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    opened = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    try:
        if opened is None:
            raise ValueError("no manifest")
        values = json.loads(opened.read(_LARGEST_MANIFEST))
        if values.get("format") != _FORMAT:
            raise ValueError("another format")
        return Manifest(**values)
    except (ValueError, TypeError, AttributeError):
        raise Unusable(f"{source} is no backup that this release can read.") from None


def unpack(source: Path, folder: Path) -> Manifest:
    """Take everything out, checking each file against its digest.

    :param folder: empty; files in it are for their owner alone.
    :raises Unusable: no backup, or not as it was made.
    """
    with _opened(source) as tar:
        manifest = _read_manifest(source, tar)
        missing = dict(manifest.files)
        while (member := tar.next()) is not None:
            said = missing.pop(member.name, None)
            opened = tar.extractfile(member) if member.isreg() and said is not None else None
            if opened is None or said is None or not _is_plain(member.name):
                raise Unusable(f"{source} holds {member.name}, which its manifest does not name.")
            if _write(opened, folder / member.name) != said["sha256"]:
                raise _not_as_made(source, member.name)
    if missing:
        raise _not_as_made(source, min(missing))
    return manifest


def _not_as_made(source: Path, name: str) -> Unusable:
    return Unusable(
        f"{source} is not as it was made: {name} differs from its digest or is missing. Nothing "
        "was restored; take another backup."
    )


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _write(opened: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
