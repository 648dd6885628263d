"""Keys in files, weak packages and the list of parts: each check finds what it is there for."""

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from tests.supply import auditing, parts, secrets

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
_LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
_LINE = re.compile(r"^(?:[a-z0-9._-]+==\S+( ; .+)?|    --hash=sha256:[0-9a-f]{64})$")


def _locked(name: str) -> dict[str, str]:
    return dict(_LOCKED.findall((REQUIREMENTS / name).read_text()))


def test_a_planted_key_is_found_and_a_harmless_value_is_not(tmp_path: Path) -> None:
    planted = {
        "key.pem": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n",
        "settings.py": "AWS = '" + "AKIA" + "IOSFODNN7EXAMQLE" + "'\n",
        "deploy.yaml": "database_" + "password: hT7x9qLw2vRk\n",
        "mail.md": "smtp://post:" + "s3cretWord99" + "@mail.ac.uk\n",
    }
    for name, text in {**planted, "fine.py": "LIMIT = 12\n"}.items():
        (tmp_path / name).write_text(text)
    found = secrets.find_secrets([*planted, "fine.py"], tmp_path)
    assert set(found) == set(planted)
    assert len(secrets.new_ones(found, {})) == len(planted)
    assert secrets.new_ones(found, found) == []
    moved = {"elsewhere.py": found["settings.py"]}
    assert secrets.new_ones(moved, found), "harmless in one file is not harmless in another"


def test_what_was_taken_as_harmless_is_still_there() -> None:
    """No leave is kept for a file that has gone."""
    accepted = json.loads(secrets.ACCEPTED.read_text())
    assert set(accepted) <= set(secrets.tracked())


@pytest.fixture
def service(httpserver: HTTPServer) -> Iterator[HTTPServer]:
    """A service that knows weaknesses of our control and of jinja2."""

    def answer(request: Request) -> Response:
        name = request.get_json(force=True)["package"]["name"]
        known: dict[str, Any] = {"id": f"PYSEC-2099-{name}", "summary": "x", "details": "x"}
        known["affected"] = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": []}]
        is_weak = name in weak
        return Response(json.dumps({"vulns": [known]} if is_weak else {}), mimetype="text/json")

    weak = {"django", "jinja2"}
    httpserver.expect_request("/v1/query").respond_with_handler(answer)
    httpserver.weak = weak  # type: ignore[attr-defined]
    yield httpserver


def test_a_weak_package_is_told_and_a_look_that_was_not_possible_too(
    service: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text(
        "".join(f"{one}==3.1.6 --hash=sha256:{'a' * 64}\n" for one in ("jinja2", "flask"))
    )
    ask = ["-s", "osv", "--osv-url", service.url_for("/v1/query")]
    code, said = auditing.audit([lock], ask)
    assert code == auditing.WEAK
    assert said == ["jinja2 3.1.6: PYSEC-2099-jinja2, mended in no version yet"]
    service.weak.discard("jinja2")  # type: ignore[attr-defined]
    assert auditing.audit([lock], ask) == (0, ["2 packages, no known weakness."])
    service.weak.clear()  # type: ignore[attr-defined]
    code, said = auditing.audit([lock], ask)
    assert code == auditing.NOT_LOOKED, "it does not even know the weaknesses everybody knows"
    nobody = ["-s", "osv", "--osv-url", "http://127.0.0.1:9/v1/query"]
    assert auditing.audit([lock], nobody)[0] == auditing.NOT_LOOKED
    monkeypatch.setattr(auditing, "audit", lambda *_: (auditing.NOT_LOOKED, ["NOT CHECKED"]))
    assert auditing.main([]) == 3
    monkeypatch.setenv("AUDIT", "if-possible")
    assert auditing.main([]) == 0


def test_the_list_of_parts_names_every_locked_package_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert parts.write_parts(first) == parts.write_parts(second) == 0, "the schema holds"
    assert first.read_bytes() == second.read_bytes()
    found = json.loads(first.read_text())
    assert (
        found["bomFormat"] == "CycloneDX" and found["metadata"]["component"]["name"] == "lti-tool"
    )
    listed = {one["name"]: one["version"] for one in found["components"]}
    assert listed == _locked("postgres.lock")
    assert _locked("run.lock").items() <= listed.items()
    assert all(one["purl"].startswith("pkg:pypi/") for one in found["components"])
    assert all(one["externalReferences"][0]["hashes"] for one in found["components"])


@pytest.mark.parametrize("name", ["run", "postgres", "test", "open-edx"])
def test_every_locked_package_is_pinned_with_digests(name: str) -> None:
    lines = (REQUIREMENTS / f"{name}.lock").read_text().replace(" \\\n", "\n").splitlines()
    assert [line for line in lines if not _LINE.match(line)] == []
    pairs = zip(lines, [*lines[1:], "end"], strict=True)
    assert [one for one, after in pairs if "==" in one and "--hash" not in after] == []


def _licence(name: str) -> str:
    """What a package says of its licence, in one line."""
    about = metadata.metadata(name)
    told = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    said = (
        about.get("License-Expression")
        or "; ".join(one.rpartition(" :: ")[2] for one in told)
        or (about.get("License") or "")
    )
    return " ".join(said.split())[:80]


def test_what_a_server_runs_is_installed_as_locked_under_licences_that_were_looked_at() -> None:
    policy = yaml.safe_load((REQUIREMENTS / "licences.yaml").read_text())
    problems = []
    for name, version in _locked("postgres.lock").items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform or Python
        if installed != version:
            problems.append(f"{name} {installed} is installed, {version} is locked")
        said = _licence(name)
        if said not in policy["allowed"] and name not in policy["read_in_the_archive"]:
            problems.append(f"{name}: “{said}” is not in requirements/licences.yaml")
    assert problems == []
