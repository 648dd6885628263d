"""Where a login in flight came from, in its own row."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Where a login in flight came from, in its own row."""
    with op.batch_alter_table('pending_login', schema=None) as batch_op:
        batch_op.add_column(sa.Column('place_digest', types.Words(64), server_default='', nullable=False))
        batch_op.create_index('ix_pending_login_place', ['place_digest', 'expires_at'], unique=False)


def downgrade() -> None:
    """The same, backwards."""
    with op.batch_alter_table('pending_login', schema=None) as batch_op:
        batch_op.drop_index('ix_pending_login_place')
        batch_op.drop_column('place_digest')
