"""The "Manage tools" page: add a tool by its link, activate it, remove it.

As in Moodle, the tool's page stands in a frame that closes when the tool says so, the tool is
pending until it is activated, and the same host again asks whether to update.
"""

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.registration import REGISTER, UPDATE, make_token
from lti_tool.demo_platform.tools import (
    ACTIVE,
    default_tool,
    delete_tool,
    find_registered_at,
    find_tool_by_id,
    list_registered,
    list_tools,
    new_client_id,
    save_tool,
)
from lti_tool.demo_platform.visitors import need_sesskey, need_staff

blueprint = Blueprint("manage_tools", __name__)


def _origin(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or ";" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc}"


@blueprint.get("/manage-tools")
def manage_tools() -> str | Response:
    """Tools as cards, the field "Tool URL", and the frame of a tool that is being added."""
    need_staff()
    url = request.args.get("url", "").strip()
    origin = _origin(url) if url else None
    if url and origin is None:
        return moodle_error_page("The tool URL is no web address.")
    there = find_registered_at(url) if url else None
    choice = request.args.get("choice") or (None if there else "new")
    if origin is not None:
        g.tool_origins = (origin,)
    return render_template(
        "demo_platform/manage_tools.html",
        tools=list_tools(),
        default_id=default_tool().id,
        url=url,
        origin=origin,
        there=there,
        choice=choice,
        start="/mod/lti/start-registration?" + urlencode({"url": url, "choice": choice or ""}),
    )


@blueprint.get("/mod/lti/start-registration")
def start_registration() -> Response:
    """Sends the frame to the tool with our configuration's address and a fresh token."""
    need_staff()
    url = request.args.get("url", "")
    origin = _origin(url)
    if origin is None:
        return moodle_error_page("The tool URL is no web address.")
    there = find_registered_at(url) if request.args.get("choice") == "update" else None
    token = make_token(there.client_id, UPDATE) if there else make_token(new_client_id(), REGISTER)
    query = urlencode(
        {
            "openid_configuration": f"{get_platform().platform_url}/mod/lti/openid-configuration",
            "registration_token": token,
        }
    )
    return make_response(redirect(url + ("&" if "?" in url else "?") + query, 303))


@blueprint.post("/manage-tools/<tool_id>")
def change_tool(tool_id: str) -> Response:
    """Activates or removes a registered tool."""
    session, _ = need_staff()
    need_sesskey(session)
    tool = find_tool_by_id(tool_id)
    if tool is None or tool not in list_registered():
        return moodle_error_page("There is no such tool.")
    if request.form.get("do") == "delete":
        delete_tool(tool.id)
    else:
        save_tool(replace(tool, state=ACTIVE))
    return make_response(redirect("/manage-tools", 303))
