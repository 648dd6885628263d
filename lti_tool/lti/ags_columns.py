"""Columns of a platform's gradebook over the Assignment and Grade Services (AGS 2.0, 3.2).

Found, made, read and changed; each is one call with a time limit. A change is sent whole, since
what a PUT leaves out is blanked on Moodle, and the link with it.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import origin, with_query
from lti_tool.lti.ags import number_for_json
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.services import ask
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class LineItemFound:
    """A column as the platform describes it (AGS 2.0, 3.2)."""

    url: str
    resource_id: str | None
    resource_link_id: str | None


def _line_item(entry: Any, base: str) -> LineItemFound | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return None
    url = urljoin(base, entry["id"])
    if origin(url) != origin(base) or len(url) > 2000:
        return None
    link = entry.get("resourceLinkId")
    resource = entry.get("resourceId")
    return LineItemFound(
        url,
        resource if isinstance(resource, str) else None,
        str(link) if isinstance(link, str | int) else None,
    )


def list_line_items(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    line_items_url: str,
    scope: str,
    **wanted: str,
) -> list[LineItemFound]:
    """Columns of the context that match (AGS 2.0, 3.2.4): by resource_id or resource_link_id.

    :raises ServiceFailed: the columns could not be read.
    """
    answer = ask(
        database,
        settings,
        registration,
        scope,
        "GET",
        with_query(line_items_url, **wanted),
        {"Accept": v.MEDIA_LINE_ITEMS},
    )
    if answer.status != 200:
        raise ServiceFailed("columns_unreadable", answer.status, answer.retry_after)
    found = answer.json()
    entries = found if isinstance(found, list) else []
    return [item for entry in entries if (item := _line_item(entry, line_items_url))]


def make_line_item(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    line_items_url: str,
    *,
    label: str,
    maximum: Decimal,
    resource_id: str,
    resource_link_id: str | None,
) -> LineItemFound:
    """Make a column tied to the link it belongs to, if there is one (AGS 2.0, 3.2.5).

    :raises ServiceFailed: the platform did not make it.
    """
    body = json.dumps(
        {
            "label": label,
            "scoreMaximum": number_for_json(maximum),
            "resourceId": resource_id,
            "tag": "mark",
            **({} if resource_link_id is None else {"resourceLinkId": resource_link_id}),
        }
    ).encode()
    answer = ask(
        database,
        settings,
        registration,
        v.SCOPE_LINE_ITEM,
        "POST",
        line_items_url,
        {"Accept": v.MEDIA_LINE_ITEM, "Content-Type": v.MEDIA_LINE_ITEM},
        body,
    )
    if answer.status not in (200, 201):
        raise ServiceFailed("column_refused", answer.status, answer.retry_after)
    made = _line_item(answer.json(), line_items_url)
    if made is None:
        raise ServiceFailed("answer_unreadable", answer.status)
    return made


def change_line_item(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    line_item_url: str,
    *,
    label: str,
    maximum: Decimal,
) -> None:
    """Give a column another title or maximum, and leave all else as the platform has it: it is
    read first, only these two are changed, and the whole is sent back (AGS 2.0, 3.2.6).

    :raises ServiceFailed: it could not be read, or the platform did not take the change.
    """
    answer = ask(
        database,
        settings,
        registration,
        v.SCOPE_LINE_ITEM,
        "GET",
        line_item_url,
        {"Accept": v.MEDIA_LINE_ITEM},
    )
    if answer.status != 200 or answer.is_html:
        raise ServiceFailed("columns_unreadable", answer.status, answer.retry_after)
    there = answer.json()
    if not isinstance(there, dict):
        raise ServiceFailed("answer_unreadable", answer.status)
    body = {**there, "label": label, "scoreMaximum": number_for_json(maximum)}
    answer = ask(
        database,
        settings,
        registration,
        v.SCOPE_LINE_ITEM,
        "PUT",
        line_item_url,
        {"Accept": v.MEDIA_LINE_ITEM, "Content-Type": v.MEDIA_LINE_ITEM},
        json.dumps(body, ensure_ascii=False).encode(),
    )
    if not 200 <= answer.status < 300:
        raise ServiceFailed("column_refused", answer.status, answer.retry_after)
