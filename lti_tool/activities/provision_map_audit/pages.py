"""The frame of every page of this activity: whose work it is, and the steps."""

from flask import Blueprint, render_template, url_for

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.people import visits
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "provision_map_audit", __name__, template_folder="templates", url_prefix="/v/<handle>/audit"
)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _steps(bench: workbench.Workbench) -> list[dict[str, object]]:
    """The steps in their order: whether each is done, for every page, and how far it is in words,
    for the first page, which lists them while there is a map that is not handed in."""
    stands, handle = bench.standing, visits.current().handle
    has_school, is_handed_in = bool(bench.document["profile"]), bench.work.is_handed_in
    unread = f", {stands.unread} to put right" if stands.unread else ""
    written = f"{stands.written} of {stands.asked} written"
    if bench.document["commentary"]:
        written = "brought in from Word"  # and so done
    actions = _many(stands.actions, "action") if stands.actions else "No actions yet"
    steps = (
        ("school", "Your school", "school", has_school, "" if has_school else "Not given yet"),
        ("map", "Your map", "show_map", stands.has_whole_map, _many(stands.rows, "row") + unread),
        ("figures", "Figures", "figures", False, "Worked out from your map"),
        ("written", "Written parts", "writing", stands.is_all_written, written),
        ("plan", "Action plan", "plan", bool(stands.actions), actions),
        ("hand-in", "Hand in", "hand_in_page", is_handed_in, "Not handed in yet"),
    )
    return [
        {
            "key": key,
            "label": label,
            "url": url_for(f"provision_map_audit.{endpoint}", handle=handle),
            "done": is_done,
            "said": said,
        }
        for key, label, endpoint, is_done, said in steps
    ]


def page(template: str, bench: workbench.Workbench, **values: object) -> str:
    """A page of this activity: who can see it, and the steps, on every one."""
    show_trust_line()
    return render_template(
        f"provision_map_audit/{template}",
        bench=bench,
        handle=visits.current().handle,
        steps=_steps(bench),
        **values,
    )
