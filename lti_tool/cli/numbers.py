"""Numbers of rows, as operators type them."""

import click

from lti_tool.db.base import LARGEST_ID

ROW = click.IntRange(1, LARGEST_ID)
"""Another is wrong use, and no question for the database."""
