"""Versions of outcome sets and quality standards, and which of them is in force."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Versions of outcome sets and quality standards, and which of them is in force."""
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('framework_version',
    sa.Column('id', number, nullable=False),
    sa.Column('key', types.Words(100), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('registration_id', number, nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('document_digest', types.Words(64), nullable=False),
    sa.Column('brought_in_by_id', number, nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['brought_in_by_id'], ['person.id'], name=op.f('fk_framework_version_brought_in_by_id_person')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_framework_version_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_framework_version_key_version'))
    )
    op.create_index(op.f('ix_framework_version_registration_id'), 'framework_version', ['registration_id'], unique=False)
    op.create_table('framework_choice',
    sa.Column('id', number, nullable=False),
    sa.Column('registration_id', number, nullable=False),
    sa.Column('key', types.Words(100), nullable=False),
    sa.Column('framework_version_id', number, nullable=False),
    sa.Column('put_by_id', number, nullable=False),
    sa.Column('put_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['framework_version_id'], ['framework_version.id'], name=op.f('fk_framework_choice_framework_version_id_framework_version')),
    sa.ForeignKeyConstraint(['put_by_id'], ['person.id'], name=op.f('fk_framework_choice_put_by_id_person')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_framework_choice_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_choice'))
    )
    op.create_index('ix_framework_choice_registration_id_key', 'framework_choice', ['registration_id', 'key'], unique=False)


def downgrade() -> None:
    """The same, backwards. Wordings that leaders brought in are lost; what ships is not."""
    op.drop_index('ix_framework_choice_registration_id_key', table_name='framework_choice')
    op.drop_table('framework_choice')
    op.drop_index(op.f('ix_framework_version_registration_id'), table_name='framework_version')
    op.drop_table('framework_version')
