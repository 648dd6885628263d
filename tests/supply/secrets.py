"""No key, password or token is in a tracked file, but those that are written down as harmless.

`requirements/secrets.json` holds digests of what was looked at and is no secret (values of tests
and of makers' documentation), by file. What is new must be taken out, or added there on purpose:
`make secrets ARGS=--accept`.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parents[2]
ACCEPTED = ROOT / "requirements" / "secrets.json"
_PROCESSES = 2
_NO_TEXT_OF_OURS = (".lock", ".png", ".svg", ".woff2", ".min.css", ".min.js")
"""Digests of packages, pictures, and what others published."""
_KINDS = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "Base64HighEntropyString",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "HexHighEntropyString",
    "JwtTokenDetector",
    "KeywordDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
)
"""The library's detectors but for services that nobody here uses: each costs time on each line."""
Found = dict[str, dict[str, str]]
"""By file: digest of what was found, and its kind."""


def tracked() -> list[str]:
    """The tracked files that may hold a secret."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [
        name
        for name in listed
        if name
        and not name.endswith(_NO_TEXT_OF_OURS)
        and ROOT / name != ACCEPTED
        and (ROOT / name).is_file()
    ]


def find_secrets(names: Iterable[str], root: Path = ROOT) -> Found:
    """What looks like a secret in these files. Nothing is asked over the network, which the
    library does only with settings that are not used here."""
    found = SecretsCollection(root=str(root))
    with transient_settings({"plugins_used": [{"name": one} for one in _KINDS]}):
        found.scan_files(*names, num_processors=_PROCESSES)
    by_file: Found = {}
    for name, secret in found:
        by_file.setdefault(name, {})[secret.secret_hash] = secret.type
    return {name: dict(sorted(digests.items())) for name, digests in sorted(by_file.items())}


def new_ones(found: Found, accepted: Found) -> list[str]:
    """A sentence for each that is not accepted in its file."""
    return [
        f"{name}: {kind}"
        for name, digests in found.items()
        for digest, kind in digests.items()
        if digest not in accepted.get(name, {})
    ]


def main(arguments: list[str]) -> int:
    """Look through the tracked files; 1 where something new was found."""
    found = find_secrets(tracked())
    if "--accept" in arguments:
        ACCEPTED.write_text(json.dumps(found, indent=2) + "\n")
        print(f"{sum(map(len, found.values()))} written down as harmless. Look at each.")
        return 0
    problems = new_ones(found, json.loads(ACCEPTED.read_text()))
    for one in problems:
        print(f"This looks like a secret: {one}.")
    if problems:
        print("Take it out and make it void; or, if it is none: make secrets ARGS=--accept")
    else:
        print("No secret in the tracked files.")
    return 1 if problems else 0
