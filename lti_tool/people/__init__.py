"""People, their memberships, grants and visits, guests by link, and who may do what.

Names and addresses live only here, so erasing a person rewrites no history. `launch/` makes
visits; every other folder asks `access.py` what a visit may see.
"""
