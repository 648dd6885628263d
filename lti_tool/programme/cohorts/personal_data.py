"""What of people stands in the tables of cohorts: participation, results, awards."""

from lti_tool.privacy.holdings import Emptied, Goes, Holding, Keeps, Stays, acts, hold, label
from lti_tool.programme.cohorts.models import (
    Award,
    Cohort,
    LeaderRequest,
    ModuleResult,
    ModuleRun,
    Participation,
    Programme,
    ProgrammeModule,
    StudentNumber,
)

_RECORD, _COHORT = "it is the university’s record of an award", Keeps("awards", "cohort_id")

label(Programme, "title")
label(ProgrammeModule, "title")
label(Cohort, "title")
hold(
    Holding(
        Participation,
        "Your status in a cohort",
        "person_id",
        Emptied({"reason": ""}, f"{_RECORD}; the reason in words goes"),
        keeps=_COHORT,
    ),
    Holding(
        StudentNumber,
        "Your student number",
        "person_id",
        Goes(),
        keeps=Keeps("awards", "person_id"),
    ),
    Holding(ModuleResult, "Results the registry gave", "person_id", Stays(_RECORD), keeps=_COHORT),
    Holding(Award, "Awards", "person_id", Stays(_RECORD), keeps=_COHORT),
    Holding(LeaderRequest, "Your requests to lead", "person_id", Goes()),
    *acts(ModuleRun, "Courses you joined to a programme", "joined_by_id", only=("joined_at",)),
    *acts(Participation, "Status you recorded", "recorded_by_id", only=("recorded_at",)),
    *acts(ModuleResult, "Results you recorded", "recorded_by_id", only=("recorded_at",)),
    *acts(Award, "Awards you recorded", "recorded_by_id", only=("recorded_at",)),
    *acts(LeaderRequest, "Requests you answered", "answered_by_id", only=("answered_at",)),
)
