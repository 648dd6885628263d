"""A framework from a YAML file, with every mistake named by line and field.

The one schema of `config/frameworks/`; config/README.md describes it. Used for what ships as the
tool starts, and for a file that a leader brings in.
"""

from lti_tool.core.located import Place, require_own_ids
from lti_tool.frameworks.checking import (
    ID_WANTED,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    MOST_ITEMS,
    in_reading_order,
    is_id,
    problems_of,
    text_problem,
)
from lti_tool.frameworks.framework import (
    AREA,
    FACT,
    ITEM,
    KINDS,
    RECONSTRUCTION,
    STANDARDS,
    Attested,
    Choice,
    Framework,
    Item,
    Level,
    Overall,
    Scale,
)

STATUSES = (FACT, RECONSTRUCTION)
_FIELDS = (
    *("key", "version", "title", "kind", "is_official_text", "source"),
    *("kind_of_item", "closed", "attested", "evidence_kinds", "scale", "overall", "items"),
)
_OF_STANDARDS = ("evidence_kinds", "scale", "overall")
_OF_ITEMS = (
    *("id", "title", "parent", "kind", "label", "points"),
    *("core", "evidence", "auto", "status", "source"),
)


def _words(place: Place, field: str, most: int = LONGEST_TITLE) -> str:
    found = place.text(field)
    if sentence := text_problem(found, most):
        raise place.refuse(field, sentence)
    return found


def _id(place: Place, field: str = "id") -> str:
    found = place.text(field)
    if not is_id(found):
        raise place.refuse(field, ID_WANTED)
    return found


def _status(place: Place) -> str:
    return place.choice("status", STATUSES) if place.text("status", "") else ""


def _item(place: Place, evidence_kinds: tuple[Choice, ...]) -> Item:
    place.allow_only(*_OF_ITEMS)
    kind = place.choice("kind", (AREA, ITEM)) if place.text("kind", "") else ITEM
    evidence = place.texts("evidence")
    known = [one.id for one in evidence_kinds]
    if unknown := [one for one in evidence if one not in known]:
        raise place.refuse("evidence", f"“{unknown[0][:40]}” is not among the evidence_kinds.")
    return Item(
        id=place.text("id"),
        title=place.text("title"),
        parent=place.text("parent", ""),
        kind=kind,
        label=place.text("label", ""),
        points=place.texts("points"),
        core=place.flag("core", False),
        evidence=evidence,
        auto=place.flag("auto", False),
        status=_status(place),
        source=place.text("source", ""),
    )


def _items(whole: Place, evidence_kinds: tuple[Choice, ...]) -> tuple[Item, ...]:
    places = whole.listed("items")
    if len(places) > MOST_ITEMS:
        raise places[MOST_ITEMS].refuse("items", f"these are more than {MOST_ITEMS:,}.")
    items = [_item(place, evidence_kinds) for place in places]
    for problem in problems_of(items):
        raise places[problem.number].refuse(problem.field, problem.sentence)
    return in_reading_order(items)


def _choices(place: Place, field: str) -> tuple[Choice, ...]:
    places = place.listed(field)
    require_own_ids(places)
    return tuple(
        Choice(_id(one), _words(one, "title"))
        for one in (found.allow_only("id", "title") for found in places)
    )


def _needed(whole: Place, field: str) -> Place:
    inside = whole.inside(field)
    if inside is None:
        raise whole.refuse(field, "quality standards need this.")
    return inside


def _scale(scale: Place) -> Scale:
    places = scale.allow_only("status", "modelled_on", "levels").listed("levels")
    require_own_ids(places)
    levels = tuple(
        Level(
            _id(one),
            _words(one, "title"),
            None if one.text("value", "") == "" else one.count("value"),
            one.flag("passes"),
            one.flag("needs_reason", False),
        )
        for one in (
            found.allow_only("id", "title", "value", "passes", "needs_reason") for found in places
        )
    )
    if {one.passes for one in levels} != {True, False}:
        raise scale.refuse("levels", "at least one level must pass, and one must not.")
    return Scale(levels, _status(scale), scale.text("modelled_on", "", most=LONGEST_SOURCE))


def _overall(place: Place) -> Overall:
    place.allow_only(
        *("status", "rule", "others_below", "states", "validity_years", "validity_note")
    )
    years = place.whole("validity_years")
    if years is None:
        raise place.refuse("validity_years", "write a whole number of years here.")
    return Overall(
        place.text("rule"),
        place.count("others_below"),
        _choices(place, "states"),
        years,
        place.text("validity_note", ""),
        _status(place),
    )


def _attested(whole: Place) -> tuple[Attested, ...]:
    if not whole.has("attested"):
        return ()
    return tuple(
        Attested(one.text("fact"), one.text("source"))
        for one in (found.allow_only("fact", "source") for found in whole.listed("attested"))
    )


def read_framework(whole: Place) -> Framework:
    """A framework from the mapping of its file.

    :raises Unusable: naming file, line and field.
    """
    whole.allow_only(*_FIELDS)
    kind = whole.choice("kind", KINDS)
    is_standards = kind == STANDARDS
    for field in _OF_STANDARDS if not is_standards else ():
        if whole.has(field):
            raise whole.refuse(field, "only quality standards have this.")
    version = whole.whole("version")
    if version is None:
        raise whole.refuse("version", "write a whole number above 0 here.")
    evidence_kinds = _choices(whole, "evidence_kinds") if is_standards else ()
    return Framework(
        key=_id(whole, "key"),
        version=version,
        title=_words(whole, "title"),
        kind=kind,
        is_official_text=whole.flag("is_official_text"),
        source=_words(whole, "source", LONGEST_SOURCE),
        kind_of_item=_words(whole, "kind_of_item", 50),
        closed=whole.text("closed", ""),
        items=_items(whole, evidence_kinds),
        attested=_attested(whole),
        evidence_kinds=evidence_kinds,
        scale=_scale(_needed(whole, "scale")) if is_standards else None,
        overall=_overall(_needed(whole, "overall")) if is_standards else None,
    )


def require_key(whole: Place, key: str) -> None:
    """The file must be for this framework.

    :raises Unusable: it is for another.
    """
    if whole.text("key") != key:
        raise whole.refuse("key", f"this must be the file's own name, {key}.")
