"""When a person's data were erased."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """When a person's data were erased."""
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', types.Moment(), nullable=True))


def downgrade() -> None:
    """Without it."""
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('erased_at')
