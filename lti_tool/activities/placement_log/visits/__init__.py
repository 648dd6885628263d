"""Partner-school visits as participants plan and write them, and as tutors approve and accept them.

Pages, forms and rules of a visit before and after the host's answer; the answer itself, its link
and its seal are `confirming/`'s, which knows nothing of this folder.
"""
