"""Work that must happen after a commit: lease, claim, sweep and wake.

The rows of other folders are the truth; this folder only claims them one at a time and wakes a
worker sooner than the sweep would. Losing the queue loses nothing.
"""
