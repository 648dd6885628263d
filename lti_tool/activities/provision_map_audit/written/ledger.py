"""Today's figures of a piece of work, by the ids under which they are picked as evidence."""

from collections.abc import Mapping
from pathlib import Path

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.statements import Statement
from lti_tool.activities.provision_map_audit.written import evidence


def statements_for(bench: workbench.Workbench) -> dict[str, Statement]:
    """Every figure of the work in hand."""
    return evidence.statements_of(bench.document, bench.words, bench.rates, bench.rules)


def statements_in(document: documents.Document, config_dir: Path) -> Mapping[str, Statement] | None:
    """The figures of frozen work, where evidence was picked that can be compared with them."""
    if not evidence.has_picked(document):
        return None
    rates = documents.rates_in_force(document, workbench.shipped_rates(config_dir))
    words = workbench.words_in_force(config_dir)
    return evidence.statements_of(document, words, rates, workbench.rules_in_force(config_dir))
