"""The frame of every page of this activity: whose work it is, and the steps."""

from flask import Blueprint, render_template, url_for

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.people import visits
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "provision_map_audit", __name__, template_folder="templates", url_prefix="/v/<handle>/audit"
)


def page(template: str, bench: workbench.Workbench, **values: object) -> str:
    """A page of this activity: who can see it, and the steps, on every one."""
    standing = bench.standing
    handle = visits.current().handle
    show_trust_line()
    steps = [
        {
            "key": key,
            "label": label,
            "url": url_for(f"provision_map_audit.{endpoint}", handle=handle),
            "done": done,
        }
        for key, label, endpoint, done in (
            ("school", "Your school", "school", bool(bench.document["profile"])),
            ("map", "Your map", "show_map", standing.has_whole_map),
            ("figures", "Figures", "figures", False),
            ("written", "Written parts", "writing", standing.is_all_written),
            ("plan", "Action plan", "plan", bool(bench.document["actions"])),
            ("hand-in", "Hand in", "hand_in_page", bench.work.is_handed_in),
        )
    ]
    return render_template(
        f"provision_map_audit/{template}", bench=bench, handle=handle, steps=steps, **values
    )
