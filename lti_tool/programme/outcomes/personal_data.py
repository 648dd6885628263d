"""What of people stands in the tables of outcomes: evidence, sign-offs, how sure they feel."""

from lti_tool.privacy.holdings import Emptied, Goes, Holding, Keeps, acts, hold
from lti_tool.programme.outcomes.models import (
    Confidence,
    EvidenceClaim,
    EvidencePiece,
    OutcomeState,
)

_COHORT = Keeps("assessed_work", "cohort_id")

hold(
    Holding(EvidencePiece, "Evidence you offered", "person_id", Goes(), keeps=_COHORT),
    Holding(
        EvidenceClaim,
        "Outcomes your evidence is for",
        "piece_id.person_id",
        Goes(),
        keeps=Keeps("assessed_work", "piece_id.cohort_id"),
    ),
    Holding(
        OutcomeState,
        "Outcomes queried and signed off",
        "person_id",
        Emptied({"reason": ""}, "an award rests on it; the reason in words goes"),
        keeps=Keeps("awards", "cohort_id"),
    ),
    Holding(Confidence, "How sure you feel of outcomes", "person_id", Goes(), keeps=_COHORT),
    *acts(OutcomeState, "Outcomes you decided about", "by_id", only=("state", "at")),
)
