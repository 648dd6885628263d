"""A framework to take away: as CSV for a spreadsheet, as YAML of our own form. Both read back.

What is not the official text says so in the file itself.
"""

import yaml

from lti_tool.frameworks.documents import document_of
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.frameworks.kinds import EvidenceKinds
from lti_tool.papers.tables import Cell, Table, to_csv

_HEADINGS = (
    *("Id", "Kind", "Title", "Parent", "Label", "Points"),
    *("Core", "Evidence", "Auto", "Status", "Source"),
)


def _row(item: Item, kinds: EvidenceKinds) -> list[Cell]:
    return [
        item.id,
        item.kind,
        item.title,
        item.parent,
        item.label,
        "\n".join(item.points),
        item.core,
        "; ".join(kinds.word_for(one) for one in item.evidence),
        item.auto,
        item.status,
        item.source,
    ]


def as_csv(framework: Framework) -> bytes:
    """The items, a row each, in UTF-8 with a byte order mark. Where it is a placeholder, a line
    above the headings says so."""
    kinds = EvidenceKinds(framework)
    rows = [_row(item, kinds) for item in framework.items]
    return to_csv(Table(framework.title, _HEADINGS, rows, framework.placeholder_note))


def as_yaml(framework: Framework) -> bytes:
    """The whole framework in the form of `config/frameworks/`."""
    document = document_of(framework)
    whole = {"key": document.pop("key"), "version": framework.version, **document}
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100)
    note = framework.placeholder_note
    return (f"# {note}\n{text}" if note else text).encode()
