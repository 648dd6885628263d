"""The participant's pages for a commentary from Word: bring in, look through, replace, remove.

The file is never kept. Where it seems to name somebody it travels in the page until the person has
said what to do, as a spreadsheet does (decision 0003), so that no name is ever stored.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import words_said
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.prose import text_of, under
from lti_tool.activities.provision_map_audit.word_counts import words_of
from lti_tool.activities.provision_map_audit.written.commentary import (
    clean_file_name,
    read_commentary,
    with_words_removed,
)
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, Sentence, Unusable
from lti_tool.papers.word_guard import LARGEST_FILE
from lti_tool.privacy.posted import REMOVED, Doubt, doubts_of
from lti_tool.privacy.prose import Found, find_in_prose
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

notices.register(
    commentary_in=("success", "Your commentary is brought in. Read it through below."),
    commentary_gone=("success", "The commentary is removed. Earlier drafts keep it."),
)
_NO_FILE = "Choose the Word document (.docx) with your commentary."


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file that seems to name somebody, on its way in the page."""

    file_name: str
    file_data: str
    doubts: tuple[Doubt, ...]


def _commentary_page(
    bench: workbench.Workbench,
    *,
    asked: _Asked | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    commentary = bench.document["commentary"]
    return page(
        "commentary.html",
        bench,
        commentary=commentary,
        shown=under(commentary["html"], 3) if commentary else None,
        words=words_said(words_of(commentary)),
        added=_added(commentary),
        asked=asked,
        errors=[("file" if not asked else None, sentence)] if sentence else [],
        has_errors=bool(sentence),
        sentence=sentence,
    ), status


def _added(commentary: dict[str, Any] | None) -> str:
    if not commentary:
        return ""
    return clock.day_and_time(datetime.fromisoformat(commentary["added_at"]))


def commentary(handle: str) -> ResponseReturnValue:
    """The commentary as it was brought in, and the form for another."""
    return _commentary_page(workbench.open_workbench())


def _decision(one: Found) -> str:
    """What the person said of a finding, alone or together with a longer one: keep, leave-out."""
    for name, value in request.form.items():
        if name.startswith("about-") and one.clear_key in name.removeprefix("about-").split("|"):
            return value
    return ""


def _decided(
    made: dict[str, Any], bench: workbench.Workbench
) -> tuple[dict[str, Any], list[Found], set[str]]:
    """The commentary as the person decided, what is still in doubt, and what is no child."""
    known = documents.not_a_child(bench.document)
    found = find_in_prose(text_of(made["html"]), bench.words, known)
    cleared = set()
    for one in sorted(found, key=lambda one: -len(one.text)):
        decision = _decision(one)
        if decision == "keep" and one.can_clear:
            cleared.add(one.clear_key)
        elif decision == "leave-out":
            made = with_words_removed(made, one.text, REMOVED)
    if find_in_prose(made["file_name"], bench.words, known | cleared):
        made = {**made, "file_name": "commentary.docx"}
    return made, find_in_prose(text_of(made["html"]), bench.words, known | cleared), cleared


def bring_in_commentary(handle: str) -> ResponseReturnValue:
    """Read a Word document; keep it once nobody is named in it."""
    bench = workbench.open_workbench()
    file = request.files.get("file")
    name = (file.filename if file else "") or request.form.get("file_name", "")
    try:
        data = posted_file(LARGEST_FILE, _NO_FILE)
        made, found, cleared = _decided(read_commentary(data, name), bench)
        if found:
            asked = _Asked(clean_file_name(name), base64.b64encode(data).decode(), doubts_of(found))
            return _commentary_page(bench, asked=asked, status=422)
        document = documents.with_not_a_child({**bench.document, "commentary": made}, cleared)
        revision = workbench.posted_revision(request.form.get("revision", ""))
        keep = "before another commentary was brought in" if bench.document["commentary"] else None
        workbench.save(bench, document, revision, keep=keep)
    except Unusable as error:
        return _commentary_page(bench, sentence=error.sentence, status=422)
    except Conflict as error:
        return _commentary_page(bench, sentence=error.sentence, status=409)
    here = url_for("provision_map_audit.commentary", handle=handle, done="commentary-in")
    return redirect(here, 303)


def remove_commentary(handle: str) -> ResponseReturnValue:
    """Take the commentary out of the work; an earlier draft keeps it."""
    bench = workbench.open_workbench()
    revision = workbench.posted_revision(request.form.get("revision", ""))
    try:
        workbench.save(
            bench,
            {**bench.document, "commentary": None},
            revision,
            keep="before the commentary was removed",
        )
    except Sentence as error:
        return _commentary_page(bench, sentence=error.sentence, status=409)
    here = url_for("provision_map_audit.commentary", handle=handle, done="commentary-gone")
    return redirect(here, 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/writing/commentary")(may(commentary))
    blueprint.post("/writing/commentary")(may(bring_in_commentary))
    blueprint.post("/writing/commentary/remove")(may(remove_commentary))
