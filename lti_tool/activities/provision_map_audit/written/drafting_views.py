"""What helps while writing: cleaning what is pasted, and seeing the text as it will look.

Nothing here is stored. The scripts of the page ask for it; without them the text is pasted plain,
and "See it all as your tutor will" shows the same.
"""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.prose import to_html
from lti_tool.activities.provision_map_audit.written import evidence, ledger
from lti_tool.activities.provision_map_audit.written.shown import written_of
from lti_tool.core.errors import Unusable
from lti_tool.web.forms import clean_text
from lti_tool.web.policy import who_may

LONGEST_SHOWN = 40_000


def pasted(handle: str) -> ResponseReturnValue:
    """HTML from the clipboard as light markup."""
    # What takes markup to pieces weighs 5 MB and a tenth of a start: only where somebody pastes.
    from lti_tool.activities.provision_map_audit.written.pasted import to_markup

    try:
        text = clean_text(to_markup(request.form.get("html", "")))
    except Unusable as error:
        return jsonify(sentence=error.sentence), 422
    except (ValueError, RecursionError):
        return jsonify(sentence="This could not be read, so it was pasted as plain text."), 422
    return jsonify(text=text)


def shown(handle: str) -> ResponseReturnValue:
    """Light markup as it will look, below a heading of the page."""
    return jsonify(html=str(to_html(request.form.get("text", "")[:LONGEST_SHOWN], 4)))


def look(handle: str) -> ResponseReturnValue:
    """All that is written, as a marker will read it."""
    bench = workbench.open_workbench()
    statements = ledger.statements_for(bench) if evidence.has_picked(bench.document) else None
    return page(
        "look.html", bench, written=written_of(bench.document, bench.config_dir, statements)
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.post("/writing/pasted")(may(pasted))
    blueprint.post("/writing/shown")(may(shown))
    blueprint.get("/writing/look")(may(look))
