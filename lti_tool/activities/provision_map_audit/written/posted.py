"""Saving what a page of writing posted, as far as it may be.

What is held back and why is `lti_tool/privacy/posted.py`'s; here it meets the work in hand. A field
that no database keeps stops the whole post, as everywhere. See decision 0027.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import get_template_attribute, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.privacy.posted import Posted, wants_json

Errors = list[tuple[str | None, str]]
Show = Callable[[workbench.Workbench, Errors, int], ResponseReturnValue]


def keep(
    bench: workbench.Workbench,
    document: documents.Document,
    posted: Posted,
    show: Show,
    then: str | None = None,
) -> ResponseReturnValue:
    """Save what may be saved, and answer the script or the person.

    :param show: draws the page as typed, with errors and a status.
    :param then: where to go when everything was saved; the page itself where left out.
    """
    errors: Errors = [(name, held.sentence) for name, held in posted.held.items()]
    if any(not held.found for held in posted.held.values()):
        if wants_json():
            return jsonify(
                sentence=next(one.sentence for one in posted.held.values() if not one.found)
            ), 422
        return show(bench, errors, 422)
    revision = workbench.posted_revision(request.form.get("revision", ""))
    try:
        saved = workbench.save(bench, _with_cleared(posted, document), revision)
    except Conflict as error:
        if wants_json():
            return jsonify(sentence=error.sentence), 409
        return show(bench, [(None, error.sentence)], 409)
    if wants_json():
        return _answer(posted, saved)
    if posted.held:
        work = replace(bench.work, document=_with_cleared(posted, document), revision=saved)
        # 200: the other fields are saved, and an answer of 4xx has changed nothing.
        return show(replace(bench, work=work), errors, 200)
    return redirect(then or f"{request.path}?done=saved", 303)


def _with_cleared(posted: Posted, document: documents.Document) -> documents.Document:
    """The document, remembering what the person said is not a child."""
    if not posted.cleared:
        return document
    return documents.with_not_a_child(document, posted.cleared)


def _answer(posted: Posted, saved: int) -> ResponseReturnValue:
    notice = get_template_attribute("web/held.html", "held_notice")
    return jsonify(
        revision=saved,
        saved_at_label=clock.time_of_day(clock.now()),
        held={name: str(notice(name, one)) for name, one in posted.held.items()},
        held_sentence=" ".join(one.sentence for one in posted.held.values()),
    )
