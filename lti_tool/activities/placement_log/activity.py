"""What the catalogue knows of this activity."""

from pathlib import Path

from lti_tool.activities.placement_log import needs, views
from lti_tool.activities.placement_log.attending import list_views as attendance_list_views
from lti_tool.activities.placement_log.attending import views as attending_views
from lti_tool.activities.placement_log.attending.words import load_list_words
from lti_tool.activities.placement_log.begun import begun
from lti_tool.activities.placement_log.bringing_forward import bring_forward
from lti_tool.activities.placement_log.changes import render_changes
from lti_tool.activities.placement_log.cohort import views as cohort_views
from lti_tool.activities.placement_log.confirming import host_views
from lti_tool.activities.placement_log.confirming import letters as confirming_letters
from lti_tool.activities.placement_log.confirming import sweeping as confirming_sweeping
from lti_tool.activities.placement_log.confirming import tutor_views as confirmations_views
from lti_tool.activities.placement_log.confirming import views as confirming_views
from lti_tool.activities.placement_log.confirming.checking import check_seals
from lti_tool.activities.placement_log.confirming.words import load_wording
from lti_tool.activities.placement_log.evidence import evidence
from lti_tool.activities.placement_log.log_words import load_declarations
from lti_tool.activities.placement_log.marking_view import anchors, progress, render_for_marking
from lti_tool.activities.placement_log.mentoring import (
    door_views,
    fresh_links,
    mentor_views,
    nudges,
    participant_views,
)
from lti_tool.activities.placement_log.mentoring import letters as mentoring_letters
from lti_tool.activities.placement_log.mentoring import tutor_views as mentoring_views
from lti_tool.activities.placement_log.mentoring.wording import load_mentor_words
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.outcomes import list_sets
from lti_tool.activities.placement_log.pages import blueprint
from lti_tool.activities.placement_log.patterns import render_cohort
from lti_tool.activities.placement_log.reflection import load_models
from lti_tool.activities.placement_log.snapshot import VERSION, new_document
from lti_tool.activities.placement_log.taking_out import views as taking_out_views
from lti_tool.activities.placement_log.visits import letters as visit_letters
from lti_tool.activities.placement_log.visits import plan_views, write_views
from lti_tool.activities.placement_log.visits import tutor_views as visits_tutor_views
from lti_tool.activities.placement_log.visits import views as visit_views
from lti_tool.catalogue.contract import Activity, Place
from lti_tool.db import Database
from lti_tool.privacy.words import guard_words
from lti_tool.programme import mentors
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.school_days import load_terms
from lti_tool.settings import Settings


def check_config(config_dir: Path) -> None:
    """Read every file of `config/` that the log uses.

    :raises Unusable: naming the file and what is wrong with it.
    """
    load_numbers(config_dir)
    load_programme_numbers(config_dir)
    load_terms(config_dir)
    load_declarations(config_dir)
    load_list_words(config_dir)
    load_wording(config_dir)
    load_mentor_words(config_dir)
    list_sets(config_dir)
    load_models(config_dir)
    guard_words(config_dir)


def sweep(database: Database, settings: Settings) -> None:
    """Hosts' letters that ran out or need a reminder, and nudges where nobody has met."""
    confirming_sweeping.sweep(database, settings)
    nudges.sweep(database, settings)


NEEDS = needs
"""Announce themselves to the leader's home as they are imported."""
confirming_letters.declare_kinds()
visit_letters.declare_kinds()
mentoring_letters.declare()
nudges.declare()
mentors.on_named(fresh_links.welcome)
for pages in (
    views,
    attending_views,
    attendance_list_views,
    taking_out_views,
    cohort_views,
    visit_views,
    plan_views,
    write_views,
    visits_tutor_views,
    confirming_views,
    confirmations_views,
    participant_views,
    mentoring_views,
):
    pages.add_to(blueprint)

ACTIVITY = Activity(
    key="placement-log",
    title="Placement log",
    blueprint=blueprint,
    further_blueprints=(host_views.blueprint, mentor_views.blueprint, door_views.blueprint),
    landing="placement_log.overview",
    rubric_key="placement-log",
    rules_key="complete",
    document_version=VERSION,
    new_document=new_document,
    render_for_marking=render_for_marking,
    anchors=anchors,
    render_changes=render_changes,
    render_cohort=render_cohort,
    progress=progress,
    check_config=check_config,
    bring_forward=bring_forward,
    criteria=("visits", "reflection", "practice", "ethics"),
    tutor_landing="placement_log.cohort",
    tutor_places=(
        Place("Cohort", "placement_log.cohort"),
        Place("Visits", "placement_log.to_decide"),
        Place("Before visits", "cohort_facts.overview"),
        Place("Sessions", "placement_log.sessions"),
        Place("Confirmations", "placement_log.confirmations"),
        mentoring_views.PLACE,
    ),
    checks=check_seals,
    begun=begun,
    evidence=evidence,
    sweep=sweep,
)
