"""The participant's page of the written parts: one form, saved as one types and by its button.

Buttons within it save too and then go on: to pick evidence, to show another outcome set. Pasting
and looking at the text are in `drafting_views.py`.
"""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import (
    Framework,
    load_framework,
    words_said,
)
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.prose import count_words
from lti_tool.activities.provision_map_audit.word_counts import count_all
from lti_tool.activities.provision_map_audit.written import (
    commentary_views,
    drafting_views,
    evidence,
    evidence_views,
    ledger,
    plan_views,
)
from lti_tool.activities.provision_map_audit.written.outcomes import (
    chosen_set,
    has_other_words,
    offered_sets,
    with_chosen_set,
)
from lti_tool.activities.provision_map_audit.written.posted import Errors, keep
from lti_tool.privacy.posted import Act, Field, Posted, posted_act, read_posted
from lti_tool.web import notices
from lti_tool.web.policy import who_may

LONGEST_PART = 20_000
LONGEST_REFLECTION = 10_000
LONGEST_REFERENCES = 40_000
notices.register(saved=("success", "Saved."))


def _writing_page(
    bench: workbench.Workbench,
    document: documents.Document,
    *,
    posted: Posted | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page with a document; fields that were held back show what was typed."""
    framework = load_framework(bench.config_dir)
    statements = ledger.statements_for(bench) if evidence.has_picked(document) else {}
    counts = count_all(document, framework)
    sets, chosen = offered_sets(bench.config_dir), chosen_set(document, bench.config_dir)
    return page(
        "writing.html",
        bench,
        framework=framework,
        document=document,
        typed=posted.typed if posted else {},
        held=posted.held if posted else {},
        picked={
            part.id: evidence.picked_in(document, part.id, statements) for part in framework.parts
        },
        counts={part.id: counts.part(part) for part in framework.parts},
        words_in_all=counts.whole(framework),
        commentary_words=counts.commentary,
        words_said=words_said,
        count_words=count_words,
        outcome_sets=sets,
        chosen=chosen,
        chosen_is_older=has_other_words(chosen, sets),
        errors=errors or [],
        has_errors=bool(errors),
    ), status


def writing(handle: str) -> ResponseReturnValue:
    """The written parts as they stand."""
    bench = workbench.open_workbench()
    return _writing_page(bench, bench.document)


def _fields(bench: workbench.Workbench, framework: Framework) -> list[Field]:
    document = bench.document
    fields = [
        Field(
            f"evidence-{part.id}",
            part.title,
            LONGEST_PART,
            document["answers"].get(part.id, {}).get("evidence", ""),
        )
        for part in framework.parts
    ]
    chosen = chosen_set(document, bench.config_dir)
    for one in chosen.judged if chosen else ():
        before = document["reflections"].get(one.id, "")
        fields.append(Field(f"reflection-{one.id}", one.title, LONGEST_REFLECTION, before))
    return [*fields, Field("references", "References", LONGEST_REFERENCES, document["references"])]


def _with_writing(
    bench: workbench.Workbench, framework: Framework, posted: Posted, *, anew: bool = False
) -> documents.Document:
    """The document with what may be stored of this post. A field that was not sent stays.

    :param anew: take the outcome set in the words that are in force now.
    """
    document, form = bench.document, request.form
    known = {one.id for one in framework.judgements}
    answers: dict[str, dict[str, Any]] = {}
    for part in framework.parts:
        judgement = form.get(f"judgement-{part.id}", "")
        answers[part.id] = {
            "judgement": judgement if part.has_judgement and judgement in known else "",
            "evidence": posted.kept(f"evidence-{part.id}"),
            "picked": document["answers"].get(part.id, {}).get("picked", []),
        }
    reflections = dict(document["reflections"])
    for name in posted.fields:
        if name.startswith("reflection-") and name in form:
            reflections[name.removeprefix("reflection-")] = posted.kept(name)
    wanted = form.get("outcome_set", document["outcome_set"])
    made = documents.with_answers(document, answers)
    return {
        **made,
        **with_chosen_set(document, bench.config_dir, wanted, anew=anew),
        "references": posted.kept("references"),
        "references_in_order": "references_in_order" in form,
        "reflections": {key: text for key, text in reflections.items() if text},
    }


def _after(
    bench: workbench.Workbench, handle: str, document: documents.Document, act: Act
) -> tuple[documents.Document, str]:
    """What the button does beside saving, and where it leads."""
    here = url_for("provision_map_audit.writing", handle=handle, done="saved")
    if act.name == "pick":
        url = url_for("provision_map_audit.pick_evidence", handle=handle, part_id=act.first)
        return document, url
    if act.name == "remove" and len(act.of) == 2:
        return evidence.without_picked(document, *act.of), f"{here}#part-{act.first}"
    if act.name == "update" and len(act.of) == 2:
        found = ledger.statements_for(bench).get(act.of[1])
        if found:
            document = evidence.with_updated(document, act.first, found)
        return document, f"{here}#part-{act.first}"
    places = {
        "look": url_for("provision_map_audit.look", handle=handle),
        "commentary": url_for("provision_map_audit.commentary", handle=handle),
        "outcomes": f"{here}#outcomes",
    }
    return document, places.get(act.name, here)


def save_writing(handle: str) -> ResponseReturnValue:
    """Keep the written parts as typed, but for fields that seem to name somebody."""
    bench = workbench.open_workbench()
    framework = load_framework(bench.config_dir)
    act = posted_act()
    if act.name in ("pick", "update", "remove") and framework.find_part(act.first) is None:
        return redirect(url_for("provision_map_audit.writing", handle=handle), 303)
    posted = read_posted(
        _fields(bench, framework), bench.words, documents.not_a_child(bench.document), act
    )
    document = _with_writing(bench, framework, posted, anew=act.name == "outcomes")
    document, then = _after(bench, handle, document, act)
    return keep(
        bench,
        document,
        posted,
        lambda after, errors, status: _writing_page(
            after, document, posted=posted, errors=errors, status=status
        ),
        then,
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages, and those beside them, into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/writing")(may(writing))
    blueprint.post("/writing")(may(save_writing))
    for pages in (drafting_views, evidence_views, commentary_views, plan_views):
        pages.add_to(blueprint)
