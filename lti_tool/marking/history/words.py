"""What people did, in words: a sentence for every act that is recorded anywhere in the tool.

A test walks the code for acts, so a new one without words is found before it is shipped.
"""

HAND_IN, MARKS, RELEASE, MODERATION = "hand-in", "marks", "release", "moderation"
GRADEBOOK, SET_UP = "gradebook", "set-up"
ELSEWHERE = "elsewhere"
"""Acts that are no part of an assignment's history: people, roles, connections."""

KINDS: dict[str, str] = {
    HAND_IN: "Handing in",
    MARKS: "Marks",
    RELEASE: "Release",
    MODERATION: "Moderation",
    GRADEBOOK: "Gradebook",
    SET_UP: "Dates and set-up",
}
"""The filters of the page, in their order."""

ACTS: dict[str, tuple[str, str]] = {
    "work handed in": (HAND_IN, "Handed the work in"),
    "work taken back": (HAND_IN, "Took the work back to go on with it"),
    "further attempt opened": (HAND_IN, "Opened a further attempt"),
    "mark saved": (MARKS, "Saved marks"),
    "mark agreed": (MARKS, "Agreed the mark"),
    "markers allocated": (MARKS, "Said who marks whose work"),
    "second marker named": (MARKS, "Named the second marker"),
    "third marker named": (MARKS, "Named the third marker"),
    "work taken away": (MARKS, "Took work away to mark it elsewhere"),
    "work handed over": (MARKS, "Gave the work to another marker"),
    "comment kept": (MARKS, "Kept a comment to use again"),
    "comment taken out of use": (MARKS, "Took a kept comment out of use"),
    "remark made": (MARKS, "Made a remark on the work"),
    "remark changed": (MARKS, "Changed a remark on the work"),
    "remark removed": (MARKS, "Removed a remark on the work"),
    "rubric chosen": (SET_UP, "Chose the rubric"),
    "mark released": (RELEASE, "Released the mark"),
    "release taken back": (RELEASE, "Took the release back"),
    "release scheduled": (RELEASE, "Set a time for the release"),
    "scheduled release cancelled": (RELEASE, "Cancelled the release that was set for a time"),
    "decision recorded": (RELEASE, "Recorded a decision on the mark"),
    "board recorded": (RELEASE, "Recorded the assessment board’s results"),
    "evidence exported": (RELEASE, "Took away the evidence on the work"),
    "hold placed": (RELEASE, "Held the mark back"),
    "hold lifted": (RELEASE, "Lifted the hold"),
    "moderation drawn": (MODERATION, "Drew a sample to be moderated"),
    "moderation piece looked at": (MODERATION, "Looked at the work as moderator"),
    "moderation decided": (MODERATION, "Decided the moderation"),
    "guest link given": (MODERATION, "Gave a guest a link"),
    "guest link opened": (MODERATION, "A guest opened their link"),
    "guest link revoked": (MODERATION, "Took a guest’s link back"),
    "examiner commented": (MODERATION, "Commented as external examiner"),
    "examiner answered": (MODERATION, "Answered the external examiner"),
    "mark cleared from gradebook": (GRADEBOOK, "Cleared the mark from the gradebook"),
    "gradebook column made again": (GRADEBOOK, "Had the gradebook column made again"),
    "gradebook difference decided": (GRADEBOOK, "Decided on a difference in the gradebook"),
    "released marks promised": (GRADEBOOK, "Marks released before were promised to the gradebook"),
    "mark sent again": (GRADEBOOK, "Asked for the mark to be sent again"),
    "work set": (SET_UP, "Set the work"),
    "work set anew": (SET_UP, "Set the work anew"),
    "chosen set-up placed": (SET_UP, "Put the chosen set-up in place"),
    "set-up copied with the course": (SET_UP, "The set-up came with a copied course"),
    "copied set-up kept": (SET_UP, "Kept the set-up that came with a copied course"),
    "copied set-up dropped": (SET_UP, "Put the set-up of a copied course aside"),
    "dates changed": (SET_UP, "Changed the dates"),
    "title or maximum changed": (SET_UP, "Changed the title or the maximum mark"),
    "cohort closed": (SET_UP, "Closed the cohort because the course was reset"),
    "extension granted": (SET_UP, "Agreed a later date"),
    "extension withdrawn": (SET_UP, "Withdrew a later date"),
    "restored from a backup": (ELSEWHERE, "Brought the tool back from a backup"),
    "visit planned": (ELSEWHERE, "Planned a partner-school visit"),
    "visit changed": (ELSEWHERE, "Changed a partner-school visit"),
    "visit moved": (ELSEWHERE, "Moved a partner-school visit on or back"),
    "visit removed": (ELSEWHERE, "Removed a partner-school visit"),
    "activities chosen": (ELSEWHERE, "Chose activities for the course"),
    "meeting written": (ELSEWHERE, "Wrote down a meeting"),
    "meeting changed": (ELSEWHERE, "Changed a meeting"),
    "meeting confirmed": (ELSEWHERE, "Confirmed a meeting"),
    "meeting queried": (ELSEWHERE, "Said that something is wrong with a meeting"),
    "meeting removed": (ELSEWHERE, "Removed a meeting"),
    "mentor asked": (ELSEWHERE, "Asked the tutors as a mentor"),
    "mentor answered": (ELSEWHERE, "Replied to a mentor"),
    "role granted": (ELSEWHERE, "Gave a role"),
    "role taken back": (ELSEWHERE, "Took a role back"),
    "markers named": (ELSEWHERE, "Let only those named mark"),
    "markers open": (ELSEWHERE, "Let everyone who teaches mark"),
    "roles changed": (ELSEWHERE, "Changed somebody’s part in the course"),
    "off the roster": (ELSEWHERE, "Somebody left the course site’s list"),
    "back on the roster": (ELSEWHERE, "Somebody is on the course site’s list again"),
    "framework put in force": (ELSEWHERE, "Put a version of a framework in force"),
    "message sent again": (ELSEWHERE, "Asked for a message to be sent again"),
    "invitation made": (ELSEWHERE, "Made an invitation for a course site"),
    "registration added": (ELSEWHERE, "Added a connection with a course site"),
    "registration updated": (ELSEWHERE, "Changed a connection with a course site"),
    "registration update proposed": (ELSEWHERE, "Proposed a change of a connection"),
    "registration approved": (ELSEWHERE, "Approved a connection with a course site"),
    "registration enabled": (ELSEWHERE, "Switched a connection on"),
    "registration disabled": (ELSEWHERE, "Switched a connection off"),
    "deployment enabled": (ELSEWHERE, "Switched a deployment on"),
    "deployment disabled": (ELSEWHERE, "Switched a deployment off"),
    "connection checked": (ELSEWHERE, "Checked a connection with a course site"),
    "access refused": (ELSEWHERE, "Tried to open something they may not"),
    "school of a participant recorded": (ELSEWHERE, "Recorded where a participant works"),
    "standing of a participant recorded": (ELSEWHERE, "Recorded a participant’s QTS and dates"),
    "head asked to agree": (ELSEWHERE, "Asked the head to agree"),
    "head answered": (ELSEWHERE, "The head answered"),
    "school’s agreement closed": (ELSEWHERE, "Closed what the school was asked or had agreed"),
    "school’s agreement recorded": (ELSEWHERE, "Recorded the school’s agreement"),
    "DBS check recorded": (ELSEWHERE, "Recorded the facts of a DBS check"),
    "DBS check withdrawn": (ELSEWHERE, "Withdrew a DBS check recorded wrongly"),
    "mentor named": (ELSEWHERE, "Named a mentor"),
    "role of a mentor changed": (ELSEWHERE, "Changed a mentor’s role"),
    "mentorship ended": (ELSEWHERE, "Ended a mentorship"),
    "facts brought in": (ELSEWHERE, "Brought facts of a cohort in by file"),
    "host asked": (ELSEWHERE, "Asked a host school to confirm a visit"),
    "code shown": (ELSEWHERE, "Showed a code for a host school to confirm a visit"),
    "host no longer asked": (ELSEWHERE, "Took back what a host school was asked"),
    "host answered": (ELSEWHERE, "Answered for the host school"),
    "confirmation passed on": (ELSEWHERE, "Passed the question on within the host school"),
    "confirmed on paper": (ELSEWHERE, "Recorded that a host school confirmed on paper"),
    "seal broken": (ELSEWHERE, "Changed a visit after the host school had confirmed it"),
    "signature erased": (ELSEWHERE, "Erased the name under a host school’s answer"),
    "session set up": (ELSEWHERE, "Set up a session or a face-to-face day"),
    "session changed": (ELSEWHERE, "Changed a session or a face-to-face day"),
    "session removed": (ELSEWHERE, "Removed a session or a face-to-face day"),
    "attendance taken": (ELSEWHERE, "Took attendance"),
    "set-up carried to the next cohort": (
        SET_UP,
        "Carried the set-up over",
    ),
    "dates carried to the next cohort": (SET_UP, "Carried the dates over"),
    "draft carried forward": (HAND_IN, "Carried a person’s own draft over"),
    "visits carried forward": (HAND_IN, "Carried a person’s own visits over"),
    "programme made": (ELSEWHERE, "Made a programme"),
    "programme changed": (ELSEWHERE, "Changed a programme"),
    "module added": (ELSEWHERE, "Added a module"),
    "module changed": (ELSEWHERE, "Changed a module"),
    "module removed": (ELSEWHERE, "Took a module out of use"),
    "evidence offered": (ELSEWHERE, "Offered evidence for outcomes"),
    "evidence changed": (ELSEWHERE, "Changed evidence for outcomes"),
    "evidence taken back": (ELSEWHERE, "Took evidence for outcomes back"),
    "confidence given": (ELSEWHERE, "Said how sure they feel of outcomes"),
    "outcome signed off": (ELSEWHERE, "Signed an outcome off as met"),
    "outcome queried": (ELSEWHERE, "Asked a question about an outcome"),
    "outcome opened again": (ELSEWHERE, "Opened an outcome again"),
    "cohort begun": (ELSEWHERE, "Began a cohort"),
    "cohort changed": (ELSEWHERE, "Changed a cohort"),
    "course joined": (ELSEWHERE, "Joined the course to a programme"),
    "course taken out": (ELSEWHERE, "Took the course out of a programme"),
    "people brought into cohort": (ELSEWHERE, "Brought people of the course list into the cohort"),
    "participation changed": (ELSEWHERE, "Changed somebody’s status in a cohort"),
    "module results recorded": (ELSEWHERE, "Recorded a list of module results"),
    "student number kept": (ELSEWHERE, "Kept a student number"),
    "award recorded": (ELSEWHERE, "Recorded a decision on an award"),
    "leadership asked for": (ELSEWHERE, "Asked to lead a programme"),
    "leadership agreed": (ELSEWHERE, "Agreed that somebody leads"),
    "leadership declined": (ELSEWHERE, "Declined that somebody leads"),
    "checklist begun": (ELSEWHERE, "Began a quality standards checklist"),
    "standard judged": (ELSEWHERE, "Wrote about a quality standard"),
    "evidence added": (ELSEWHERE, "Added evidence for a quality standard"),
    "evidence taken away": (ELSEWHERE, "Took evidence for a quality standard away"),
    "checklist commented on": (ELSEWHERE, "Commented on a quality standards checklist"),
    "comment dealt with": (ELSEWHERE, "Marked a comment as dealt with"),
    "checklist moved": (ELSEWHERE, "Moved a quality standards checklist on"),
    "standards taken over": (ELSEWHERE, "Took newer quality standards over"),
    "registration pace changed": (ELSEWHERE, "Changed how much is sent at a time"),
}
"""Act to its kind and its words."""

JUDGED = {
    "first": "Saved marks",
    "second": "Saved a second marker’s marks",
    "third": "Saved a third marker’s marks",
    "agreed": "Saved the agreed mark",
}
ACTORS = {
    "operator": "Whoever runs the tool",
    "platform": "The course site",
    "tool": "The tool",
    "invitation": "The course site",
    "guest": "A guest",
}
REMOVED = "A person who was removed"
NO_NAME = "A participant"
EVERYONE = "Everyone"

FIELDS: dict[str, str] = {
    "final": "mark",
    "raw": "raw mark",
    "overall": "mark",
    "mark": "mark",
    "scaled": "after scaling",
    "penalty": "penalty",
    "cap": "cap",
    "due_at": "due",
    "at": "at",
    "board_on": "board",
    "closed_at": "closed",
    "attempt": "attempt",
    "is_capped": "capped",
    "for_all": "for everyone",
    "view": "view",
    "decision": "decision",
    "scaling": "scaling",
    "round": "round",
    "sample": "sample",
    "gradebook": "gradebook",
    "standing": "standing",
    "source": "source",
    "maximum": "maximum",
    "first": "first marker’s mark",
    "second": "second marker’s mark",
    "third": "third marker’s mark",
    "how": "how",
    "finding": "finding",
    "given": "mark",
    "marks": "marks",
    "recorded": "recorded",
    "left_out": "left out",
    "deliveries_cancelled": "marks not sent",
    "activity": "activity",
    "state": "state",
    "place": "about",
}
"""What of an entry's before and after is shown, and under which name; numbers of rows are not."""

PEOPLE = {"marker": "marker"}
"""What holds the row number of somebody who marks."""

HIDDEN = "hidden until you have marked it yourself"


def words_of(act: str, became: dict[str, object] | None) -> str:
    """An act as a sentence without its subject."""
    if act == "mark saved":
        return JUDGED.get(str((became or {}).get("kind", "first")), JUDGED["first"])
    known = ACTS.get(act)
    return known[1] if known else act[:1].upper() + act[1:]


def acts_of(kind: str) -> list[str]:
    """The acts of one kind."""
    return [act for act, (its, _) in ACTS.items() if its == kind]
