"""The participant's pages around the log: where it stands, what comes next, handing it in."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.eligibility import Missing, missing_of
from lti_tool.activities.placement_log.links import ELIGIBILITY, MEETINGS, VISITS
from lti_tool.activities.placement_log.log import Log, freeze, open_log
from lti_tool.activities.placement_log.log_words import load_declarations
from lti_tool.activities.placement_log.next_steps import what_next
from lti_tool.activities.placement_log.pages import page
from lti_tool.activities.placement_log.snapshot import counts_visit, is_empty
from lti_tool.activities.placement_log.states import WORDS
from lti_tool.activities.placement_log.visits.days import half_days_used
from lti_tool.activities.placement_log.visits.release import beyond_release
from lti_tool.core import clock
from lti_tool.db import session
from lti_tool.marking import handing_in_pages
from lti_tool.programme.agreements import find_agreement
from lti_tool.web.policy import who_may


def _missing_for(log: Log) -> list[Missing]:
    """What the participant lacks before they may visit, today."""
    today = clock.in_london(clock.now()).date()
    return missing_of(session(), log.config_dir, [log.person_id], today).get(log.person_id, [])


def overview(handle: str) -> ResponseReturnValue:
    """Where the log stands: what comes next, how far it is, and the result once released."""
    handing_in_pages.foresee_own_standing()
    log, now = open_log(), clock.now()
    today = clock.in_london(now).date()
    places = {
        "visits": url_for(VISITS, handle=handle),
        "meetings": url_for(MEETINGS, handle=handle),
        "eligibility": url_for(ELIGIBILITY, handle=handle),
        "hand-in": url_for("placement_log.hand_in_page", handle=handle),
    }
    return page(
        "overview.html",
        log,
        stands=handing_in_pages.standing_of(log),
        next=what_next(log.entries, log.requirements, _missing_for(log), now, today),
        places=places,
        states=WORDS,
        beyond=beyond_release(
            find_agreement(session(), log.person_id), half_days_used(log.entries.visits)
        ),
        counting={one["number"] for one in log.snapshot["visits"] if counts_visit(one)},
    )


def _still_missing(log: Log) -> list[str]:
    return [one.missing for one in log.requirements if one.missing]


_HAND_IN: handing_in_pages.HandIn[Log] = handing_in_pages.HandIn(
    name="placement_log",
    open_own=open_log,
    page=page,
    declarations=load_declarations,
    missing=_still_missing,
    revision=lambda log: log.fingerprint,
    is_empty=lambda log: is_empty(log.snapshot),
    freeze=freeze,
)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/")(who_may("participant")(overview))
    handing_in_pages.add_to(blueprint, _HAND_IN)
