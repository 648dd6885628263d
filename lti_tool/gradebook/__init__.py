"""The door out: line items, scores, deliveries, and what the platform answered.

A delivery row is written in the same transaction as the release it promises; a worker sends
it later with no transaction open. The row is the truth: losing the queue loses nothing.
"""
