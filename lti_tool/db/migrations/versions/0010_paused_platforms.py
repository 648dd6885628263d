"""How long a platform in trouble is left alone, in its registration's row."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """How long a platform in trouble is left alone, in its registration's row."""
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paused_until', types.Moment(), nullable=True))
        batch_op.add_column(sa.Column('pause_reason', types.Words(50), nullable=True))
        batch_op.add_column(sa.Column('pause_tries', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('troubled_since', types.Moment(), nullable=True))


def downgrade() -> None:
    """The same, backwards."""
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('troubled_since')
        batch_op.drop_column('pause_tries')
        batch_op.drop_column('pause_reason')
        batch_op.drop_column('paused_until')
