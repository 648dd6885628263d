"""Erasing a participant: what a host confirmed stays sealed, with no name in it."""

from lti_tool.activities.placement_log.activity import ACTIVITY
from lti_tool.activities.placement_log.confirming import seals
from lti_tool.activities.placement_log.confirming.shown import what_is_shown
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.parts import load_personal_data
from lti_tool.people import requests
from tests.integration.placement_log.confirming.bench import HOST, Bench
from tests.support.partner_visits import REFLECTION, SHARED


def test_a_seal_holds_after_the_participant_is_erased(bench: Bench) -> None:
    load_personal_data()
    bench.confirm()
    open_visit = bench.visiting.add(visit_on=None, state="planned")
    database, world = bench.world.database, bench.world
    with database.write() as session:
        requests.erase(session, requests.find_subject(session, world.registration_id, "5"))
    one = bench.visiting.asked()[0]
    visit = bench.visiting.visit()
    with database.read() as session:
        found = seals.verify(one, what_is_shown(session, world.settings.config_dir, visit))
        checks = [check.is_ok for check in ACTIVITY.checks(session, world.settings)]
    assert found.state == seals.ERASED, found.sentence
    assert checks and all(checks), "the doctor finds nothing"
    assert (one.signer_name, one.signer_role, one.signer_salt) == (None, None, None)
    assert one.guest_name == "(name erased)" and one.guest_email != HOST
    assert visit.document["shared"] == SHARED, "what the host saw"
    text = str(visit.document)
    assert REFLECTION not in text and "short with me" not in text and "our own" not in text
    with database.read() as session:
        assert bench.visiting.visit_ids[1] == open_visit
        assert session.get(PartnerVisit, open_visit) is None, "planned and never made"
