"""Staff who sign in without a course site, and what they did in the audit."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Staff who sign in without a course site, and what they did in the audit."""
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('staff_member',
    sa.Column('id', number, nullable=False),
    sa.Column('issuer', types.Words(500), nullable=False),
    sa.Column('subject', types.Words(255), nullable=True),
    sa.Column('email', types.Words(320), nullable=True),
    sa.Column('role', types.Words(20), nullable=False),
    sa.Column('added_at', types.Moment(), nullable=False),
    sa.Column('signed_in_at', types.Moment(), nullable=True),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_member'))
    )
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.create_index('ix_staff_member_issuer_email', ['issuer', 'email'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))
        batch_op.create_index('ix_staff_member_issuer_subject', ['issuer', 'subject'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))

    op.create_table('staff_session',
    sa.Column('id', number, nullable=False),
    sa.Column('secret_digest', types.Words(64), nullable=False),
    sa.Column('member_id', number, nullable=False),
    sa.Column('started_at', types.Moment(), nullable=False),
    sa.Column('ends_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['staff_member.id'], name=op.f('fk_staff_session_member_id_staff_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_session')),
    sa.UniqueConstraint('secret_digest', name=op.f('uq_staff_session_secret_digest'))
    )
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_session_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_session_member_id'), ['member_id'], unique=False)

    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_id', number, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_audit_entry_staff_id_staff_member'), 'staff_member', ['staff_id'], ['id'])


def downgrade() -> None:
    """The same, backwards."""
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_audit_entry_staff_id_staff_member'), type_='foreignkey')
        batch_op.drop_column('staff_id')

    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_session_member_id'))
        batch_op.drop_index(batch_op.f('ix_staff_session_ends_at'))

    op.drop_table('staff_session')
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.drop_index('ix_staff_member_issuer_subject', sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))
        batch_op.drop_index('ix_staff_member_issuer_email', sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))

    op.drop_table('staff_member')
