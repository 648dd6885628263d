"""How far the work is, and what is missing before it is handed in. Nothing here forbids it."""

from lti_tool.activities.provision_map_audit.document import Document, current, map_rows
from lti_tool.catalogue.contract import Progress

_WRITTEN_PARTS = 10
FEWEST_WORDS = 20


def is_written(answer: dict[str, str]) -> bool:
    """Whether a written part says anything to speak of."""
    return len(answer.get("evidence", "").split()) >= FEWEST_WORDS


def has_whole_map(document: Document) -> bool:
    """Whether the map has rows and every row was understood."""
    rows = map_rows(document)
    return bool(rows) and not any(row.unread for row in rows)


def is_all_written(document: Document) -> bool:
    """Whether every written part says something."""
    return sum(map(is_written, document["answers"].values())) >= _WRITTEN_PARTS


def progress(document: Document) -> Progress:
    """Parts done of parts asked for: the map, ten written parts, the action plan."""
    document = current(document)
    rows = map_rows(document)
    written = sum(1 for answer in document["answers"].values() if is_written(answer))
    unread = sum(1 for row in rows if row.unread)
    missing = []
    if not rows:
        missing.append("Your provision map has no rows yet.")
    if unread:
        verb = "row has" if unread == 1 else "rows have"
        missing.append(
            f"{unread} {verb} text that we could not read; put it right or leave it out."
        )
    if written < _WRITTEN_PARTS:
        left = _WRITTEN_PARTS - written
        missing.append(
            f"{left} of {_WRITTEN_PARTS} written parts {'has' if left == 1 else 'have'} "
            f"fewer than {FEWEST_WORDS} words."
        )
    if not document["actions"]:
        missing.append("Your action plan has no actions yet.")
    done = bool(rows) + min(written, _WRITTEN_PARTS) + bool(document["actions"])
    return Progress(done, _WRITTEN_PARTS + 2, tuple(missing))
