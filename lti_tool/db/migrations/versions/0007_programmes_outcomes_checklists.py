"""Programmes, modules, cohorts and results; outcomes and their evidence; quality checklists."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Programmes, modules, cohorts and results; outcomes and their evidence; quality checklists."""
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('programme',
    sa.Column('id', number, nullable=False),
    sa.Column('registration_id', number, nullable=False),
    sa.Column('key', types.Words(50), nullable=False),
    sa.Column('title', types.Words(200), nullable=False),
    sa.Column('route', types.Words(20), nullable=False),
    sa.Column('credits', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_programme_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('registration_id', 'key', name=op.f('uq_programme_registration_id_key'))
    )
    op.create_table('student_number',
    sa.Column('id', number, nullable=False),
    sa.Column('registration_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('number', types.Words(40), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_student_number_person_id_person')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_student_number_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_number')),
    sa.UniqueConstraint('person_id', name=op.f('uq_student_number_person_id')),
    sa.UniqueConstraint('registration_id', 'number', name=op.f('uq_student_number_registration_id_number'))
    )
    op.create_table('checklist',
    sa.Column('id', number, nullable=False),
    sa.Column('programme_id', number, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('framework_key', types.Words(100), nullable=False),
    sa.Column('framework_version', sa.Integer(), nullable=False),
    sa.Column('state', types.Words(30), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('previous_id', number, nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['previous_id'], ['checklist.id'], name=op.f('fk_checklist_previous_id_checklist')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_checklist_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist')),
    sa.UniqueConstraint('programme_id', 'year', name=op.f('uq_checklist_programme_id_year'))
    )
    op.create_table('cohort',
    sa.Column('id', number, nullable=False),
    sa.Column('programme_id', number, nullable=False),
    sa.Column('title', types.Words(100), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('outcome_set', types.Words(100), nullable=False),
    sa.Column('outcome_set_version', sa.Integer(), nullable=False),
    sa.Column('previous_id', number, nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['previous_id'], ['cohort.id'], name=op.f('fk_cohort_previous_id_cohort')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_cohort_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('programme_id', 'title', name=op.f('uq_cohort_programme_id_title'))
    )
    op.create_table('evidence_file',
    sa.Column('id', number, nullable=False),
    sa.Column('programme_id', number, nullable=False),
    sa.Column('digest', types.Words(64), nullable=False),
    sa.Column('media_type', types.Words(100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('kept_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_evidence_file_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_file')),
    sa.UniqueConstraint('programme_id', 'digest', name=op.f('uq_evidence_file_programme_id_digest'))
    )
    op.create_table('programme_module',
    sa.Column('id', number, nullable=False),
    sa.Column('programme_id', number, nullable=False),
    sa.Column('key', types.Words(50), nullable=False),
    sa.Column('title', types.Words(200), nullable=False),
    sa.Column('credits', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_module_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_module')),
    sa.UniqueConstraint('programme_id', 'key', name=op.f('uq_programme_module_programme_id_key'))
    )
    op.create_table('award',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('kind', types.Words(20), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('facts', types.Document, nullable=False),
    sa.Column('recorded_by_id', number, nullable=False),
    sa.Column('recorded_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_award_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_award_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_award_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_person_id'), ['person_id'], unique=False)

    op.create_table('checklist_comment',
    sa.Column('id', number, nullable=False),
    sa.Column('checklist_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), server_default='', nullable=False),
    sa.Column('text', types.Words(4000), nullable=False),
    sa.Column('person_id', number, nullable=True),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('written_at', types.Moment(), nullable=False),
    sa.Column('settled_at', types.Moment(), nullable=True),
    sa.Column('settled_by_id', number, nullable=True),
    sa.ForeignKeyConstraint(['checklist_id'], ['checklist.id'], name=op.f('fk_checklist_comment_checklist_id_checklist')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_checklist_comment_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_checklist_comment_person_id_person')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_checklist_comment_settled_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_comment'))
    )
    with op.batch_alter_table('checklist_comment', schema=None) as batch_op:
        batch_op.create_index('ix_checklist_comment_checklist_id', ['checklist_id'], unique=False)

    op.create_table('checklist_step',
    sa.Column('id', number, nullable=False),
    sa.Column('checklist_id', number, nullable=False),
    sa.Column('was', types.Words(30), nullable=False),
    sa.Column('became', types.Words(30), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('person_id', number, nullable=True),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('comment', types.Words(4000), server_default='', nullable=False),
    sa.Column('submitted', types.Document, nullable=True),
    sa.Column('submitted_digest', types.Words(64), nullable=True),
    sa.ForeignKeyConstraint(['checklist_id'], ['checklist.id'], name=op.f('fk_checklist_step_checklist_id_checklist')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_checklist_step_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_checklist_step_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_step'))
    )
    with op.batch_alter_table('checklist_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checklist_step_checklist_id'), ['checklist_id'], unique=False)

    op.create_table('confidence',
    sa.Column('id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), nullable=False),
    sa.Column('moment', types.Words(10), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('given_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_confidence_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_confidence_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confidence')),
    sa.UniqueConstraint('cohort_id', 'person_id', 'item_id', 'moment', name=op.f('uq_confidence_cohort_id_person_id_item_id_moment'))
    )
    with op.batch_alter_table('confidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_confidence_person_id'), ['person_id'], unique=False)

    op.create_table('evidence_piece',
    sa.Column('id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('kind', types.Words(30), nullable=False),
    sa.Column('reference', types.Document, nullable=False),
    sa.Column('title', types.Words(300), nullable=False),
    sa.Column('note', types.Words(4000), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('offered_at', types.Moment(), nullable=False),
    sa.Column('updated_at', types.Moment(), nullable=False),
    sa.Column('withdrawn_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_evidence_piece_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evidence_piece_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_piece'))
    )
    with op.batch_alter_table('evidence_piece', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_piece_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_piece_person_id'), ['person_id'], unique=False)

    op.create_table('leader_request',
    sa.Column('id', number, nullable=False),
    sa.Column('registration_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('context_id', number, nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('answered_at', types.Moment(), nullable=True),
    sa.Column('is_granted', sa.Boolean(), nullable=True),
    sa.Column('answered_by_id', number, nullable=True),
    sa.Column('reason', types.Words(1000), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_leader_request_answered_by_id_person')),
    sa.ForeignKeyConstraint(['context_id'], ['context.id'], name=op.f('fk_leader_request_context_id_context')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_leader_request_person_id_person')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_leader_request_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leader_request'))
    )
    with op.batch_alter_table('leader_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leader_request_registration_id'), ['registration_id'], unique=False)

    op.create_table('module_result',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('module_id', number, nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('mark', types.Exact(), nullable=True),
    sa.Column('is_passed', sa.Boolean(), nullable=True),
    sa.Column('board_state', types.Words(20), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('recorded_by_id', number, nullable=False),
    sa.Column('recorded_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_module_result_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['module_id'], ['programme_module.id'], name=op.f('fk_module_result_module_id_programme_module')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_module_result_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_module_result_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module_result'))
    )
    with op.batch_alter_table('module_result', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_module_result_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index('ix_module_result_person_id', ['person_id'], unique=False)

    op.create_table('module_run',
    sa.Column('id', number, nullable=False),
    sa.Column('context_id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('module_id', number, nullable=False),
    sa.Column('joined_by_id', number, nullable=False),
    sa.Column('joined_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_module_run_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['context_id'], ['context.id'], name=op.f('fk_module_run_context_id_context')),
    sa.ForeignKeyConstraint(['joined_by_id'], ['person.id'], name=op.f('fk_module_run_joined_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['programme_module.id'], name=op.f('fk_module_run_module_id_programme_module')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module_run')),
    sa.UniqueConstraint('context_id', name=op.f('uq_module_run_context_id'))
    )
    with op.batch_alter_table('module_run', schema=None) as batch_op:
        batch_op.create_index('ix_module_run_cohort_id', ['cohort_id'], unique=False)

    op.create_table('outcome_state',
    sa.Column('id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), nullable=False),
    sa.Column('state', types.Words(20), nullable=False),
    sa.Column('reason', types.Words(2000), server_default='', nullable=False),
    sa.Column('by_id', number, nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_outcome_state_by_id_person')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_outcome_state_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outcome_state_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_state'))
    )
    with op.batch_alter_table('outcome_state', schema=None) as batch_op:
        batch_op.create_index('ix_outcome_state_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_state_person_id'), ['person_id'], unique=False)

    op.create_table('participation',
    sa.Column('id', number, nullable=False),
    sa.Column('cohort_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('status', types.Words(20), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('reason', types.Words(1000), server_default='', nullable=False),
    sa.Column('to_cohort_id', number, nullable=True),
    sa.Column('recorded_by_id', number, nullable=True),
    sa.Column('recorded_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_participation_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_participation_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_participation_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['to_cohort_id'], ['cohort.id'], name=op.f('fk_participation_to_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participation'))
    )
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.create_index('ix_participation_cohort_id', ['cohort_id'], unique=False)
        batch_op.create_index('ix_participation_person_id', ['person_id'], unique=False)

    op.create_table('standard_entry',
    sa.Column('id', number, nullable=False),
    sa.Column('checklist_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), nullable=False),
    sa.Column('judgement', types.Words(50), server_default='', nullable=False),
    sa.Column('narrative', types.Words(10000), server_default='', nullable=False),
    sa.Column('reason', types.Words(2000), server_default='', nullable=False),
    sa.Column('owner_id', number, nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('action', types.Words(4000), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_by_id', number, nullable=False),
    sa.Column('updated_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['checklist_id'], ['checklist.id'], name=op.f('fk_standard_entry_checklist_id_checklist')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_standard_entry_owner_id_person')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['person.id'], name=op.f('fk_standard_entry_updated_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_entry')),
    sa.UniqueConstraint('checklist_id', 'item_id', name=op.f('uq_standard_entry_checklist_id_item_id'))
    )
    op.create_table('standard_evidence',
    sa.Column('id', number, nullable=False),
    sa.Column('checklist_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', types.Words(50), nullable=False),
    sa.Column('form', types.Words(20), nullable=False),
    sa.Column('title', types.Words(300), nullable=False),
    sa.Column('url', types.Words(2000), server_default='', nullable=False),
    sa.Column('file_id', number, nullable=True),
    sa.Column('file_name', types.Words(200), server_default='', nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('measure_key', types.Words(100), server_default='', nullable=False),
    sa.Column('added_by_id', number, nullable=False),
    sa.Column('added_at', types.Moment(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_standard_evidence_added_by_id_person')),
    sa.ForeignKeyConstraint(['checklist_id'], ['checklist.id'], name=op.f('fk_standard_evidence_checklist_id_checklist')),
    sa.ForeignKeyConstraint(['file_id'], ['evidence_file.id'], name=op.f('fk_standard_evidence_file_id_evidence_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_evidence'))
    )
    with op.batch_alter_table('standard_evidence', schema=None) as batch_op:
        batch_op.create_index('ix_standard_evidence_checklist_id', ['checklist_id'], unique=False)

    op.create_table('evidence_claim',
    sa.Column('id', number, nullable=False),
    sa.Column('piece_id', number, nullable=False),
    sa.Column('item_id', types.Words(100), nullable=False),
    sa.ForeignKeyConstraint(['piece_id'], ['evidence_piece.id'], name=op.f('fk_evidence_claim_piece_id_evidence_piece')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_claim')),
    sa.UniqueConstraint('piece_id', 'item_id', name=op.f('uq_evidence_claim_piece_id_item_id'))
    )
    with op.batch_alter_table('context', schema=None) as batch_op:
        batch_op.add_column(sa.Column('programme_key', types.Words(100), server_default='', nullable=False))


def downgrade() -> None:
    """The same, backwards."""
    with op.batch_alter_table('context', schema=None) as batch_op:
        batch_op.drop_column('programme_key')

    op.drop_table('evidence_claim')
    with op.batch_alter_table('standard_evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_standard_evidence_checklist_id')

    op.drop_table('standard_evidence')
    op.drop_table('standard_entry')
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_index('ix_participation_person_id')
        batch_op.drop_index('ix_participation_cohort_id')

    op.drop_table('participation')
    with op.batch_alter_table('outcome_state', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outcome_state_person_id'))
        batch_op.drop_index('ix_outcome_state_cohort_id_person_id')

    op.drop_table('outcome_state')
    with op.batch_alter_table('module_run', schema=None) as batch_op:
        batch_op.drop_index('ix_module_run_cohort_id')

    op.drop_table('module_run')
    with op.batch_alter_table('module_result', schema=None) as batch_op:
        batch_op.drop_index('ix_module_result_person_id')
        batch_op.drop_index(batch_op.f('ix_module_result_cohort_id'))

    op.drop_table('module_result')
    with op.batch_alter_table('leader_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_leader_request_registration_id'))

    op.drop_table('leader_request')
    with op.batch_alter_table('evidence_piece', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_piece_person_id'))
        batch_op.drop_index('ix_evidence_piece_cohort_id_person_id')

    op.drop_table('evidence_piece')
    with op.batch_alter_table('confidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_confidence_person_id'))

    op.drop_table('confidence')
    with op.batch_alter_table('checklist_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checklist_step_checklist_id'))

    op.drop_table('checklist_step')
    with op.batch_alter_table('checklist_comment', schema=None) as batch_op:
        batch_op.drop_index('ix_checklist_comment_checklist_id')

    op.drop_table('checklist_comment')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_person_id'))
        batch_op.drop_index(batch_op.f('ix_award_cohort_id'))

    op.drop_table('award')
    op.drop_table('programme_module')
    op.drop_table('evidence_file')
    op.drop_table('cohort')
    op.drop_table('checklist')
    op.drop_table('student_number')
    op.drop_table('programme')
