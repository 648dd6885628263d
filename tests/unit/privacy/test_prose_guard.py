"""Children are found in long writing; scholars, places and programmes are let be."""

from __future__ import annotations

import time

import pytest

from lti_tool.privacy.prose import find_in_prose
from lti_tool.privacy.words import GuardWords

NOBODY: frozenset[str] = frozenset()

CHILDREN = [
    ("Jack finds phonics hard.", "name", "Jack"),
    ("Since September Amir has read every day.", "name", "Amir"),
    ("We began with a boy called Amir.", "name", "Amir"),
    ("One pupil, Xanthe, was absent in spring.", "name", "Xanthe"),
    ("Thulani struggles with phonics.", "name", "Thulani"),
    ("Grace Carter read aloud to the class.", "name", "Grace Carter"),
    ("Will’s progress was slow.", "name", "Will"),
    ("The impact for Oliver’s reading was clear (Webster, 2015).", "name", "Oliver"),
    ("Then Oliver Brown joined the group.", "name", "Oliver Brown"),
    ("J.S. in Y4 reads with a TA.", "initials", "J.S."),
    ("The plan for A. B. ended in spring.", "initials", "A. B."),
    ("JS (Y4) attends twice a week.", "initials", "JS"),
    ("MK struggles with spelling.", "initials", "MK"),
    ("A girl known as KT left the group.", "initials", "KT"),
    ("Pupil A made six months of progress.", "code", "Pupil A"),
    ("His UPN is A123456789012.", "upn", "A123456789012"),
    ("He was born on 3 May 2016.", "birth", "born on 3 May 2016"),
    ("DOB: 03/05/16", "birth", "DOB: 03/05/16"),
    ("Write to jo.bloggs@school.sch.uk today.", "email", "jo.bloggs@school.sch.uk"),
    ("His mother’s number is 07700 900123.", "phone", "07700 900123"),
    ("Ring 0113 496 0000 in the morning.", "phone", "0113 496 0000"),
    ("Mrs Patel runs the group.", "adult", "Mrs Patel"),
    (
        "References\nNorwich, B. (2014) Aims. London: Sage.\nJack finds phonics hard.",
        "name",
        "Jack",
    ),
    ("Thomas (2013) argues so. Yet Thomas finds phonics hard.", "name", "Thomas"),
    ("Norwich (2014), as we saw, was right, and Zainab is proof of it.", "name", "Zainab"),
]

NO_CHILDREN = [
    "Inclusion is contested (Norwich, 2014; Webster et al., 2015; DfE and DoH, 2015, p. 16).",
    "Webster et al. (2015) found that support by a TA costs independence.",
    "Vygotsky argues that learning is social, as Bandura notes, and Bruner (1978) agreed.",
    "Thomas and Loxley (2007) and Gary Thomas argue against categories.",
    "Carol Dweck’s work on mindset, and Daniel Willingham’s, are often quoted.",
    "J.S. Bruner wrote on scaffolding. Bruner, J.S. and Wood, D. agreed.",
    "Jean Piaget’s theory (Piaget, 1952) was questioned by Margaret Donaldson (1978).",
    "Hamish & Milo, Zippy’s Friends and Toe by Toe run in Year 4; Alex Kelly Talkabout in Year 8.",
    "The Rochford Review, the Salamanca Statement and the Children and Families Act 2014.",
    "The SEND Code of Practice (DfE, 2015) and the Timpson Review (2019) say so.",
    "St James Primary School and Victoria Road Infants share a SENCo; Charles Dickens Academy too.",
    "In May and June the group met. April was short. Will this last? Hope is not a plan.",
    "Reading ages rose. Summer Term data, Autumn 1 and Spring 2 agree. Max 6 pupils.",
    "Art and Reading Recovery run in the Rose Room. Mark schemes were used.",
    "References\nNorwich, B. (2014) Addressing tensions. London: Sage.\n"
    "Thomas, G. and Loxley, A. (2007) Deconstructing. Maidenhead: Open University Press.\n"
    "James, O. and Grace, P. (2001) ‘Emma’s story’. London: Jessica Kingsley.\n"
    "In: K. Topping and S. Maloney (eds.) The Reader.",
    "Pupils enjoy the club. Parents told us so. Everyone struggles with change at times.",
    "Phonics is hard for some. Staff found it difficult. She finds it hard; He is in Year 4.",
    "The cost was £1,240.50 for 12 weeks, 30 minutes, 3 x a week, 02/09/2025 to 19/12/2025.",
    "The TA and HLTA (KS2) work with the EP, and the LA reviews EHC plans. SEMH needs rose.",
    "U.K. policy since 1981, e.g. the Warnock Report (DES, 1978), i.e. before the Act.",
    "ISBN 978-0-335-22371-8; doi 10.1080/08856257.2014.938446; https://www.gov.uk/code",
    "Boxall Profile, Sandwell, Salford and Schonell scores, and the Vernon test, were used.",
    "Children in Year 4 were born in summer 2016, and two groups of pupils began.",
]


@pytest.mark.parametrize(("text", "kind", "very"), CHILDREN)
def test_a_child_in_writing_is_found(text: str, kind: str, very: str, words: GuardWords) -> None:
    found = find_in_prose(text, words, NOBODY)
    assert [(one.kind, one.text) for one in found] == [(kind, very)]
    assert found[0].reason.endswith(".")


@pytest.mark.parametrize("text", NO_CHILDREN)
def test_an_essay_is_let_be(text: str, words: GuardWords) -> None:
    assert find_in_prose(text, words, NOBODY) == []


def test_what_is_no_child_is_said_once(words: GuardWords) -> None:
    text = "Jack finds phonics hard. Amir and Jack enjoy Maisie Works, a reading scheme."
    first = find_in_prose(text, words, NOBODY)
    assert [one.text for one in first] == ["Jack", "Amir", "Maisie Works"]
    cleared = frozenset({first[0].clear_key, "Maisie Works"})
    assert [one.text for one in find_in_prose(text, words, cleared)] == ["Amir"]


def test_numbers_of_a_child_cannot_be_cleared(words: GuardWords) -> None:
    text = "A123456789012, born 03/05/2016, a.b@c.org"
    found = find_in_prose(text, words, NOBODY)
    assert [one.kind for one in found] == ["upn", "birth", "email"]
    again = find_in_prose(text, words, frozenset(one.clear_key for one in found))
    assert again == found and not any(one.can_clear for one in found)


def test_long_writing_is_looked_through_quickly(words: GuardWords) -> None:
    text = "\n".join([*NO_CHILDREN, *("a" * 3000, "A. " * 900, "Ab " * 900, "(" * 500)]) * 4
    begun = time.process_time()
    find_in_prose(text, words, NOBODY)
    assert time.process_time() - begun < 3
