"""Cases 170 to 179: how the tool proves itself to a platform, and how its keys are kept."""

import stat
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt as jose
from joserfc.jwk import KeySet
from sqlalchemy import delete, select

from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.demo_platform.tokens import ToolKeys
from lti_tool.lti import keys
from lti_tool.lti.keys import published_keys
from lti_tool.lti.models import AccessToken, Registration
from lti_tool.lti.tokens import find_token
from tests.conformance.cases import case
from tests.conformance.grades import *  # noqa: F403
from tests.integration.gradebook.bench import Bench
from tests.support.door import Door
from tests.support.running_tool import RunningTool
from tests.support.wire import Wire

_SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_SECRET = "a secret of the tests, longer than thirty-two characters"


def _assertion(wire: Wire, keys_dir: Path) -> jose.Token:
    (asked,) = wire.of("POST", "/token")
    token = asked.form["client_assertion"][0]
    return jose.decode(token, KeySet.import_key_set(published_keys(keys_dir)))


def _registration(bench: Bench) -> Any:
    with bench.database.read() as session:
        return session.execute(
            select(*Registration.__table__.c).where(Registration.id == bench.course.registration_id)
        ).one()


@case(170, "the client’s assertion")
def test_case_170_assertion(bench: Bench, wire: Wire, keys_dir: Path) -> None:
    bench.release(62)
    bench.drain()
    token = _assertion(wire, keys_dir)
    claims = token.claims
    assert token.header["alg"] == "RS256"
    assert token.header["kid"] == published_keys(keys_dir)["keys"][0]["kid"]
    assert claims["iss"] == claims["sub"] == bench.platform.registration()["client_id"]
    assert claims["aud"] == bench.platform.registration()["auth_token_url"]
    assert 0 < claims["exp"] - claims["iat"] <= 300 and abs(claims["iat"] - time.time()) < 60
    first = claims["jti"]
    wire.asked.clear()
    with bench.database.write() as session:
        session.execute(delete(AccessToken))
    bench.release(63)
    bench.drain()
    assert _assertion(wire, keys_dir).claims["jti"] != first


@case(170, "the client’s assertion")
def test_case_170_configured_audience(bench: Bench, wire: Wire, keys_dir: Path) -> None:
    with bench.database.write() as session:
        row = session.get_one(Registration, bench.course.registration_id)
        row.auth_audience = bench.platform.url
    bench.release(62)
    bench.drain()
    assert _assertion(wire, keys_dir).claims["aud"] == bench.platform.url


@case(171, "the token request")
def test_case_171_request(bench: Bench, wire: Wire) -> None:
    bench.release(62)
    bench.drain()
    (asked,) = wire.of("POST", "/token")
    assert asked.headers["Content-Type"].split(";")[0] == "application/x-www-form-urlencoded"
    assert set(asked.form) == {
        "grant_type",
        "client_assertion_type",
        "client_assertion",
        "scope",
    }
    assert asked.form["grant_type"] == ["client_credentials"]
    assert asked.form["client_assertion_type"] == [
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ]
    assert asked.form["scope"] == [_SCORE]


@case(172, "a token is kept until it lapses")
def test_case_172_one_token_for_many_askers(bench: Bench, wire: Wire) -> None:
    row = _registration(bench)
    found: list[str] = []

    def ask() -> None:
        found.append(find_token(bench.database, bench.settings, row, _SCORE))

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 100 and len(set(found)) == 1
    assert len(wire.of("POST", "/token")) == 1


@case(177, "the tool’s key set")
def test_case_177_key_set(door: Door) -> None:
    answer = door.browser().ask("GET", "/lti/jwks.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "max-age=" in answer.headers["Cache-Control"]
    found = answer.json()["keys"]
    assert found
    for key in found:
        assert set(key) == {"kty", "kid", "use", "alg", "n", "e"}, "and no private member"
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
        assert len(key["n"]) >= 342, "2048 bits"


@case(178, "rotation of the tool’s key")
def test_case_178_no_failed_call_while_a_key_rotates(
    bench: Bench, keys_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform keeps our key set for a second, whatever key id it meets meanwhile."""
    kept: list[tuple[float, KeySet]] = []

    def kept_for_a_second(keys_of_tool: ToolKeys, _kid: str | None) -> KeySet:
        if not kept or time.monotonic() - kept[0][0] > 1:
            kept[:] = [(time.monotonic(), keys_of_tool._fetch())]
        return kept[0][1]

    monkeypatch.setattr(ToolKeys, "get", kept_for_a_second)
    before = {one.kid for one in keys.list_keys(keys_dir)}
    row = _registration(bench)
    failures: list[BaseException] = []
    asked = [0]
    is_over = threading.Event()

    def keep_asking() -> None:
        token = None
        while not is_over.is_set():
            try:
                token = find_token(bench.database, bench.settings, row, _SCORE, instead_of=token)
                asked[0] += 1
            except BaseException as failure:
                failures.append(failure)
                return

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        made = keys.rotate(keys_dir, "", timedelta(seconds=3))
        assert made.state == "waits"
        assert made.kid in {one["kid"] for one in published_keys(keys_dir)["keys"]}
        time.sleep(4)
        (signing,) = [one for one in keys.list_keys(keys_dir) if one.state == "signs"]
        assert signing.kid == made.kid
        for kid in before:
            keys.retire(keys_dir, "", kid)
        time.sleep(1)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert asked[0] > 10
    assert [one["kid"] for one in published_keys(keys_dir)["keys"]] == [made.kid]


@case(178, "rotation of the tool’s key")
def test_case_178_by_command(tmp_path: Path) -> None:
    tool = RunningTool(tmp_path)
    tool.must("db", "upgrade")
    first = tool.must("keys", "list").split()[0]
    refused = tool.command("keys", "retire", first)
    assert refused.returncode == 1 and "signs now" in refused.stderr
    second = tool.must("keys", "rotate").split()[2]
    listed = tool.must("keys", "list").splitlines()
    assert listed[0].startswith(second) and "signs from" in listed[0]
    assert listed[1] == f"{first}  signs"
    again = tool.command("keys", "rotate")
    assert again.returncode == 1 and "waiting" in again.stderr
    third = tool.must("keys", "rotate", "--at-once").split()[2]
    assert f"{third}  signs" in tool.must("keys", "list").splitlines()
    tool.must("keys", "retire", first)
    noted = tool.execute("SELECT act, actor, became FROM audit_entry ORDER BY id")
    assert [(act, actor) for act, actor, _ in noted] == [
        ("signing key made", "operator"),
        ("signing key made", "operator"),
        ("signing key withdrawn", "operator"),
    ]
    assert second in noted[0][2] and third in noted[1][2] and first in noted[2][2]
    assert first not in tool.must("keys", "list")
    assert tool.command("keys", "retire", "unknown").returncode == 1


def test_a_key_that_got_out_is_replaced_without_a_database(tmp_path: Path) -> None:
    tool = RunningTool(tmp_path, {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    done = tool.command("keys", "rotate", "--at-once")
    assert done.returncode == 0 and "signs now" in done.stdout, done.stderr
    assert done.stderr == "No audit entry was left: the database could not be used.\n"


@case(179, "the private key at rest")
def test_case_179_a_key_is_encrypted_and_ours_alone(tmp_path: Path) -> None:
    path = keys.make_key(tmp_path, _SECRET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert keys.signing_key(tmp_path, _SECRET).thumbprint().startswith(path.stem[-8:])
    with pytest.raises(Unusable, match="LTI_TOOL_SECRET_KEY"):
        keys.signing_key(tmp_path, "another secret, also longer than thirty-two characters")


@case(179, "the private key at rest")
def test_case_179_plain_keys_of_earlier_releases_are_read(tmp_path: Path) -> None:
    plain = keys.make_key(tmp_path)
    sealed = keys.make_key(tmp_path, _SECRET, after=timedelta(hours=1))
    assert b"BEGIN PRIVATE KEY" in plain.read_bytes()
    assert {one.path for one in keys.list_keys(tmp_path, _SECRET)} == {plain, sealed}
    with pytest.raises(Conflict, match="signs now"):
        keys.retire(tmp_path, _SECRET, keys.key_id(keys.signing_key(tmp_path, _SECRET)))
    with pytest.raises(NotFound):
        keys.retire(tmp_path, _SECRET, "short")


@case(179, "the private key at rest")
def test_case_179_the_doctor_finds_keys_that_others_may_read(tmp_path: Path) -> None:
    tool = RunningTool(tmp_path)
    tool.must("db", "upgrade")
    (path,) = Path(tool.settings["KEYS_DIR"]).glob("*.pem")
    path.chmod(0o644)
    found = tool.command("doctor")
    assert found.returncode == 1 and f"chmod go= {path}" in found.stdout
    assert "PRIVATE KEY" not in found.stdout + found.stderr
    path.write_text("-----BEGIN PRIVATE KEY-----\nno key\n-----END PRIVATE KEY-----\n")
    for arguments in (("doctor",), ("keys", "list"), ("doctor", "--json")):
        answer = tool.command(*arguments)
        assert answer.returncode == 1 and "Traceback" not in answer.stderr
        assert "is no private key" in answer.stdout + answer.stderr
