"""The page that tries a change out: old and new cost side by side, saved only when asked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.views import draw, section_page
from lti_tool.activities.provision_map_audit.figures.what_if import Change, WhatIf, compare
from lti_tool.activities.provision_map_audit.rows import TIERS
from lti_tool.core.errors import Conflict
from lti_tool.web import notices
from lti_tool.web.forms import Choice, Choices, Form, Mark
from lti_tool.web.policy import who_may

notices.register(
    what_if_put=("success", "The change is in your map. The map as it was is kept."),
)
KEPT = "before a what-if was put in"


class WhatIfForm(Form):
    """Which rows, and what becomes other; an empty box leaves things as they are."""

    tier = Choice("All rows of a tier", as_list=True, first="No tier", required=False)
    rows = Choices("Rows", required=False)
    weeks = Mark("Weeks", maximum=52, required=False)
    sessions_per_week = Mark("Sessions a week", maximum=50, required=False)
    group_size = Mark("Pupils in a group", maximum=60, required=False)
    role = Choice("Staff role", as_list=True, first="As it is", required=False)

    def picked(self, rows: list[documents.MapRow]) -> list[documents.MapRow]:
        """The rows chosen, singly or by tier, in the order of the map."""
        chosen, tier = set(self.rows.data or ()), self.tier.data
        return [one for one in rows if one.id in chosen or (tier and one.row.tier == tier)]

    def change(self) -> Change:
        """What becomes other."""
        return Change(
            self.weeks.data,
            self.sessions_per_week.data,
            self.group_size.data,
            self.role.data or None,
        )

    def check_across(self, rows: list[documents.MapRow]) -> bool:
        """Ask for rows and for a change; True when both are there."""
        if not self.picked(rows):
            self.problem("tier", "Choose a tier that has rows, or tick rows below.")
        elif self.change().is_none:
            self.problem("weeks", "Change something: weeks, sessions, group size or staff role.")
        elif self.group_size.data == 0:
            self.problem("group_size", "A group has at least 1 pupil.")
        return not self.errors


def _form(bench: workbench.Workbench, rows: list[documents.MapRow], **options: Any) -> WhatIfForm:
    form = WhatIfForm(**options)
    form.tier.offer({tier: bench.words.tier_labels.get(tier, tier) for tier in TIERS})
    form.rows.offer({one.id: one.row.name or "Name not given" for one in rows})
    roles = {role: bench.words.role_labels.get(role, role) for role in bench.rates.by_role}
    form.role.offer(roles)
    return form


def _page(
    bench: workbench.Workbench,
    form: WhatIfForm,
    *,
    found: WhatIf | None = None,
    sentence: str | None = None,
    revision: str | int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return section_page(
        "what-if",
        "figures_what_if.html",
        bench,
        draw(bench),
        form=form,
        found=found,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
        revision=bench.work.revision if revision is None else revision,
    ), status


def what_if(handle: str) -> ResponseReturnValue:
    """An empty form: which rows, and what becomes other."""
    bench = workbench.open_workbench()
    return _page(bench, _form(bench, documents.map_rows(bench.document)))


def try_what_if(handle: str) -> ResponseReturnValue:
    """Show old and new cost; put the change into the map only when the person asks for it."""
    bench = workbench.open_workbench()
    rows = documents.map_rows(bench.document)
    form = _form(bench, rows, formdata=request.form)
    if not form.validate() or not form.check_across(rows):
        return _page(bench, form, status=422)
    found = compare(form.picked(rows), form.change(), bench.rates)
    if request.form.get("then") != "put":
        return _page(bench, form, found=found)
    typed_under = request.form.get("revision", "")
    made = _put_in(bench.document, found)
    try:
        workbench.save(bench, made, workbench.posted_revision(typed_under), keep=KEPT)
    except Conflict as error:
        return _page(
            bench, form, found=found, sentence=error.sentence, revision=typed_under, status=409
        )
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="what-if-put"), 303)


def _put_in(document: documents.Document, found: WhatIf) -> documents.Document:
    """The document with the rows as they would be; text not yet understood stays with them."""
    changed = {one.row.id: one.changed.to_dict() for one in found.rows}
    rows = [{**one, "row": changed.get(one["id"], one["row"])} for one in document["rows"]]
    return {**document, "rows": rows}


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/figures/what-if")(may(what_if))
    blueprint.post("/figures/what-if")(may(try_what_if))
