"""What of people stands in the tables of the programme: school, standing, DBS, head, mentor."""

from lti_tool.privacy.holdings import Goes, Holding, Keeps, acts, hold, label
from lti_tool.programme.models import (
    DbsCheck,
    Eligibility,
    Mentorship,
    Post,
    School,
    SchoolAgreement,
)

_FACTS = Keeps("school_facts", "person_id")

label(School, "name")
hold(
    Holding(Post, "Where you work", "person_id", Goes(), keeps=_FACTS),
    Holding(Eligibility, "Your standing as a teacher and SENCO", "person_id", Goes(), keeps=_FACTS),
    Holding(
        DbsCheck,
        "Facts of DBS checks",
        "person_id",
        Goes("the school’s single central record has them"),
        guests=("guest_id",),
        keeps=Keeps("dbs_facts", "person_id"),
    ),
    Holding(
        SchoolAgreement,
        "What your head was asked and answered",
        "person_id",
        Goes(),
        guests=("guest_id", "guest_link_id.guest_id"),
        keeps=_FACTS,
    ),
    Holding(
        Mentorship,
        "Your mentors",
        "person_id",
        Goes(),
        guests=("guest_id",),
        keeps=Keeps("assessed_work", "person_id"),
    ),
    *acts(DbsCheck, "DBS facts you recorded", "recorded_by_id", only=("recorded_at",)),
)
