"""Whether the mark here, the gradebook and the registry's list agree, and what to do where not.

Pure. Each difference is a sentence that says what differs and what a person can do.
"""

from dataclasses import dataclass
from decimal import Decimal

from lti_tool.core import clock
from lti_tool.core.numerals import plain
from lti_tool.gradebook.every_mark import MarkThere
from lti_tool.gradebook.findings import DIFFERENCES
from lti_tool.gradebook.states import CANCELLED, DELIVERED, WAITING
from lti_tool.marking.standing import CONFIRMED as CONFIRMED_HERE
from lti_tool.programme.cohorts.results.shown import Result
from lti_tool.programme.cohorts.words import BOARD_STATES, CONFIRMED, DEFERRED

NO_MARK = "no mark"
"""How the gradebook's pages say that a column shows nothing for somebody."""


@dataclass(frozen=True, slots=True)
class MarkHere:
    """What the tool holds of one attempt."""

    final: Decimal | None
    """The released mark; None before release."""
    is_confirmed: bool
    """Whether a board's result is recorded."""
    is_passed: bool | None
    is_held: bool
    is_handed_in: bool
    is_out_of_date: bool = False
    """Whether the released mark is not what counts now."""

    @classmethod
    def nothing(cls) -> "MarkHere":
        """Nothing handed in."""
        return cls(None, is_confirmed=False, is_passed=None, is_held=False, is_handed_in=False)

    @classmethod
    def of(
        cls,
        final: Decimal | None,
        standing: str,
        is_passed: bool | None,
        *,
        is_held: bool,
        is_out_of_date: bool,
    ) -> "MarkHere":
        """Of work that was handed in."""
        is_confirmed = standing == CONFIRMED_HERE
        return cls(final, is_confirmed, is_passed, is_held, True, is_out_of_date)


def say_gradebook(there: MarkThere | None, *, has_column: bool, is_newest: bool) -> str:
    """What the gradebook shows, as it was last read; else what was sent.

    :param is_newest: whether this is the attempt whose mark stands there.
    """
    if not is_newest:
        return "Shows another attempt"
    if not has_column:
        return "No column"
    if there is None:
        return "Nothing sent"
    if there.line.shown is not None:
        return f"Shows {there.line.shown}"
    standing = there.line.standing
    if standing is None or there.line.mark is None:
        return "Nothing sent"
    if standing.state == DELIVERED and not standing.is_taken_out:
        return f"Was sent {there.line.mark}"
    return standing.words


def _unreleased(there: MarkThere | None) -> str:
    """What is wrong with a column where no mark is released."""
    if there is None:
        return ""
    line = there.line
    if line.finding in DIFFERENCES:
        return f"{line.words} No mark is released here. {line.next_step}".strip()
    if line.standing is not None and line.standing.is_taken_out:
        return ""
    if line.shown not in (None, NO_MARK) or (
        line.standing is not None and line.standing.state == CANCELLED and line.sent_at is not None
    ):
        return (
            "No mark is released here, and the gradebook may still show one. Release it, or "
            "compare and take it out on the page Gradebook."
        )
    return ""


def gradebook_differs(mark: MarkHere, there: MarkThere | None, *, has_column: bool) -> str:
    """What differs between a mark here and its column in the gradebook; empty for nothing."""
    if mark.final is None:
        return _unreleased(there)
    if not has_column:
        return (
            "The gradebook has no column for this work. Open the activity once from the course "
            "site; if it stays so, ask its administrator to switch grading on."
        )
    if there is None or there.line.standing is None:
        return "The mark was not sent to the gradebook. Look at the page Gradebook."
    line = there.line
    if line.finding in DIFFERENCES:
        return f"{line.words} {line.next_step}".strip()
    if line.needs_you or there.line.standing.state != DELIVERED:
        return there.line.standing.words
    if not there.is_of(mark.final):
        return (
            f"The gradebook was sent {line.mark}, and {plain(mark.final)} is released here. "
            "Look at the page Gradebook, and tell whoever runs the tool."
        )
    return ""


def is_on_its_way(there: MarkThere | None) -> bool:
    """Whether a mark is still being sent, so that nothing is to be done yet."""
    return bool(there and there.line.standing and there.line.standing.state == WAITING)


def say_registry(result: Result | None) -> str:
    """What the registry's list has of an attempt: mark, result, and where its board stands."""
    if result is None:
        return "Not on the list"
    mark = plain(result.mark) if result.mark is not None else ""
    passed = "" if result.is_passed is None else "passed" if result.is_passed else "not passed"
    on = f" on {clock.plain_day(result.decided_on)}" if result.decided_on else ""
    board = f"{BOARD_STATES[result.board_state]}{on}"
    return ", ".join(filter(None, (mark, passed, board)))


def registry_differs(mark: MarkHere, result: Result | None, *, is_whole: bool) -> list[str]:
    """What differs between a mark here and the registry's list, which is there.

    :param is_whole: whether this is the person's only piece of work in the module, so that the
        registry's mark of the module is the mark of this piece.
    """
    if result is None:
        missing = (
            "The registry’s list has no result of this attempt. Bring in its newest list; if it "
            "is still missing there, ask the registry."
        )
        return [missing] if mark.final is not None else []
    if mark.final is None:
        return _only_registry(mark, result)
    return [*(_marks(mark.final, mark, result) if is_whole else []), *_boards(mark, result)]


def _only_registry(mark: MarkHere, result: Result) -> list[str]:
    if result.board_state == DEFERRED or mark.is_held:
        return []
    if not mark.is_handed_in:
        return [
            "The registry’s list has a result of this attempt, and nothing was handed in here. "
            "Ask the registry where it is from."
        ]
    return [
        "The registry’s list has a result, and no mark is released here. Release the mark, or ask "
        "the registry where theirs is from."
    ]


def _marks(final: Decimal, mark: MarkHere, result: Result) -> list[str]:
    if result.mark is not None and result.mark != final:
        return [
            f"The registry’s list says {plain(result.mark)}, the mark here is {plain(final)}. "
            "Find out which is right: record the board’s decision here, or ask the registry to "
            "correct theirs."
        ]
    if None not in (result.is_passed, mark.is_passed) and result.is_passed != mark.is_passed:
        theirs, ours = ("passed", "no pass") if result.is_passed else ("not passed", "a pass")
        return [
            f"The registry’s list says {theirs}; the mark here is {ours}. Ask the registry which "
            "pass mark it has."
        ]
    return []


def _boards(mark: MarkHere, result: Result) -> list[str]:
    if mark.is_confirmed and result.board_state != CONFIRMED:
        return [
            f"The board’s result is recorded here; the registry’s list says "
            f"{BOARD_STATES[result.board_state]}. Bring in its list from after the board."
        ]
    if not mark.is_confirmed and result.board_state == CONFIRMED:
        return [
            "The registry’s list says confirmed by the board; here the mark is provisional. Record "
            "the board’s results under “Assessment board” of this work."
        ]
    if not mark.is_confirmed and result.board_state == DEFERRED and not mark.is_held:
        return [
            "The registry’s list says deferred by the board; here a mark is released. Hold it "
            "back, or ask the registry."
        ]
    return []


def say_board(mark: MarkHere) -> str:
    """Where the board stands by what is recorded here."""
    if mark.final is None:
        return ""
    return "Confirmed: the board’s result is recorded" if mark.is_confirmed else "Provisional"
