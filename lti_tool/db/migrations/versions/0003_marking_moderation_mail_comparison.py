"""Rules in versions, further attempts, allocation, moderation, holds, mail, comparison."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rules in versions, further attempts, allocation, moderation, holds, mail, comparison."""
    op.create_table('rules_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', types.Words(100), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('document_digest', types.Words(64), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_rules_version_key_version'))
    )
    op.create_table('mail_choice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', types.Words(50), nullable=False),
    sa.Column('is_wanted', sa.Boolean(), nullable=False),
    sa.Column('changed_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mail_choice_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_choice')),
    sa.UniqueConstraint('person_id', 'kind', name=op.f('uq_mail_choice_person_id_kind'))
    )
    op.create_table('banked_comment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('context_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rubric_key', types.Words(100), nullable=False),
    sa.Column('criterion_id', types.Words(100), nullable=False),
    sa.Column('text', types.Words(3000), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['context_id'], ['context.id'], name=op.f('fk_banked_comment_context_id_context')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_banked_comment_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_banked_comment'))
    )
    with op.batch_alter_table('banked_comment', schema=None) as batch_op:
        batch_op.create_index('ix_banked_comment_context_id_rubric_key', ['context_id', 'rubric_key'], unique=False)

    op.create_table('guest_visit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handle', types.Words(40), nullable=False),
    sa.Column('secret_digest', types.Words(64), nullable=False),
    sa.Column('guest_link_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('started_at', types.Moment(), nullable=False),
    sa.Column('ends_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['guest_link_id'], ['guest_link.id'], name=op.f('fk_guest_visit_guest_link_id_guest_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_visit')),
    sa.UniqueConstraint('handle', name=op.f('uq_guest_visit_handle'))
    )
    with op.batch_alter_table('guest_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_visit_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_visit_guest_link_id'), ['guest_link_id'], unique=False)

    op.create_table('allocation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('marker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', types.Words(20), nullable=False),
    sa.Column('allocated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allocated_at', types.Moment(), nullable=False),
    sa.Column('ended_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['allocated_by_id'], ['person.id'], name=op.f('fk_allocation_allocated_by_id_person')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_allocation_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['marker_id'], ['person.id'], name=op.f('fk_allocation_marker_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_allocation_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation'))
    )
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocation_marker_id'), ['marker_id'], unique=False)
        batch_op.create_index('uq_allocation_open', ['assignment_id', 'person_id', 'kind'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('examiner_comment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', types.Words(10000), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('reply', types.Words(10000), server_default='', nullable=False),
    sa.Column('replied_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('replied_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_examiner_comment_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_examiner_comment_guest_id_guest')),
    sa.ForeignKeyConstraint(['replied_by_id'], ['person.id'], name=op.f('fk_examiner_comment_replied_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_examiner_comment'))
    )
    with op.batch_alter_table('examiner_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_examiner_comment_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('further_attempt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('due_at', types.Moment(), nullable=False),
    sa.Column('is_capped', sa.Boolean(), nullable=False),
    sa.Column('reason', types.Words(2000), nullable=False),
    sa.Column('opened_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opened_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_further_attempt_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_further_attempt_opened_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_further_attempt_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_further_attempt')),
    sa.UniqueConstraint('assignment_id', 'person_id', 'attempt', name=op.f('uq_further_attempt_assignment_id_person_id_attempt'))
    )
    with op.batch_alter_table('further_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_further_attempt_person_id'), ['person_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', types.Words(50), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('guest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('context_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('once_key', types.Words(200), nullable=False),
    sa.Column('about', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('state', types.Words(20), nullable=False),
    sa.Column('reason', types.Words(50), nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('sent_at', types.Moment(), nullable=True),
    sa.Column('due_at', types.Moment(), nullable=False),
    sa.Column('lease', types.Words(40), nullable=True),
    sa.Column('leased_until', types.Moment(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_message_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['context_id'], ['context.id'], name=op.f('fk_message_context_id_context')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_message_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_message_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('once_key', name=op.f('uq_message_once_key'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_message_state_due_at', ['state', 'due_at'], unique=False)

    op.create_table('moderation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rule', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('seed', types.Words(64), nullable=False),
    sa.Column('population', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('moderator_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_blind', sa.Boolean(), nullable=False),
    sa.Column('drawn_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drawn_at', types.Moment(), nullable=False),
    sa.Column('decision', types.Words(20), nullable=True),
    sa.Column('scaling', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', types.Words(2000), server_default='', nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_moderation_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_moderation_decided_by_id_person')),
    sa.ForeignKeyConstraint(['drawn_by_id'], ['person.id'], name=op.f('fk_moderation_drawn_by_id_person')),
    sa.ForeignKeyConstraint(['moderator_id'], ['person.id'], name=op.f('fk_moderation_moderator_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation')),
    sa.UniqueConstraint('assignment_id', 'number', name=op.f('uq_moderation_assignment_id_number'))
    )
    op.create_table('scheduled_release',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('set_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('cancelled_at', types.Moment(), nullable=True),
    sa.Column('done_at', types.Moment(), nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('due_at', types.Moment(), nullable=False),
    sa.Column('lease', types.Words(40), nullable=True),
    sa.Column('leased_until', types.Moment(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_scheduled_release_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_scheduled_release_set_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheduled_release'))
    )
    with op.batch_alter_table('scheduled_release', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scheduled_release_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('comparison',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=True),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('read_at', types.Moment(), nullable=True),
    sa.Column('problem', types.Words(50), nullable=True),
    sa.Column('due_at', types.Moment(), nullable=False),
    sa.Column('lease', types.Words(40), nullable=True),
    sa.Column('leased_until', types.Moment(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_comparison_asked_by_id_person')),
    sa.ForeignKeyConstraint(['line_item_id'], ['line_item.id'], name=op.f('fk_comparison_line_item_id_line_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison')),
    sa.UniqueConstraint('line_item_id', name=op.f('uq_comparison_line_item_id'))
    )
    op.create_table('hold',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', types.Words(20), nullable=False),
    sa.Column('reason', types.Words(2000), nullable=False),
    sa.Column('placed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('placed_at', types.Moment(), nullable=False),
    sa.Column('lifted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lifted_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['person.id'], name=op.f('fk_hold_lifted_by_id_person')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['person.id'], name=op.f('fk_hold_placed_by_id_person')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_hold_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_submission_id'), ['submission_id'], unique=False)

    op.create_table('shown_result',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('result_score', types.Exact(), nullable=True),
    sa.Column('result_maximum', types.Exact(), nullable=True),
    sa.Column('shown_at', types.Moment(), nullable=True),
    sa.Column('finding', types.Words(30), nullable=False),
    sa.Column('read_at', types.Moment(), nullable=False),
    sa.Column('decision', types.Words(20), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_shown_result_decided_by_id_person')),
    sa.ForeignKeyConstraint(['line_item_id'], ['line_item.id'], name=op.f('fk_shown_result_line_item_id_line_item')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_shown_result_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shown_result')),
    sa.UniqueConstraint('line_item_id', 'person_id', name=op.f('uq_shown_result_line_item_id_person_id'))
    )
    with op.batch_alter_table('shown_result', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shown_result_person_id'), ['person_id'], unique=False)

    op.create_table('moderation_piece',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('moderation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('judgement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('why', types.Words(50), nullable=False),
    sa.Column('view', types.Words(20), nullable=True),
    sa.Column('mark', types.Exact(), nullable=True),
    sa.Column('note', types.Words(5000), server_default='', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.Column('seen_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgement.id'], name=op.f('fk_moderation_piece_judgement_id_judgement')),
    sa.ForeignKeyConstraint(['moderation_id'], ['moderation.id'], name=op.f('fk_moderation_piece_moderation_id_moderation')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_moderation_piece_submission_id_submission')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_piece')),
    sa.UniqueConstraint('moderation_id', 'submission_id', name=op.f('uq_moderation_piece_moderation_id_submission_id'))
    )
    with op.batch_alter_table('moderation_piece', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_piece_submission_id'), ['submission_id'], unique=False)

    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules_version', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('clears', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', types.Words(20), server_default='extension', nullable=False))
        batch_op.add_column(sa.Column('withdrawn_at', types.Moment(), nullable=True))

    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('weighted', types.Exact(), nullable=True))
        batch_op.add_column(sa.Column('overall_reason', types.Words(2000), server_default='', nullable=False))
        batch_op.drop_index(batch_op.f('ix_judgement_submission_id_kind'))
        batch_op.drop_constraint(batch_op.f('uq_judgement_submission_id_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_judgement_submission_id_kind_number'), ['submission_id', 'kind', 'number'])

    op.execute('UPDATE judgement SET weighted = overall')

    with op.batch_alter_table('line_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_label', types.Words(500), nullable=True))
        batch_op.add_column(sa.Column('told_maximum', types.Exact(), nullable=True))
        batch_op.add_column(sa.Column('change_problem', types.Words(50), nullable=True))
        batch_op.add_column(sa.Column('gone_at', types.Moment(), nullable=True))

    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scaled', types.Exact(), nullable=True))
        batch_op.add_column(sa.Column('working', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('source', types.Words(20), server_default='marking', nullable=False))
        batch_op.add_column(sa.Column('reason', types.Words(2000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_outcome_decided_by_id_person'), 'person', ['decided_by_id'], ['id'])

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parallel_calls', sa.Integer(), server_default='4', nullable=False))

    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.add_column(sa.Column('taken_back_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('take_back_reason', types.Words(2000), server_default='', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_release_taken_back_by_id_person'), 'person', ['taken_back_by_id'], ['id'])

    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.add_column(sa.Column('whole_at', types.Moment(), nullable=True))
        batch_op.add_column(sa.Column('differences_url', types.Words(4000), nullable=True))

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_visit_assignment_id_assignment'), type_='foreignkey')
        batch_op.drop_column('assignment_id')



def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_visit_assignment_id_assignment'), 'assignment', ['assignment_id'], ['id'])

    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.drop_column('differences_url')
        batch_op.drop_column('whole_at')

    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_release_taken_back_by_id_person'), type_='foreignkey')
        batch_op.drop_column('take_back_reason')
        batch_op.drop_column('taken_back_by_id')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('parallel_calls')

    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_outcome_decided_by_id_person'), type_='foreignkey')
        batch_op.drop_column('decided_by_id')
        batch_op.drop_column('reason')
        batch_op.drop_column('source')
        batch_op.drop_column('working')
        batch_op.drop_column('scaled')

    with op.batch_alter_table('line_item', schema=None) as batch_op:
        batch_op.drop_column('gone_at')
        batch_op.drop_column('change_problem')
        batch_op.drop_column('told_maximum')
        batch_op.drop_column('told_label')

    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_judgement_submission_id_kind_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_judgement_submission_id_number'), ['submission_id', 'number'])
        batch_op.create_index(batch_op.f('ix_judgement_submission_id_kind'), ['submission_id', 'kind'], unique=False)
        batch_op.drop_column('overall_reason')
        batch_op.drop_column('weighted')

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_column('clears')

    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('kind')

    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_column('rules_version')

    with op.batch_alter_table('moderation_piece', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_piece_submission_id'))

    op.drop_table('moderation_piece')
    with op.batch_alter_table('shown_result', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shown_result_person_id'))

    op.drop_table('shown_result')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_submission_id'))

    op.drop_table('hold')
    op.drop_table('comparison')
    with op.batch_alter_table('scheduled_release', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scheduled_release_assignment_id'))

    op.drop_table('scheduled_release')
    op.drop_table('moderation')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_state_due_at')
        batch_op.drop_index(batch_op.f('ix_message_person_id'))
        batch_op.drop_index(batch_op.f('ix_message_guest_id'))

    op.drop_table('message')
    with op.batch_alter_table('further_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_further_attempt_person_id'))

    op.drop_table('further_attempt')
    with op.batch_alter_table('examiner_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_examiner_comment_assignment_id'))

    op.drop_table('examiner_comment')
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.drop_index('uq_allocation_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_allocation_marker_id'))

    op.drop_table('allocation')
    with op.batch_alter_table('guest_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_visit_guest_link_id'))
        batch_op.drop_index(batch_op.f('ix_guest_visit_ends_at'))

    op.drop_table('guest_visit')
    with op.batch_alter_table('banked_comment', schema=None) as batch_op:
        batch_op.drop_index('ix_banked_comment_context_id_rubric_key')

    op.drop_table('banked_comment')
    op.drop_table('mail_choice')
    op.drop_table('rules_version')
