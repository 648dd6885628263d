"""Logins are kept while they wait in a frame, and noted once they were answered."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Logins are kept while they wait in a frame, and noted once they were answered.

    Whoever is on the way opens the activity once more.
    """
    op.drop_table('pending_login')
    op.create_table('waiting_login',
    sa.Column('id', _ID, nullable=False),
    sa.Column('reference', types.Words(40), nullable=False),
    sa.Column('binding_digest', types.Words(64), nullable=False),
    sa.Column('registration_id', _ID, nullable=False),
    sa.Column('deployment_hint', types.Words(255), nullable=True),
    sa.Column('login_hint', types.Words(2000), nullable=False),
    sa.Column('message_hint', types.Words(8000), nullable=True),
    sa.Column('storage_target', types.Words(255), nullable=True),
    sa.Column('place_digest', types.Words(64), nullable=False),
    sa.Column('expires_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_login'))
    )
    op.create_index('ix_waiting_login_place', 'waiting_login', ['place_digest', 'expires_at'], unique=False)
    op.create_table('used_login',
    sa.Column('id', _ID, nullable=False),
    sa.Column('lapses_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_used_login'))
    )


def downgrade() -> None:
    """The same, backwards: nobody is on the way."""
    op.drop_table('used_login')
    op.drop_index('ix_waiting_login_place', table_name='waiting_login')
    op.drop_table('waiting_login')
    op.create_table('pending_login',
    sa.Column('id', _ID, nullable=False),
    sa.Column('state', types.Words(64), nullable=False),
    sa.Column('nonce', types.Words(64), nullable=False),
    sa.Column('binding_digest', types.Words(64), nullable=False),
    sa.Column('registration_id', _ID, nullable=False),
    sa.Column('deployment_hint', types.Words(255), nullable=True),
    sa.Column('login_hint', types.Words(2000), nullable=False),
    sa.Column('message_hint', types.Words(8000), nullable=True),
    sa.Column('storage_target', types.Words(255), nullable=True),
    sa.Column('is_sent', sa.Boolean(), nullable=False),
    sa.Column('place_digest', types.Words(64), server_default='', nullable=False),
    sa.Column('expires_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pending_login'))
    )
    op.create_index('ix_pending_login_place', 'pending_login', ['place_digest', 'expires_at'], unique=False)
