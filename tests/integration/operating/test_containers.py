"""docker-compose.yml: against the Compose schema and our own rules, and its commands by hand.

Where there is no container engine the same processes are begun by the same commands: migrations,
two web processes, a worker, PostgreSQL, and nginx with TLS by the configuration that is shipped.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool.settings import PREFIX, load_settings
from tests.support.browser import Browser
from tests.support.door import STUDENT_VIEW, Door
from tests.support.nginx import ensure_nginx
from tests.support.platform import Platform, serve_platforms
from tests.support.postgres import new_database
from tests.support.running_tool import RunningTool, free_port

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
_READY_WITHIN_S = 60
_DEMO = {"LTI_TOOL_DEMO": "1"}
_BY_COMPOSE = (
    *["SECRET_KEY", "OIDC_CLIENT_SECRET"],  # secrets, which come by file
    *["DATABASE_URL", "QUEUE_URL", "TRUSTED_PROXIES"],  # as the file's own services are
    *["KEYS_DIR", "CONFIG_DIR", "INSTANCE_DIR"],  # as the image has them
    *["DEMO", "ALLOW_HTTP"],  # never in real use
)
"""Settings that are not the operator's where containers run."""


def _left_out(value: str) -> str:
    """What Compose puts there where `.env` says nothing."""
    return re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value)


def test_the_file_keeps_to_the_compose_schema(tmp_path: Path) -> None:
    right, wrong = ROOT / "docker-compose.yml", tmp_path / "wrong.yml"
    wrong.write_text(yaml.safe_dump({**COMPOSE, "services": {"web": {"comand": "x"}}}))
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "-o", "JSON"]
    done = subprocess.run([sys.executable, *command, right, wrong], capture_output=True)
    said = json.loads(done.stdout)
    assert done.returncode != 0 and said["parse_errors"] == []
    assert {one["filename"] for one in said["errors"]} == {str(wrong)}


def test_no_service_runs_as_root_or_writes_to_its_root() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["user"].split(":")[0] not in ("root", "0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or name in ("migrate", "demo"), name
        assert ":latest" not in service["image"], name
    assert {name for name, one in SERVICES.items() if "profiles" in one} == {"demo"}
    assert {name for name, one in SERVICES.items() if "ports" in one} == {"proxy"}
    assert COMPOSE["networks"]["data"]["internal"] is True


def test_secrets_come_by_file_and_every_setting_is_one(tmp_path: Path) -> None:
    environment = SERVICES["web"]["environment"]
    for name, value in environment.items():
        assert not re.search(r"(PASSWORD|SECRET)", name) or name.endswith("_FILE"), name
        assert not name.endswith("_FILE") or value.startswith("/run/secrets/"), name
    for service in SERVICES.values():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    for one in COMPOSE["secrets"].values():
        assert set(one) == {"file"}
        inside = one["file"].removeprefix("./")
        assert subprocess.run(["git", "check-ignore", "-q", inside], cwd=ROOT).returncode == 0
    fields = set(load_settings({"LTI_TOOL_DEMO": "1"}).__slots__)
    for name in environment:
        plain = name.removeprefix(PREFIX).removesuffix("_FILE").lower()
        assert plain in fields | {"database_password"}, name


def test_a_setting_that_is_not_in_the_env_file_has_its_default() -> None:
    """Every setting that has a default, and is no secret, can be put there."""
    given = {
        name: value
        for name, value in SERVICES["web"]["environment"].items()
        if value.startswith(f"${{{name}:-")
    }
    of_ours = {f"{PREFIX}{name}" for name in _BY_COMPOSE}
    everything = {f"{PREFIX}{name.upper()}" for name in load_settings(_DEMO).__slots__}
    assert set(given) == everything - of_ours
    empty = {name: _left_out(value) for name, value in given.items()}
    least = {f"{PREFIX}SECRET_KEY": "x" * 40}
    with_base = {**least, f"{PREFIX}BASE_URL": "https://localhost"}
    assert load_settings({**least, **empty}) == load_settings(with_base)


def test_the_configuration_of_the_checkout_is_read_and_no_secret_with_it() -> None:
    mounted = {
        one.split(":")[0].removeprefix("./config/")
        for one in SERVICES["web"]["volumes"]
        if one.startswith("./config") and one.endswith(":ro")
    }
    ours = {path.name for path in (ROOT / "config").iterdir() if path.name != "secrets"}
    assert mounted == ours - {"Dockerfile", "nginx.conf", "README.md", "monitoring"}
    for one in SERVICES["web"]["volumes"]:
        source, inside = one.split(":")[:2]
        assert not source.startswith("./config") or inside == f"/etc/lti-tool/{source[2:]}"


def test_the_image_is_built_from_files_there_are() -> None:
    text = (ROOT / "config" / "Dockerfile").read_text()
    admitted = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists() and source.split("/")[0] in admitted, source
    assert "--require-hashes -r requirements/postgres.lock" in text
    assert re.search(r"^USER 10001", text, re.MULTILINE)
    names = r"^([a-z0-9-]+==[^ ]+)"
    run, postgres = (
        set(re.findall(names, (ROOT / "requirements" / lock).read_text(), re.MULTILINE))
        for lock in ("run.lock", "postgres.lock")
    )
    assert run < postgres, "the image has what `make setup` installs, and the database's driver"


def _make_certificate(folder: Path) -> None:
    """A key and a certificate for this machine's address, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls_certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "tls_key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class ByHand:
    """The services of docker-compose.yml as processes of this machine."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.secrets.mkdir()
        (self.secrets / "secret_key").write_text("k" * 40)
        (self.secrets / "database_password").write_text("not asked for on a socket")
        _make_certificate(self.secrets)
        self.web_port, self.plain_port, self.tls_port = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{self.tls_port}"
        self.certificate = str(self.secrets / "tls_certificate")
        self.tool = RunningTool(folder)
        self.tool.url = self.url
        self.tool.settings["DATABASE_URL"] = database_url
        self.tool.env = self._environment(database_url)

    def _environment(self, database_url: str) -> dict[str, str]:
        """The file's own settings, with this machine's addresses in place of the containers'."""
        given = dict(SERVICES["web"]["environment"])
        for name, value in given.items():
            given[name] = _left_out(value).replace("/run/secrets", str(self.secrets))
        given["LTI_TOOL_BASE_URL"] = self.url
        given["LTI_TOOL_DATABASE_URL"] = given["LTI_TOOL_QUEUE_URL"] = database_url
        given["LTI_TOOL_MAIL_URL"] = given["LTI_TOOL_MAIL_FROM"] = ""
        given["LTI_TOOL_ALLOW_PRIVATE_PLATFORMS"] = given["LTI_TOOL_ALLOW_HTTP"] = "1"  # the tests'
        given["LTI_TOOL_INSTANCE_DIR"] = str(self.folder / "instance")
        given["LTI_TOOL_KEYS_DIR"] = str(self.folder / "keys")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        return {**kept, **given, "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}

    def command(self, service: str, part: str = "command") -> list[str]:
        """A service's command as the file has it, on a port of ours."""
        words = SERVICES[service][part]
        words = words["test"][1:] if part == "healthcheck" else words
        return [word.replace("8080", str(self.web_port)) for word in words]

    def must(self, command: list[str]) -> None:
        """Run a command to its end."""
        done = subprocess.run(command, env=self.tool.env, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"

    @contextmanager
    def running(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A process for as long as the block runs; it must still be there at the end, and end
        well when told to."""
        with self.tool.log_path.open("ab") as log:
            process = subprocess.Popen(
                command, env=self.tool.env, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
            assert process.poll() is None, f"{command[:2]} ended:\n{self.tool.log_text()}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
        assert process.returncode in (0, -signal.SIGTERM), self.tool.log_text()

    def proxy_command(self) -> list[str]:
        """nginx by the shipped configuration."""
        text = (ROOT / "config" / "nginx.conf").read_text()
        for ours, here in (
            ("listen 8080;", f"listen 127.0.0.1:{self.plain_port};"),
            ("listen 8443 ssl;", f"listen 127.0.0.1:{self.tls_port} ssl;"),
            ("http://web:8080", f"http://127.0.0.1:{self.web_port}"),
            (" /tmp/", f" {self.folder}/"),
            ("/run/secrets/", f"{self.secrets}/"),
        ):
            assert ours in text, ours
            text = text.replace(ours, here)
        path = self.folder / "nginx.conf"
        path.write_text(text)
        (binary, *options) = SERVICES["proxy"]["command"]
        assert binary == "nginx"
        options[options.index("-c") + 1] = str(path)
        if os.geteuid() == 0:
            options[options.index("-g") + 1] += " user root;"
        return [ensure_nginx(), "-e", "/dev/stderr", *options]

    def ask(self, path: str, **options: Any) -> requests.Response:
        """Ask through the proxy."""
        return requests.get(
            self.url + path, verify=self.certificate, timeout=10, allow_redirects=False, **options
        )

    def wait_until_ready(self, processes: list[subprocess.Popen[bytes]]) -> None:
        """Until the tool says through the proxy that it can serve."""
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline and all(one.poll() is None for one in processes):
            try:
                if self.ask("/readyz").status_code == 200:
                    return
            except requests.RequestException:
                pass  # nginx or the web processes are not up yet
            time.sleep(0.1)
        raise AssertionError(f"not ready:\n{self.tool.log_text()}")


@pytest.fixture
def by_hand(tmp_path: Path, postgres_url: str) -> Iterator[ByHand]:
    """Everything running."""
    address = new_database(postgres_url).replace(":@", "@")
    services = ByHand(tmp_path, address)
    services.must(services.command("migrate"))
    with ExitStack() as stack:
        commands = services.command("web"), services.command("worker"), services.proxy_command()
        processes = [stack.enter_context(services.running(one)) for one in commands]
        services.wait_until_ready(processes)
        yield services


def test_the_same_processes_serve_a_launch_through_the_proxy(by_hand: ByHand) -> None:
    assert "2" in by_hand.command("web"), "two web processes"
    assert by_hand.ask("/healthz").json() == {"status": "ok"}
    by_hand.must(by_hand.command("web", "healthcheck"))
    by_hand.must(by_hand.command("worker", "healthcheck"))

    plain = f"http://127.0.0.1:{by_hand.plain_port}/lti/jwks.json"
    moved = requests.get(plain, allow_redirects=False, timeout=10)
    assert moved.status_code == 301 and moved.headers["Location"].startswith("https://127.0.0.1/")

    with serve_platforms() as server:
        platform = Platform(server, by_hand.url)
        by_hand.tool.register_quickly(platform.registration())
        door = Door(by_hand.tool, server, platform)
        browser = Browser(by_hand.url)
        browser.http.verify = by_hand.certificate
        page = door.enter(browser=browser)
        assert STUDENT_VIEW in page.text
        assert page.headers["Strict-Transport-Security"]
    odd = by_hand.ask("/healthz", headers={"X-Forwarded-Host": "not a host"})
    assert odd.status_code == 200, "what a client says of itself is overwritten"
    large = requests.post(
        f"{by_hand.url}/lti/launch",
        data=b"x" * (13 * 1024 * 1024),
        verify=by_hand.certificate,
        timeout=10,
    )
    assert large.status_code == 413
    by_hand.tool.check_log()
    assert shutil.which("lti-tool", path=by_hand.tool.env["PATH"])
