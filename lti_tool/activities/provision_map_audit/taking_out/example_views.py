"""The finished example, to be read beside one's own work. It is the same for everybody."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.tutor.marking_view import render_for_marking
from lti_tool.web.policy import who_may


def example(handle: str) -> ResponseReturnValue:
    """A finished, made-up audit as a tutor would read it."""
    bench = workbench.open_workbench()
    found = load_example(bench.config_dir)
    return page(
        "example.html",
        bench,
        example=found,
        rendered=render_for_marking(found.document),
    )


def add_to(blueprint: Blueprint) -> None:
    """Put this page into the activity's blueprint."""
    blueprint.get("/example")(who_may("participant")(example))
