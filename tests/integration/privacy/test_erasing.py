"""Erasing one person: what goes, what stays and why, on both kinds of database."""

from sqlalchemy import func, select

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.models import Submission
from lti_tool.gradebook.models import Delivery
from lti_tool.gradebook.operations import record_score
from lti_tool.people.models import Person
from lti_tool.people.operations import keep_person
from tests.integration.privacy.bench import Bench, on_sqlite
from tests.support.filled import count_rows

KINDS_AND_STATES = {
    "allocation.kind",
    "audit_entry.act",
    "audit_entry.actor",
    "audit_entry.became",
    "audit_entry.was",
    "award.kind",
    "candidate.code",
    "confirmation.by",
    "confirmation.code_digest",
    "confirmation.why_closed",
    "delivery_attempt.reason",
    "delivery_attempt.verdict",
    "extension.kind",
    "guest_link.purpose",
    "guest_link.token_digest",
    "hold.kind",
    "judgement.kind",
    "membership.roles",
    "membership.roster_roles",
    "message.about",
    "message.kind",
    "message.once_key",
    "moderation_piece.view",
    "moderation_piece.why",
    "module_result.board_state",
    "outcome.source",
    "outcome.standing",
    "outcome_state.item_id",
    "outcome_state.state",
    "participation.status",
    "partner_visit.arrives_at",
    "partner_visit.leaves_at",
    "partner_visit.state",
    "remark.anchor",
    "visit_step.became",
    "visit_step.was",
}
"""Words of the tool's own, in columns that hold no text of anybody's."""
ASSESSED_WORK = {
    "award.facts",
    "handed_in_copy.declarations",
    "handed_in_copy.document",
    "handed_in_copy.document_digest",
    "handed_in_copy.receipt",
    "judgement.feedback",
    "judgement.marks",
    "judgement.overall_reason",
    "moderation_piece.note",
    "outcome.reason",
    "outcome.working",
    "remark.text",
}
SEALED = {
    "confirmation.reason",
    "confirmation.shown",
    "confirmation.shown_digest",
    "confirmation.signer_digest",
    "partner_visit.document",
}
"""Of the visit's document only what the host saw: see `confirming/test_erased_participant.py`."""
OF_THE_TEAM = {
    "checklist_comment.item_id",
    "checklist_comment.text",
    "checklist_step.became",
    "checklist_step.comment",
    "checklist_step.submitted",
    "checklist_step.submitted_digest",
    "checklist_step.was",
    "examiner_comment.reply",
    "examiner_comment.text",
    "standard_entry.action",
    "standard_entry.item_id",
    "standard_entry.judgement",
    "standard_entry.narrative",
    "standard_entry.reason",
    "standard_evidence.file_name",
    "standard_evidence.form",
    "standard_evidence.item_id",
    "standard_evidence.kind",
    "standard_evidence.measure_key",
    "standard_evidence.title",
    "standard_evidence.url",
}
STAFF = {
    "staff_member.email",
    "staff_member.issuer",
    "staff_member.role",
    "staff_member.subject",
    "staff_session.secret_digest",
}
"""Nobody a course site knows: an operator removes them by `lti-tool staff remove`."""
STAYS = (KINDS_AND_STATES - {"hold.kind"}) | ASSESSED_WORK | SEALED | OF_THE_TEAM | STAFF


def test_what_is_left_of_a_person_is_what_is_said_to_stay(bench: Bench) -> None:
    before = bench.places("ben")
    bench.erase()
    assert bench.places("anna") == STAYS
    assert bench.places("ben") == before, "somebody else’s"
    assert bench.row("guest", bench.anna).name == "(name erased)"
    assert bench.row("membership", bench.anna).is_active is False


@on_sqlite
def test_what_waits_to_be_sent_is_cancelled(bench: Bench) -> None:
    bench.erase()
    delivery = bench.row("delivery", bench.anna)
    assert (delivery.state, delivery.reason, delivery.comment) == ("cancelled", "erased", "")
    assert delivery.revision == 2, "a try that is under way settles nothing"
    assert bench.row("message", bench.anna).state == "cancelled"
    assert (
        bench.row("delivery", bench.ben).state == bench.row("message", bench.ben).state == "waiting"
    )


@on_sqlite
def test_a_mark_released_later_is_promised_to_nobody(bench: Bench) -> None:
    bench.erase()
    with bench.world.database.write() as session:
        before = session.scalar(select(func.sum(Delivery.revision)))
        values = {
            "assignment_id": bench.common.rows["assignment"],
            "maximum": bench.row("delivery", bench.anna).score_maximum,
            "mark": bench.row("delivery", bench.anna).score_given,
            "comment": "",
            "submitted_at": None,
        }
        assert record_score(session, person_id=bench.anna.person_id, **values) is None
        assert session.scalar(select(func.sum(Delivery.revision))) == before
        assert record_score(session, person_id=bench.ben.person_id, **values) is not None


def test_a_later_launch_makes_a_new_person(bench: Bench) -> None:
    bench.erase()
    with bench.world.database.write() as session:
        platform_id = bench.common.rows["platform"]
        number = keep_person(session, platform_id, "anna-person-sub", {"name": "Anna Again"})
        assert number not in (bench.anna.person_id, bench.ben.person_id)
        assert session.get_one(Person, bench.anna.person_id).name is None


@on_sqlite
def test_the_audit_tells_that_it_was_done_and_names_nobody(bench: Bench) -> None:
    bench.erase()
    with bench.world.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.act, entry.actor, entry.actor_id) == (
            "personal data erased",
            "operator",
            None,
        )
        assert (entry.subject_kind, entry.subject_id) == ("person", bench.anna.person_id)
        assert "anna" not in str(entry.became) and entry.became and entry.became["deleted"] > 10


@on_sqlite
def test_an_outsider_whom_others_know_stays(bench: Bench) -> None:
    bench.change("partner_visit", bench.ben, host_guest_id=bench.anna.rows["guest"])
    bench.erase()
    assert bench.row("guest", bench.anna).name == "anna-guest-name"
    assert bench.row("guest_signature", bench.anna).name == "anna-guest_signature-name"
    assert bench.row("guest_link", bench.anna).revoked_at is None


@on_sqlite
def test_an_outsider_with_an_examiners_link_stays(bench: Bench) -> None:
    assignment = bench.common.rows["assignment"]
    bench.change("guest_link", bench.anna, subject_kind="assignment", subject_id=assignment)
    bench.erase()
    assert bench.row("guest", bench.anna).name == "anna-guest-name"


@on_sqlite
def test_an_outsider_who_examines_stays(bench: Bench) -> None:
    bench.change("examiner_comment", bench.ben, guest_id=bench.anna.rows["guest"])
    bench.erase()
    assert bench.row("guest", bench.anna).name == "anna-guest-name"


@on_sqlite
def test_work_never_handed_in_goes_with_its_drafts(bench: Bench) -> None:
    with bench.world.database.write() as session:
        copied = {**bench.row("submission", bench.anna)._mapping, "attempt": 2}
        del copied["id"]
        session.add(Submission(**copied))
    bench.erase()
    with bench.world.database.read() as session:
        attempts = session.scalars(
            select(Submission.attempt).where(Submission.person_id == bench.anna.person_id)
        ).all()
    assert attempts == [1], "the row that holds a copy together stays, emptied"
    assert "anna" not in str(bench.row("submission", bench.anna).document)


@on_sqlite
def test_a_hold_forbids_erasing_and_is_named(bench: Bench) -> None:
    for kind, word in (("appeal", "appeal"), ("integrity", "academic integrity")):
        bench.change("hold", bench.anna, lifted_at=None, kind=kind)
        before = bench.everything()
        done = bench.about("erase", "--yes")
        assert done.returncode == 1 and word in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert bench.everything() == before


def test_the_command_shows_first_and_then_erases_once(bench: Bench) -> None:
    before = bench.everything()
    shown = bench.about("erase", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert bench.everything() == before, "a dry run changes nothing"
    for word, title in (
        ("deleted", "Earlier drafts (earlier_draft)"),
        ("emptied", "You (person)"),
        ("kept", "Work you handed in (handed_in_copy)"),
    ):
        line = next(one for one in shown.stdout.splitlines() if title in one)
        assert line.startswith(word) and line.split()[1] == "1", line
    assert "anna" not in shown.stdout
    assert bench.about("erase", "--yes").returncode == 0
    after = bench.everything()
    again = bench.about("erase", "--yes")
    assert again.returncode == 0 and "Nothing is held about this person" in again.stdout
    assert bench.everything() == after, "doing it twice is doing it once"


@on_sqlite
def test_nothing_is_erased_without_a_yes(bench: Bench) -> None:
    before = bench.everything()
    done = bench.about("erase")
    assert done.returncode == 1, "no terminal to answer on"
    assert bench.everything() == before


@on_sqlite
def test_nobody_known_and_no_such_registration(bench: Bench) -> None:
    assert bench.about("erase", "--yes", user="nobody").returncode == 0
    with bench.world.database.read() as session:
        assert "nobody" not in str(count_rows(session)["audit_entry"])
    wrong = bench.type("erase", "--registration", "4711", "--user", "x", "--yes")
    assert wrong.returncode == 1 and len(wrong.stderr.strip().splitlines()) == 1


@on_sqlite
def test_an_outsider_asks_for_themselves(bench: Bench) -> None:
    email = "anna-guest-email"
    before = bench.places("anna")
    registration = ("--registration", str(bench.registration_id))
    done = bench.type("erase", *registration, "--guest", email, "--yes")
    assert done.returncode == 0, done.stderr
    gone = before - bench.places("anna")
    assert gone == {
        "confirmation.signer_salt",
        "guest.email",
        "guest.name",
        "guest_signature.name",
        "guest_signature.role",
        "guest_visit.handle",
        "guest_visit.secret_digest",
    }
    assert bench.row("guest_link", bench.anna).revoked_at is not None
    again = bench.type("erase", *registration, "--guest", email, "--yes")
    assert again.returncode == 0 and "Nothing is held under this address" in again.stdout
    assert bench.type("erase", *registration).returncode == 2, "says neither"
