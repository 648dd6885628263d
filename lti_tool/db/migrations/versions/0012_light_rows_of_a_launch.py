"""What each launch writes, with fewer indexes and no keys to rows that all launches share."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_SHARED = {'registration_id': 'registration', 'context_id': 'context', 'resource_link_id': 'resource_link'}


def upgrade() -> None:
    """What each launch writes, with fewer indexes and no keys to rows that all launches share.

    Logins in flight, ten minutes old at the most, stay until they lapse and are found no more:
    their numbers were counted. Whoever is on the way opens the activity once more.
    """
    with op.batch_alter_table('pending_login', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pending_login_expires_at'))
        batch_op.drop_constraint(batch_op.f('uq_pending_login_reference'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_pending_login_state_digest'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_pending_login_registration_id_registration'), type_='foreignkey')
        batch_op.drop_column('reference')
        batch_op.drop_column('state_digest')
        batch_op.drop_column('nonce_digest')

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_ends_at'))
        for column, table in _SHARED.items():
            batch_op.drop_constraint(batch_op.f(f'fk_visit_{column}_{table}'), type_='foreignkey')


def downgrade() -> None:
    """The same, backwards. Logins in flight have digests that no state has."""
    with op.batch_alter_table('visit', schema=None) as batch_op:
        for column, table in _SHARED.items():
            batch_op.create_foreign_key(batch_op.f(f'fk_visit_{column}_{table}'), table, [column], ['id'])
        batch_op.create_index(batch_op.f('ix_visit_ends_at'), ['ends_at'], unique=False)

    lengths = {'reference': 40, 'state_digest': 64, 'nonce_digest': 64}
    with op.batch_alter_table('pending_login', schema=None) as batch_op:
        for name, length in lengths.items():
            batch_op.add_column(sa.Column(name, types.Words(length), nullable=True))
    op.execute("UPDATE pending_login SET reference = 'login ' || id, state_digest = 'login ' || id, nonce_digest = ''")
    with op.batch_alter_table('pending_login', schema=None) as batch_op:
        for name, length in lengths.items():
            batch_op.alter_column(name, existing_type=types.Words(length), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_pending_login_reference'), ['reference'])
        batch_op.create_unique_constraint(batch_op.f('uq_pending_login_state_digest'), ['state_digest'])
        batch_op.create_foreign_key(batch_op.f('fk_pending_login_registration_id_registration'), 'registration', ['registration_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_pending_login_expires_at'), ['expires_at'], unique=False)
