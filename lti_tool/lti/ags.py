"""Step 7 of a grade: one call to the Assignment and Grade Services (AGS 2.0).

One HTTP call with a time limit, no transaction open. What an answer means for a delivery is
decided in `gradebook/verdicts.py`; here it only becomes a value or a `ServiceFailed`. Columns
have a module of their own, `ags_columns.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import with_query
from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.links import find_link, may_follow
from lti_tool.lti.services import ask
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Score:
    """What is sent for one person (AGS 2.0, 3.4). Always FullyGraded: anything else would
    wipe the grade that stands on Moodle, and is sent only where a tutor asked for just that."""

    user_id: str
    scored_at: datetime
    given: Decimal
    maximum: Decimal
    comment: str
    submitted_at: datetime | None
    clears: bool = False

    def as_json(self) -> bytes:
        """The request body, with the timestamp in UTC and parts of a second (AGS 2.0, 3.4.9)."""
        body: dict[str, Any] = {
            "userId": self.user_id,
            "timestamp": _timestamp(self.scored_at),
            "scoreGiven": number_for_json(self.given),
            "scoreMaximum": number_for_json(self.maximum),
            "activityProgress": v.ACTIVITY_COMPLETED,
            "gradingProgress": v.GRADING_FULLY_GRADED,
            "comment": self.comment,
        }
        if self.clears:
            del body["scoreGiven"], body["scoreMaximum"]
            body["gradingProgress"] = v.GRADING_NOT_READY
        if self.submitted_at is not None:
            body["submission"] = {"submittedAt": _timestamp(self.submitted_at)}
        return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Result:
    """What the platform shows for one person (AGS 2.0, 3.3); no score where it shows none."""

    score: Decimal | None
    maximum: Decimal | None
    at: datetime | None
    user_id: str = ""


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+00:00"


def number_for_json(value: Decimal) -> int | float:
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
    return next((one for one in _results(answer) if one.user_id == user_id), None)


def _results(answer: Answer) -> list[Result]:
    found = answer.json()
    return [
        Result(
            _decimal(entry.get("resultScore")),
            _decimal(entry.get("resultMaximum")),
            _moment(entry.get("timestamp")),
            entry["userId"],
        )
        for entry in (found if isinstance(found, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("userId"), str)
    ]


MOST_PAGES = 200
"""Of one column's results. Platforms that page at all send 50 or more on each."""


def read_results(
    database: Database, settings: Settings, registration: AnyRow, line_item_url: str
) -> Iterator[list[Result]]:
    """All that the platform shows in a column, page by page as it offers them (AGS 2.0, 3.3).

    Asks without `limit`, on which Moodle fails. A next link is followed as it stands, within
    the column's own origin only: the token goes nowhere else.

    :raises ServiceFailed: the results could not be read to their end.
    """
    url = first_url = below(line_item_url, "results")
    asked: set[str] = set()
    while True:
        asked.add(url)
        answer = ask(
            database,
            settings,
            registration,
            v.SCOPE_RESULT_READONLY,
            "GET",
            url,
            {"Accept": v.MEDIA_RESULTS},
        )
        if answer.status != 200 or answer.is_html:
            raise ServiceFailed("results_unreadable", answer.status, answer.retry_after)
        yield _results(answer)
        next_url = find_link(answer.headers.get("Link", ""), url, "next")
        if next_url is None:
            return
        if not may_follow(next_url, first_url, asked) or len(asked) >= MOST_PAGES:
            raise ServiceFailed("results_unreadable", answer.status)
        url = next_url
