"""The columns of a lead provider's list: read from the file, refused by name where wrong."""

import shutil
from pathlib import Path

import pytest
import yaml

from lti_tool.core.errors import Unusable
from lti_tool.programme.cohorts.provider.columns import HOLDS, load_provider_words

SHIPPED = Path(__file__).parents[3] / "config" / "words" / "provider_list.yaml"


def _written(folder: Path, **changed: object) -> Path:
    (folder / "words").mkdir(exist_ok=True)
    document = yaml.safe_load(SHIPPED.read_text("utf-8")) | changed
    (folder / "words" / SHIPPED.name).write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return folder


def test_what_ships_has_every_column_and_says_that_it_is_an_example() -> None:
    words = load_provider_words(SHIPPED.parents[1])
    assert words.is_example and set(words.columns) == set(HOLDS)


def test_a_provider_has_its_own_columns_in_its_own_order(tmp_path: Path) -> None:
    columns = {"result": "Outcome", "trn": "TRN"}
    words = load_provider_words(_written(tmp_path, status="approved", columns=columns))
    assert list(words.columns.items()) == [("result", "Outcome"), ("trn", "TRN")]
    assert not words.is_example


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"columns": {"cost": "Cost"}}, "“cost” is unknown"),
        ({"columns": {"trn": "X", "name": "X"}}, "two columns have one heading"),
        ({"columns": []}, "“columns” needs a word"),
        ({"states": {"active": "Started"}}, "a word is missing for intermitting"),
        ({"results": {"npq_passed": 7, "npq_failed": "F"}}, "results, npq_passed: give a text"),
        ({"more": 1}, "and nothing else"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Unusable, match=said):
        load_provider_words(_written(tmp_path, **changed))


def test_a_file_that_is_no_yaml(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    shutil.copy(SHIPPED, folder)
    (folder / SHIPPED.name).write_text("a: [", "utf-8")
    with pytest.raises(Unusable, match=r"line 2, is no valid YAML"):
        load_provider_words(tmp_path)
