"""An application in this process, and people who visit it as if they had launched.

A visit is begun by the launch's own operation from a ready-made message, so only the signature
is skipped; the conformance tests see to that.
"""

import atexit
import re
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from lti_tool.app import create_app
from lti_tool.db import Database, migrate
from lti_tool.launch.operations import enter
from lti_tool.lti.keys import ensure_key
from lti_tool.lti.messages import AgsEndpoint, LaunchMessage
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.lti.vocabulary import RESOURCE_LINK_REQUEST, SCOPE_LINE_ITEM, SCOPE_SCORE
from lti_tool.settings import Settings, load_settings
from tests.support.compiled import share_templates

ISSUER = "https://moodle.example"
_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
_REVISION = re.compile(r'name="revision" value="(\d+)"')


def make_settings(folder: Path, **more: str) -> Settings:
    """Settings of a tool that lives below `folder`."""
    return load_settings(
        {
            "LTI_TOOL_BASE_URL": "https://tool.example",
            "LTI_TOOL_SECRET_KEY": "a secret of more than thirty-two characters",
            "LTI_TOOL_INSTANCE_DIR": str(folder / "instance"),
            "LTI_TOOL_KEYS_DIR": str(folder / "keys"),
            "LTI_TOOL_ALLOW_PRIVATE_PLATFORMS": "1",
            **more,
        }
    )


@dataclass
class Visitor:
    """Somebody with a visit: asks for pages and sends forms as a browser would."""

    client: FlaskClient
    handle: str
    secret: str
    csrf_token: str = ""
    revision: str = "0"

    def url(self, path: str) -> str:
        """An address within the visit."""
        return f"/v/{self.handle}/{path}"

    def _note(self, answer: TestResponse) -> TestResponse:
        text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        token, revision = _TOKEN.search(text), _REVISION.search(text)
        self.csrf_token = token.group(1) if token else self.csrf_token
        self.revision = revision.group(1) if revision else self.revision
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        """A page of the visit."""
        return self._note(self.client.get(self.url(path), **self._options(options)))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """A form of the visit, with its token and the revision last seen."""
        form = {"csrf_token": self.csrf_token, "revision": self.revision, **(data or {})}
        return self._note(self.client.post(self.url(path), data=form, **self._options(options)))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        headers = {"Cookie": f"visit={self.secret}", **options.pop("headers", {})}
        return {"headers": headers, "base_url": "https://tool.example", **options}


@dataclass
class World:
    """The application with one platform, and a way to let people in."""

    app: Flask
    database: Database
    settings: Settings
    registration_id: int
    message: LaunchMessage
    visitors: list[Visitor] = field(default_factory=list)

    def let_in(self, sub: str, role: str, **changes: Any) -> Visitor:
        """Begin a visit.

        :param role: participant, tutor, admin, several with spaces, or empty for none.
        :param changes: fields of the launch message that differ.
        """
        names = {"name": f"Person {sub}"} if "name" not in changes else {}
        message = replace(self.message, sub=sub, roles=frozenset(role.split()), **names, **changes)
        with self.database.write() as session:
            entered = enter(session, self.settings.config_dir, message)
        visitor = Visitor(self.app.test_client(use_cookies=False), entered.handle, entered.secret)
        first = visitor.get("")
        if first.status_code == 303:
            visitor.get(first.headers["Location"].removeprefix(visitor.url("")))
        return visitor


@cache
def _template() -> Path:
    """A folder with a migrated database and a signing key, made once in a process: migrations
    and keys have tests of their own."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = make_settings(folder)
    settings.instance_dir.mkdir(parents=True)
    database = Database(settings.database_url)
    migrate.upgrade(database)
    database.engine.dispose()
    ensure_key(settings.keys_dir, settings.secret_key)
    return folder


def migrated_file() -> Path:
    """An empty migrated SQLite file, to copy."""
    return next((_template() / "instance").glob("*.sqlite"))


def begin_from_template(settings: Settings, *, with_database: bool = True) -> None:
    """A signing key and an empty migrated SQLite database, where there are none yet."""
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    if not any(settings.keys_dir.glob("*")):
        shutil.copytree(_template() / "keys", settings.keys_dir, dirs_exist_ok=True)
    there = Path(str(make_url(settings.database_url).database))
    if with_database and not there.exists():
        shutil.copy(migrated_file(), there)


def make_world(folder: Path, database: Database | None = None, **more: str) -> World:
    """A fresh application on SQLite, or on `database`, with one platform registered.

    :param database: empty; migrated here where it is not yet.
    :param more: settings that differ.
    """
    settings = make_settings(folder, **more)
    begin_from_template(settings, with_database=database is None)
    if database is None:
        database = Database(settings.database_url)
    if not migrate.is_current(database):
        migrate.upgrade(database)
    app = create_app(settings, database)
    share_templates(app)
    values = RegistrationValues(
        name="Moodle",
        issuer=ISSUER,
        client_id="client",
        deployment_ids=("1",),
        auth_login_url=f"{ISSUER}/mod/lti/auth.php",
        auth_token_url=f"{ISSUER}/mod/lti/token.php",
        jwks_url=f"{ISSUER}/mod/lti/certs.php",
    )
    with database.write() as session:
        registration_id, _ = add_registration(session, settings, values)
    message = LaunchMessage(
        registration_id=registration_id,
        platform_id=1,
        deployment_id=1,
        message_type=RESOURCE_LINK_REQUEST,
        sub="",
        name=None,
        given_name=None,
        family_name=None,
        email=None,
        roles=frozenset(),
        context_id="2",
        context_title="Module 1",
        context_label="M1",
        context_history="",
        resource_link_id="1",
        resource_link_title="Provision-map audit",
        custom={"activity": "provision-map-audit"},
        ags=AgsEndpoint(
            f"{ISSUER}/lineitems?type_id=1",
            f"{ISSUER}/lineitems/3/lineitem?type_id=1",
            (SCOPE_LINE_ITEM, SCOPE_SCORE),
        ),
        return_url=f"{ISSUER}/return?sesskey=abc",
    )
    return World(app, database, settings, registration_id, message)


def words_of(html: str) -> str:
    """What stands between the tags of a page or of a piece of it, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def numbers_read(page: str) -> set[str]:
    """The numbers a reader meets on a page, but for times of day: "14:59" is no mark of 59."""
    return set(re.findall(r"(?<!\w)(?<!\d:)\d+(?!\w|:\d)", words_of(page)))
