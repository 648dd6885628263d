"""What a launch's roles let someone be here (LTI Core 1.3, appendix A.2).

Exact addresses only: a word that merely ends in #Instructor gives nothing. Roles in the context
decide; an Instructor of the institution who learns in this course is a participant.
"""

from collections.abc import Iterable

from lti_tool.lti.vocabulary import INSTITUTION_PERSON, MEMBERSHIP, SYSTEM_PERSON

PARTICIPANT = "participant"
TUTOR = "tutor"
MENTOR = "mentor"
ADMIN = "admin"

_EXACT = {
    f"{MEMBERSHIP}#Instructor": TUTOR,
    "Instructor": TUTOR,
    f"{MEMBERSHIP}/Instructor#TeachingAssistant": TUTOR,
    f"{MEMBERSHIP}/Instructor#PrimaryInstructor": TUTOR,
    f"{MEMBERSHIP}/Instructor#SecondaryInstructor": TUTOR,
    f"{MEMBERSHIP}/Instructor#GuestInstructor": TUTOR,
    f"{MEMBERSHIP}/Instructor#ExternalInstructor": TUTOR,
    f"{MEMBERSHIP}/Instructor#Lecturer": TUTOR,
    f"{MEMBERSHIP}#Learner": PARTICIPANT,
    "Learner": PARTICIPANT,
    f"{MEMBERSHIP}/Learner#Learner": PARTICIPANT,
    f"{MEMBERSHIP}/Learner#ExternalLearner": PARTICIPANT,
    f"{MEMBERSHIP}/Learner#GuestLearner": PARTICIPANT,
    f"{MEMBERSHIP}/Learner#NonCreditLearner": PARTICIPANT,
    f"{MEMBERSHIP}#Mentor": MENTOR,
    f"{SYSTEM_PERSON}#Administrator": ADMIN,
    f"{INSTITUTION_PERSON}#Administrator": ADMIN,
}


def known_roles(addresses: Iterable[str]) -> frozenset[str]:
    """Our words for a launch's roles; what we do not know is passed over."""
    return frozenset(_EXACT[address] for address in addresses if address in _EXACT)


_SHORT = {"Mentor": MENTOR, "Learner": PARTICIPANT, "Instructor": TUTOR}


def roster_roles(names: Iterable[str]) -> frozenset[str]:
    """Our words for a roster's roles, where short names are usual (NRPS 2.0, 2.2)."""
    given = list(names)
    return known_roles(given) | {_SHORT[name] for name in given if name in _SHORT}
