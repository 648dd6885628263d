"""The log's own section of `config/words/placement.yaml`: what is declared on handing in."""

from functools import cache
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/placement.yaml"


@cache
def load_declarations(config_dir: Path) -> dict[str, str]:
    """Key to wording of each declaration.

    :raises Unusable: naming what is missing.
    """
    document = read_config(config_dir / "words" / "placement.yaml")
    try:
        listed = document["log"]["declarations"]
        found = {str(one["id"]): str(one["text"]) for one in listed}
    except (KeyError, TypeError):
        raise Unusable(f"{_FILE}, log: “declarations” is a list, each with id and text.") from None
    if not found:
        raise Unusable(f"{_FILE}, log: there are no declarations.")
    return found
