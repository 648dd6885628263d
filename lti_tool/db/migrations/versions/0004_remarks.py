"""Remarks of markers on places in a piece of work."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remarks of markers on places in a piece of work."""
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('remark',
    sa.Column('id', number, nullable=False),
    sa.Column('submission_id', number, nullable=False),
    sa.Column('copy_id', number, nullable=False),
    sa.Column('author_id', number, nullable=False),
    sa.Column('anchor', types.Words(100), nullable=False),
    sa.Column('text', types.Words(3000), nullable=False),
    sa.Column('replaces_id', number, nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_remark_author_id_person')),
    sa.ForeignKeyConstraint(['copy_id'], ['handed_in_copy.id'], name=op.f('fk_remark_copy_id_handed_in_copy')),
    sa.ForeignKeyConstraint(['replaces_id'], ['remark.id'], name=op.f('fk_remark_replaces_id_remark')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_remark_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_remark_replaces_id'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_submission_id'), ['submission_id'], unique=False)


def downgrade() -> None:
    """The same, backwards. The remarks are lost; nothing else is touched."""
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remark_submission_id'))

    op.drop_table('remark')
