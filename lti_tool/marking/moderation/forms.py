"""The forms of moderation."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lti_tool.marking.moderation.queries import ABANDONED, CONFIRMED, REMARK, PieceRead, RoundRead
from lti_tool.marking.moderation.rounds import Looked
from lti_tool.marking.moderation.scaling import FACTOR, FACTORS, LARGEST_SHIFT, SHIFT
from lti_tool.marking.moderation.words import VIEWS
from lti_tool.web.forms import Choice, Form, LongText, Mark, Tick, Whole


class StartForm(Form):
    """Who looks at the sample, and whether they mark it before they see the first marks."""

    moderator = Choice("Moderator", as_list=True)
    is_blind = Tick(
        "Hide the first marks until the moderator has given their own",
        hint="The moderator then gives a mark for every piece of the sample.",
    )


class LookForm(Form):
    """What the moderator makes of a piece whose first mark they see."""

    version = Whole("Version", required=False)
    view = Choice("Your view", VIEWS)
    mark = Mark("The mark you would give", required=False, hint="Out of 100. It changes nothing.")
    note = LongText("Note", 5000, required=False, hint="For the record of moderation.")


class BlindForm(Form):
    """The moderator's own mark, before they see the first one."""

    version = Whole("Version", required=False)
    mark = Mark("The mark you would give", hint="Out of 100. Then the first marks are shown.")
    note = LongText("Note", 5000, required=False, hint="For the record of moderation.")


class AfterBlindForm(Form):
    """The moderator's view, once both marks are seen; their own mark stays."""

    version = Whole("Version", required=False)
    view = Choice("Your view", VIEWS)
    note = LongText("Note", 5000, required=False, hint="For the record of moderation.")


def look_form(one: RoundRead, piece: PieceRead) -> type[Form]:
    """The form class for a piece as it stands."""
    if not one.is_blind:
        return LookForm
    return BlindForm if piece.mark is None else AfterBlindForm


def looked_of(form: Form, piece: PieceRead) -> Looked:
    """What the moderator wrote."""
    fields = form._fields
    return Looked(
        view=form["view"].data if "view" in fields else piece.view,
        mark=form["mark"].data if "mark" in fields else piece.mark,
        note=form["note"].data,
    )


class DecisionForm(Form):
    """How a round ends, but for scaling, which has its own page."""

    decision = Choice(
        "Decision",
        {
            CONFIRMED: "Confirm the marks",
            REMARK: "Have all marks given again",
            ABANDONED: "Abandon this moderation",
        },
    )
    reason = LongText("Reason", 2000, required=False, hint="Needed unless you confirm.")

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A reason is needed for all but confirming."""
        good = super().validate(extra_validators)
        if good and self.decision.data != CONFIRMED and not self.reason.data:
            self.problem("reason", "Give the reason: it stands in the record of moderation.")
            return False
        return bool(good)


class ScalingForm(Form):
    """A scaling to look at."""

    kind = Choice(
        "Change every mark by",
        {SHIFT: "adding or taking marks", FACTOR: "multiplying it"},
    )
    amount = Mark(
        "How much",
        minimum=Decimal(-100),
        maximum=Decimal(100),
        places=3,
        hint="Such as 3 or -2 marks; or 1.05 to multiply by. The result stays within 0 and 100.",
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A shift has two decimal places and a limit, a factor lies near 1."""
        if not super().validate(extra_validators):
            return False
        amount: Decimal = self.amount.data
        if self.kind.data == SHIFT and (
            abs(amount) > LARGEST_SHIFT or amount != amount.quantize(Decimal("0.01"))
        ):
            self.problem(
                "amount",
                f"Enter marks from -{LARGEST_SHIFT} to {LARGEST_SHIFT}, with at most 2 digits "
                "after the decimal point.",
            )
        elif self.kind.data == FACTOR and not FACTORS[0] <= amount <= FACTORS[1]:
            self.problem("amount", f"Enter a number from {FACTORS[0]} to {FACTORS[1]}.")
        elif amount == (0 if self.kind.data == SHIFT else 1):
            self.problem("amount", "This changes no mark. To keep the marks, confirm them instead.")
        return not self.amount.errors

    @property
    def scaling(self) -> dict[str, str]:
        """As it is kept with the round."""
        return {"kind": self.kind.data, "amount": str(self.amount.data)}


class ScaleReasonForm(Form):
    """Why the cohort is scaled."""

    reason = LongText("Reason", 2000, hint="It stands in the record of moderation.")
