"""What a name, initials, a pupil code or a UPN looks like. Called by `guard.py` alone."""

from __future__ import annotations

import re

from lti_tool.privacy.words import GuardWords, fold, fold_word_list

UPN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Za-hj-np-rt-z]\s?\d{11}[0-9A-Za-z](?![A-Za-z0-9])")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
CODE = re.compile(
    r"\b(?i:pupil|child|student|learner)\s*(?i:no\.?|number|code|id)?\s*"
    r"(?:[A-Z]{1,2}\b(?!['’])|\d{1,4}\b(?!\s*[:%/-]\s*\d|\s*(?i:x|to|per|group|week|min|hour)))"
    r"|\b[PC](?:0\d{1,2}|\d{2,3})\b"
)
_YEAR = re.compile(
    r"(?:(?:years?|yrs?|y|nc)\s*\d{0,2}r?|ks\s*\d?|key stages?\s*\d|eyfs|reception|nursery|r|rec"
    r"|fs\d?|\d{1,2}[a-z]?|all|whole school|phase|upper|lower|class|classes|various|mixed|and|to"
    r"|\W|pp|fsm"
    r"|infants?|juniors?|sen|send|eal|lac|pupils?|children|with|group|boys|girls|sixth form|\s)+",
    re.I,
)
TITLE = re.compile(r"\b(?:Mrs|Mr|Miss|Ms|Mx|Dr)\.?\s+[A-Z][A-Za-z'’-]+")
_DOES = (
    r"(?:is|was|has|had|will|can|could|needs?|made|makes|enjoys|likes|finds|struggles|continues"
    r"|to (?:be|continue|have|work|use|read|join|start|move|repeat))"
)
_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’-]*")
_NOT_INITIALS = frozenset(
    [
        "PP",
        "LA",
        "HA",
        "MA",
        "LAC",
        "CLA",
        "EAL",
        "FSM",
        "PPG",
        "SEN",
        "EHC",
        "EHCP",
        "KS",
        "YR",
        "FS",
        "AM",
        "PM",
        "GRT",
        "CIN",
        "CP",
        "NEW",
        "ALL",
        "ASD",
        "ASC",
        "MLD",
        "SLD",
        "EY",
        "YN",
        "NA",
        "TBC",
        "HI",
        "VI",
        "PD",
        "CI",
        "CL",
        "SP",
        "OT",
        "EP",
        "TA",
        "CT",
        "IT",
        "PE",
        "RE",
        "DT",
        "ICT",
        "GDS",
        "EXS",
        "WTS",
        "SLT",
        "LSA",
        "SALT",
        "RAG",
        "YES",
        "NO",
        "OK",
        "UK",
        "II",
        "III",
        "IV",
        "ELG",
        "GLD",
        "KS1",
        "KS2",
        "NC",
        "QFT",
        "RWI",
        "ELSA",
        "TT",
        "FFT",
        "MSI",
        "ADHD",
        "ODD",
        "PMLD",
        "SPLD",
        "SLCN",
        "SEMH",
        "BESD",
        "HLTA",
    ]
)


def is_year_group(text: str) -> bool:
    """'Y4', 'KS2', 'Year 3 and 4', 'Reception', 'All': who takes part, without names."""
    return bool(_YEAR.fullmatch(text.strip()))


def list_parts(text: str) -> list[str]:
    """A list of people taken apart at commas, 'and', slashes and line breaks."""
    parts = re.split(r"[,;/\n&+|()]|\band\b", text)
    return [part.strip() for part in parts if part.strip()]


def is_initials(text: str, words: GuardWords) -> bool:
    """'AB', 'A.B.', 'J S'; not 'TA', 'KS', 'PP' and other letters that schools use."""
    text = text.strip()
    if not re.fullmatch(r"[A-Z]\.?[ -]?[A-Z]\.?(?:[ -]?[A-Z]\.?)?", text):
        return False
    letters = re.sub(r"[^A-Z]", "", text)
    folded = letters.casefold()
    return letters not in _NOT_INITIALS and folded not in words.codes


def is_person_shaped(text: str, words: GuardWords) -> bool:
    """A whole text that is a name: 'Ben Carter', 'Carter, Ben', 'Ben', 'Ben C.', 'B. Carter'."""
    text = re.sub(r"(?<!\s)\s*\([^)]{0,200}\)\s*$", "", text.strip())
    tokens = _TOKEN.findall(text)
    if not 1 <= len(tokens) <= 4 or not re.fullmatch(r"[A-Za-zÀ-ÿ'’.,\s-]+", text):
        return False
    if len(tokens) > 2 and not all(token[0].isupper() for token in tokens):
        return False  # "Jack is doing well" tells of somebody, but is no name
    folded = [token.casefold().strip("'’") for token in tokens]
    if fold_word_list(text) in words.codes:
        return False
    if fold(text) in words.unknown or any(token in words.school_words for token in folded):
        return False
    if folded[0] in words.first_names or folded[-1] in words.first_names:
        return True
    if folded[0] in words.weak_names:
        return True
    if len(tokens) == 1:
        return False
    return all(token[0].isupper() for token in tokens) and not all(t.isupper() for t in tokens)


def has_person(text: str, words: GuardWords) -> bool:
    """A name somewhere in a text: a first name with a capital, a title, dotted initials."""
    if TITLE.search(text):
        return True
    if re.search(r"(?<![\w.])[A-Z]\.\s?[A-Z]\.(?!\s?[A-Z]\.|\w)", text):
        initials = re.search(r"(?<![\w.])[A-Z]\.\s?[A-Z]\.", text)
        if initials and is_initials(initials[0], words):
            return True
    tokens = _TOKEN.findall(text)
    for index, token in enumerate(tokens):
        if not token[0].isupper():
            continue
        name = re.sub(r"['’]s$", "", token).casefold()
        if name in words.first_names:
            return True
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if name in words.weak_names and (
            _is_surname(following, text, token, words) or _is_addressed(token, text, words)
        ):
            return True
    return False


def _is_addressed(token: str, text: str, words: GuardWords) -> bool:
    """'Jack - 1:1 TA' and 'support for Jack': an everyday word that stands as a name."""
    if token == token.upper() or token.casefold() in words.school_words:
        return False
    name = re.escape(token)
    return bool(
        re.search(rf"^\s*{name}\s*(?:[-–:(]|['’]s\s)\s*(?!room|class|group)", text)
        or re.search(rf"\b(?:for|with|to)\s+{name}\s*(?:$|[-–:(,;.])", text)
        or re.search(rf"\b{name}\s+{_DOES}\b", text)
    )


def names_somebody(text: str, words: GuardWords) -> bool:
    """A name in a cell that should hold a number, a date or a time: everyday words count too."""
    return any(
        token[0].isupper()
        and token.casefold() in words.weak_names
        and token.casefold() not in words.school_words
        and token.casefold() not in ("may", "april", "june", "august", "will")
        for token in _TOKEN.findall(text)
    )


def _is_surname(following: str, text: str, token: str, words: GuardWords) -> bool:
    """A capital word straight after, not shouting, and no school word."""
    if not re.search(rf"{re.escape(token)} {re.escape(following)}", text) or len(following) < 3:
        return False
    word = re.sub(r"['’]s$", "", following).casefold()
    return (
        following[0].isupper()
        and following != following.upper()
        and not (
            word in words.school_words or (word in words.first_names and word in words.school_words)
        )
    )
