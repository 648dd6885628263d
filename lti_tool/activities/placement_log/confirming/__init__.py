"""A host confirms a visit: by a one-time link or a code on the participant's phone, no account.

`operations.py` asks, `answering.py` takes the answer, `seals.py` keeps it provable, `paper.py` is
for schools that sign on paper, `queries.py` is what other parts show of it.
"""
