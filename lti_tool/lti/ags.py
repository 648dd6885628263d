"""Step 7 of a grade: one call to the Assignment and Grade Services (AGS 2.0).

One HTTP call with a time limit, no transaction open. What an answer means for a delivery is
decided in `gradebook/verdicts.py`; here it only becomes a value or a `ServiceFailed`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import origin, with_query
from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.services import ask
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Score:
    """What is sent for one person (AGS 2.0, 3.4). Always FullyGraded: anything else would
    wipe the grade that stands on Moodle."""

    user_id: str
    scored_at: datetime
    given: Decimal
    maximum: Decimal
    comment: str
    submitted_at: datetime | None

    def as_json(self) -> bytes:
        """The request body, with the timestamp in UTC and parts of a second (AGS 2.0, 3.4.9)."""
        body: dict[str, Any] = {
            "userId": self.user_id,
            "timestamp": _timestamp(self.scored_at),
            "scoreGiven": _number(self.given),
            "scoreMaximum": _number(self.maximum),
            "activityProgress": v.ACTIVITY_COMPLETED,
            "gradingProgress": v.GRADING_FULLY_GRADED,
            "comment": self.comment,
        }
        if self.submitted_at is not None:
            body["submission"] = {"submittedAt": _timestamp(self.submitted_at)}
        return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Result:
    """What the platform shows for one person (AGS 2.0, 3.3); no score where it shows none."""

    score: Decimal | None
    maximum: Decimal | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LineItemFound:
    """A column as the platform describes it (AGS 2.0, 3.2)."""

    url: str
    resource_id: str | None
    resource_link_id: str | None


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+00:00"


def _number(value: Decimal) -> int | float:
    """The shortest JSON number that reads back as the same decimal."""
    return int(value) if value == value.to_integral_value() else float(value)


def below(url: str, part: str) -> str:
    """An address with `part` added to its path, before any query (Moodle's `?type_id=`)."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/" + part))


def send_score(
    database: Database, settings: Settings, registration: AnyRow, line_item_url: str, score: Score
) -> Answer:
    """Post one score. The answer is returned whatever its status.

    :raises ServiceFailed: no token, or no whole answer.
    """
    return ask(
        database,
        settings,
        registration,
        v.SCOPE_SCORE,
        "POST",
        below(line_item_url, "scores"),
        {"Content-Type": v.MEDIA_SCORE},
        score.as_json(),
    )


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def read_result(
    database: Database, settings: Settings, registration: AnyRow, line_item_url: str, user_id: str
) -> Result | None:
    """What the platform shows for one person, or None where it has nothing for them.

    Asks without `limit`, on which Moodle fails.

    :raises ServiceFailed: the results could not be read.
    """
    answer = ask(
        database,
        settings,
        registration,
        v.SCOPE_RESULT_READONLY,
        "GET",
        with_query(below(line_item_url, "results"), user_id=user_id),
        {"Accept": v.MEDIA_RESULTS},
    )
    if answer.status != 200:
        raise ServiceFailed("results_unreadable", answer.status, answer.retry_after)
    found = answer.json()
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, dict) and entry.get("userId") == user_id:
            return Result(
                _decimal(entry.get("resultScore")),
                _decimal(entry.get("resultMaximum")),
                _moment(entry.get("timestamp")),
            )
    return None


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
            "scoreMaximum": _number(maximum),
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
