"""Assignment and Grade Services as Moodle answers them (LTI-AGS 2.0).

HTTP shapes only: how a score is read is in score_reading.py, what it does to a
grade in gradebook.py. Quirks are kept on purpose; a comment marks each that a
reader might take for a mistake.
"""

import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, request

from lti_tool.demo_platform.claims import (
    SCOPE_LINEITEM,
    SCOPE_LINEITEM_READONLY,
    SCOPE_RESULT_READONLY,
    SCOPE_SCORE,
)
from lti_tool.demo_platform.faults import (
    moodle_error_page,
    planned_fault,
    service_error,
    status_line,
)
from lti_tool.demo_platform.gradebook import Grade, LineItem, LockedItem, StaleScore
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.score_reading import as_number, read_object, read_score
from lti_tool.demo_platform.services import (
    answer_json,
    moodle_number,
    need_accept,
    need_content_type,
    need_course,
    need_token,
    read_count,
)

blueprint = Blueprint("ags", __name__, url_prefix="/mod/lti/services")
LINEITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINEITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
_ONE = "/<course_id>/lineitems/<int:item_id>/lineitem"


@blueprint.before_request
def fault_on_purpose() -> Response | None:
    return planned_fault("next_")


@blueprint.after_request
def record_and_dawdle(response: Response) -> Response:
    """Notes every answer; a slow score has been taken by the time it is slow."""
    platform = get_platform()
    details = {
        "method": request.method,
        "url": request.full_path.rstrip("?"),
        "status": response.status_code,
    }
    if request.endpoint == "ags.post_score":
        reason = response.status.partition(" ")[2]
        platform.store.record(
            "score",
            platform.now,
            **details,
            reason=reason,
            line_item_id=(request.view_args or {}).get("item_id"),
            body=read_object(request.get_data(as_text=True)),
        )
        time.sleep(platform.switches.get("slow_score_s"))
    else:
        platform.store.record("service", platform.now, **details)
    return response


def _need_item(course_id: str, item_id: int) -> LineItem:
    course = need_course(course_id)
    item = get_platform().gradebook.find_item(course.id, item_id)
    if item is None:
        abort(service_error(404, f"Not Found: Grade item {item_id} doesn't exist"))
    return item


def _item_url(item: LineItem) -> str:
    return get_platform().addresses.lineitem(item.course_id, item.id)


def _item_body(item: LineItem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": _item_url(item),
        "label": item.label,
        "scoreMaximum": moodle_number(item.maximum),
        "resourceId": item.resource_id,
        "tag": item.tag,
    }
    if item.resource_link_id is not None:
        body |= {"resourceLinkId": item.resource_link_id, "ltiLinkId": item.resource_link_id}
    return body


# line items


@blueprint.get("/<course_id>/lineitems")
def list_lineitems(course_id: str) -> Response:
    need_accept(LINEITEMS, anything=False)
    need_token(SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY, type_id=request.args.get("type_id"))
    course = need_course(course_id)
    filters = {
        name: request.args.get(name) or None for name in ("resource_link_id", "resource_id", "tag")
    }
    items = get_platform().gradebook.list_items(course.id, **filters)
    limit, start = read_count("limit"), read_count("from") or 0
    page = items[start : start + limit] if limit else items
    response = answer_json([_item_body(item) for item in page], LINEITEMS)
    if limit:
        response.headers["Link"] = _curly_links(course_id, limit, start, len(items))
    return response


def _curly_links(course_id: str, limit: int, start: int, total: int) -> str:
    """Moodle's own Link header: curly quotes and &amp; that no parser expects."""
    base = get_platform().addresses.lineitems(course_id)
    last = max(0, (total - 1) // limit * limit)
    places = {"first": 0, "canonical": start}
    if start + limit < total:
        places["next"] = start + limit
    places["last"] = last
    links = ", ".join(
        f"<{base}&amp;limit={limit}&amp;from={place}>; rel=\u201c{name}\u201d"
        for name, place in places.items()
    )
    return links.encode().decode("latin-1")


def _read_lineitem(course_id: str, missing: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The posted body and the values to store; refused when label or maximum is missing."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict) or "label" not in body or "scoreMaximum" not in body:
        abort(service_error(400, missing))
    maximum = as_number(body["scoreMaximum"])
    if maximum is None:
        abort(service_error(400, missing))
    link_id = body.get("resourceLinkId") or body.get("ltiLinkId")
    link = get_platform().courses.find_link(str(link_id)) if link_id is not None else None
    if link_id is not None and (link is None or link.course_id != course_id):
        abort(service_error(403, "Forbidden"))
    values = {
        "label": str(body["label"]),
        "maximum": maximum,
        "resource_id": str(body.get("resourceId") or ""),
        "tag": str(body.get("tag") or ""),
        "resource_link_id": None if link is None else link.id,
    }
    return body, values


@blueprint.post("/<course_id>/lineitems")
def create_lineitem(course_id: str) -> Response:
    """Always makes a new column: Moodle sees no duplicates."""
    need_content_type(LINEITEM)
    need_token(SCOPE_LINEITEM, type_id=request.args.get("type_id"))
    course = need_course(course_id)
    body, values = _read_lineitem(course.id, "No label or Score Maximum")
    item = get_platform().gradebook.add_item(course.id, values)
    return answer_json({**body, "id": _item_url(item)}, LINEITEM, 201)


@blueprint.get(_ONE)
def get_lineitem(course_id: str, item_id: int) -> Response:
    need_accept(LINEITEM)
    need_token(SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY, type_id=request.args.get("type_id"))
    return answer_json(_item_body(_need_item(course_id, item_id)), LINEITEM)


@blueprint.put(_ONE)
def put_lineitem(course_id: str, item_id: int) -> Response:
    """Replaces: what is left out is blanked, and the link with it."""
    need_content_type(LINEITEM)
    need_token(SCOPE_LINEITEM, type_id=request.args.get("type_id"))
    item = _need_item(course_id, item_id)
    body, values = _read_lineitem(course_id, "Bad Request")
    platform = get_platform()
    platform.gradebook.replace_item(item, values, platform.now)
    return answer_json({**body, "id": _item_url(item)}, LINEITEM)


@blueprint.delete(_ONE)
def delete_lineitem(course_id: str, item_id: int) -> Response:
    need_token(SCOPE_LINEITEM, type_id=request.args.get("type_id"))
    get_platform().gradebook.delete_item(_need_item(course_id, item_id))
    return Response(status=204, content_type="text/html; charset=utf-8")


@blueprint.route(_ONE, methods=["POST"])
def wrong_door(course_id: str, item_id: int) -> Response:
    """Where a client lands that puts /scores behind the query."""
    need_content_type(LINEITEM)
    return service_error(405, "Method Not Allowed")


# scores


@blueprint.post(f"{_ONE}/scores")
def post_score(course_id: str, item_id: int) -> Response:
    need_content_type(SCORE)
    need_token(SCOPE_SCORE, type_id=request.args.get("type_id"))
    item = _need_item(course_id, item_id)
    text = request.get_data(as_text=True)
    score = read_score(text, item)
    if score is None:
        return _score_answer(400, f"Incorrect score received{text}")
    platform = get_platform()
    try:
        platform.gradebook.take_score(item, score, bool(platform.switches.get("lock_all")))
    except StaleScore:
        return _score_answer(
            409,
            f"Refusing score with an earlier timestamp for item {item.id} and user {score.user_id}",
        )
    except LockedItem:
        return _score_answer(500, "Internal Server Error")
    return _score_answer(200, "OK", "")


@blueprint.get(f"{_ONE}/scores")
def get_scores(course_id: str, item_id: int) -> Response:
    return service_error(405, "Method Not Allowed")


def _score_answer(status: int, reason: str, body: str = "[]") -> Response:
    """Moodle's reason is in the status line; the body says nothing."""
    return Response(body, status_line(status, reason), content_type=f"{SCORE}; charset=utf-8")


# results


@blueprint.get(f"{_ONE}/results")
def get_results(course_id: str, item_id: int) -> Response:
    need_accept(RESULTS)
    need_token(SCOPE_RESULT_READONLY, type_id=request.args.get("type_id"))
    item = _need_item(course_id, item_id)
    if "limit" in request.args:
        # A fault of Moodle's: any limit here ends in an error page.
        return moodle_error_page("Exception - Unsupported operand types")
    user_id = request.args.get("user_id")
    grades = get_platform().gradebook.list_grades(item)
    return answer_json(
        [_result_body(item, g) for g in grades if user_id in (None, g.user_id)], RESULTS
    )


def _result_body(item: LineItem, grade: Grade) -> dict[str, Any]:
    addresses = get_platform().addresses
    body: dict[str, Any] = {
        "id": addresses.results(item.course_id, item.id, grade.user_id),
        "userId": grade.user_id,
    }
    # A final grade of 0 looks like none at all, unless the switch shows it.
    if grade.final is None or (
        grade.final == 0 and not get_platform().switches.get("show_zero_results")
    ):
        return body
    body |= {
        "resultScore": moodle_number(grade.final),
        "resultMaximum": moodle_number(item.maximum),
    }
    if grade.feedback:
        body["comment"] = grade.feedback
    at = datetime.fromtimestamp(grade.modified_at, UTC).isoformat()
    return body | {"scoreOf": _item_url(item), "timestamp": at}
