"""What a process keeps in memory is known, and nothing of it is what another must know.

`docs/operator.md` says the same in words. A new module-level store must be named here, with why
it is safe with many processes; what a function keeps may never come from the database.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import lti_tool

PACKAGE = Path(lti_tool.__file__).parent
_ONCE = "filled as the tool starts, alike in every process"
_PACE = "only when this process last swept; two that sweep at once do the same thing once"
_STORES = frozenset(
    {"dict", "list", "set", "defaultdict", "WeakKeyDictionary", "Pool", "Rounds", "Sharing"}
)
STORES = {
    "activities/placement_log/confirming/sweeping.py:_rounds": _PACE,
    "activities/placement_log/mentoring/nudges.py:_rounds": _PACE,
    "activities/quality_standards/moving.py:_rounds": _PACE,
    "catalogue/measures.py:_measures": _ONCE,
    "catalogue/needs.py:_panels": _ONCE,
    "catalogue/needs.py:_sources": _ONCE,
    "catalogue/register.py:_activities": _ONCE,
    "coursework/reminders.py:_rounds": _PACE,
    "gradebook/pulse.py:_felt": "what this process felt of a platform; the rows hold trouble",
    "gradebook/worker.py:_pool": "threads of this worker; leases in the database count lanes",
    "gradebook/worker.py:_sharing": "lanes of this worker; leases in the database count them",
    "lti/login_registration.py:_near": "what was open 0.25 s ago; each page of a visit asks anew",
    "lti/key_sets.py:_near": "platforms' public keys for five minutes; a new key id is looked up",
    "lti/key_sets.py:_reading": "locks, so that one look serves launches of the same moment",
    "lti/keys.py:_parsed": "key files by their time of change; the folder is listed each time",
    "lti/tokens.py:_asking": "locks, so that one process asks once; tokens are in the database",
    "mail/kinds.py:_declared": _ONCE,
    "mail/links.py:_makers": _ONCE,
    "people/access.py:_gates": _ONCE,
    "people/guest_purposes.py:_purposes": _ONCE,
    "people/sweep.py:_rounds": _PACE,
    "people/visits.py:_along": _ONCE,
    "programme/cohorts/participation.py:_rounds": _PACE,
    "programme/cohorts/signed_off.py:_counting": _ONCE,
    "programme/keeping/deleting.py:_rounds": _PACE,
    "programme/mentors.py:_on_named": _ONCE,
    "programme/reminding.py:_rounds": _PACE,
    "staff/provider.py:_near": "what the identity provider says of itself, 5 minutes; never keys",
    "web/notices.py:_known": _ONCE,
    "web/places.py:_held": "where this process counts; the system knows who holds which",
}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(("demo_platform/", "db/migrations/")):
            yield place, ast.parse(path.read_text())


def _is_store(value: ast.expr | None) -> bool:
    """An empty container, or an object made at import: something that is filled later."""
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    if not isinstance(value, ast.Call):
        return False
    name = value.func
    while isinstance(name, ast.Subscript | ast.Attribute):
        name = name.value
    made = getattr(name, "id", "")
    return made in _STORES


def _found_stores() -> set[str]:
    found = set()
    for place, tree in _trees():
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            value = getattr(node, "value", None)
            found |= {f"{place}:{name}" for name in names if name.islower() and _is_store(value)}
    return found


def test_every_store_of_a_process_is_known_and_safe() -> None:
    assert _found_stores() == set(STORES)
    assert all(STORES.values())


def _kept_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for place, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(
                "cache" in ast.unparse(one).split("(")[0].rpartition(".")[2].split("_")
                for one in node.decorator_list
            ):
                yield f"{place}:{node.name}", node


def test_no_function_keeps_what_it_read_from_the_database() -> None:
    """What may be kept is worked out from arguments and from files of `config/`, which are read
    once. A function that gives a session or a row would keep what others change."""
    kept = dict(_kept_functions())
    assert len(kept) > 40, "the rule finds what it looks for"
    for name, node in kept.items():
        given = {ast.unparse(one.annotation) for one in node.args.args if one.annotation}
        assert not given & {"Session", "Database", "AnyRow", "CurrentVisit"}, name
        body = ast.unparse(node)
        assert "session(" not in body and ".execute(" not in body, name


def test_nothing_is_changed_by_the_word_global() -> None:
    for place, tree in _trees():
        assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), place
