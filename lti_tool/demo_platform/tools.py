"""The tools the platform knows: the demo's own, and those registered by link.

A tool's number is its deployment id, as in Moodle. Who may register is in registration.py;
pages are in manage_tools.py.
"""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lti_tool.demo_platform.claims import ALL_SCOPES, CLIENT_ID, DEPLOYMENT_ID
from lti_tool.demo_platform.platform import get_platform

PENDING = "pending"
ACTIVE = "active"
_FIRST_REGISTERED = 2


@dataclass(frozen=True)
class Tool:
    """One tool. Pending ones may not be launched."""

    id: str
    client_id: str
    name: str
    description: str
    state: str
    login_url: str
    redirect_urls: tuple[str, ...]
    target_url: str
    jwks_url: str
    domain: str
    scopes: tuple[str, ...]
    custom: dict[str, str]
    claims: tuple[str, ...]
    icon_url: str = ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.target_url)
        return f"{parts.scheme}://{parts.netloc}"


def default_tool() -> Tool:
    """The tool that the demo registers by hand."""
    platform = get_platform()
    return Tool(
        id=DEPLOYMENT_ID,
        client_id=CLIENT_ID,
        name="The demo’s tool",
        description="Registered by hand when the demo began.",
        state=ACTIVE,
        login_url=platform.tool_login_url,
        redirect_urls=(platform.tool_launch_url,),
        target_url=platform.tool_launch_url,
        jwks_url=platform.tool_jwks_url,
        domain=urlsplit(platform.tool_url).netloc,
        scopes=ALL_SCOPES,
        custom={},
        claims=("sub", "iss", "name", "family_name", "given_name", "email"),
    )


def _read(text: str) -> Tool:
    said: dict[str, Any] = json.loads(text)
    for name in ("redirect_urls", "scopes", "claims"):
        said[name] = tuple(said[name])
    return Tool(**said)


def list_registered() -> list[Tool]:
    """Tools registered by link, oldest first."""
    rows = get_platform().store.rows("SELECT details FROM tool ORDER BY id")
    return [_read(row["details"]) for row in rows]


def list_tools() -> list[Tool]:
    return [default_tool(), *list_registered()]


def find_tool(client_id: str | None) -> Tool | None:
    return next((tool for tool in list_tools() if tool.client_id == client_id), None)


def find_tool_by_id(tool_id: str | None) -> Tool | None:
    return next((tool for tool in list_tools() if tool.id == tool_id), None)


def find_registered_at(url: str) -> Tool | None:
    """A registered tool of the same host: Moodle then offers to update it."""
    return next((t for t in list_registered() if t.domain == urlsplit(url).netloc), None)


def save_tool(tool: Tool) -> Tool:
    """Keeps a tool; one without a number gets the next."""
    with get_platform().store.change() as db:
        if not tool.id:
            last = db.execute("SELECT max(id) FROM tool").fetchone()[0]
            tool = replace(tool, id=str(max(_FIRST_REGISTERED, (last or 0) + 1)))
        db.execute(
            "INSERT OR REPLACE INTO tool VALUES (?, ?)", (int(tool.id), json.dumps(asdict(tool)))
        )
    return tool


def delete_tool(tool_id: str) -> None:
    with get_platform().store.change() as db:
        db.execute("DELETE FROM tool WHERE id = ?", (tool_id,))


def new_client_id() -> str:
    return secrets.token_urlsafe(11).replace("-", "x").replace("_", "y")


def note_launch(launch_id: str, tool: Tool) -> None:
    """Remembers which tool a launch is for."""
    with get_platform().store.change() as db:
        db.execute("INSERT INTO launch_tool VALUES (?, ?)", (launch_id, tool.id))


def tool_of_launch(launch_id: str) -> Tool | None:
    row = get_platform().store.row("SELECT tool_id FROM launch_tool WHERE launch_id = ?", launch_id)
    return default_tool() if row is None else find_tool_by_id(row["tool_id"])
