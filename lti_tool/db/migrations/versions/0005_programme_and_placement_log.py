"""Schools, eligibility and mentors; partner-school visits and their confirmations, meetings, sessions."""

import sqlalchemy as sa
from alembic import op
from lti_tool.db import types

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Schools, eligibility and mentors; partner-school visits and their confirmations, meetings, sessions."""
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('eligibility',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('has_qts', sa.Boolean(), nullable=True),
    sa.Column('qts_checked_on', sa.Date(), nullable=True),
    sa.Column('induction', types.Words(20), server_default='', nullable=False),
    sa.Column('senco_since', sa.Date(), nullable=True),
    sa.Column('is_aspiring', sa.Boolean(), nullable=False),
    sa.Column('trn', types.Words(7), nullable=True),
    sa.Column('qualification', types.Words(20), server_default='', nullable=False),
    sa.Column('course_began_on', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_eligibility_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligibility')),
    sa.UniqueConstraint('person_id', name=op.f('uq_eligibility_person_id'))
    )
    op.create_table('school',
    sa.Column('id', number, nullable=False),
    sa.Column('registration_id', number, nullable=False),
    sa.Column('urn', types.Words(6), nullable=True),
    sa.Column('name', types.Words(200), nullable=False),
    sa.Column('phase', types.Words(30), server_default='', nullable=False),
    sa.Column('kind', types.Words(30), server_default='', nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_school_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school'))
    )
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.create_index('uq_school_registration_id_urn', ['registration_id', 'urn'], unique=True, sqlite_where=sa.text('urn IS NOT NULL'), postgresql_where=sa.text('urn IS NOT NULL'))

    op.create_table('dbs_check',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('level', types.Words(30), nullable=False),
    sa.Column('workforce', types.Words(30), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('update_service_on', sa.Date(), nullable=True),
    sa.Column('checked_by', types.Words(100), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('source', types.Words(20), nullable=False),
    sa.Column('recorded_by_id', number, nullable=True),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('recorded_at', types.Moment(), nullable=False),
    sa.Column('withdrawn_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_dbs_check_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dbs_check_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_dbs_check_recorded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dbs_check'))
    )
    with op.batch_alter_table('dbs_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dbs_check_person_id'), ['person_id'], unique=False)

    op.create_table('guest_signature',
    sa.Column('id', number, nullable=False),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('name', types.Words(200), nullable=True),
    sa.Column('role', types.Words(200), nullable=True),
    sa.Column('signed_at', types.Moment(), nullable=False),
    sa.Column('erased_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_signature_guest_id_guest')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_signature'))
    )
    with op.batch_alter_table('guest_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_signature_guest_id'), ['guest_id'], unique=False)

    op.create_table('mentorship',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('school_id', number, nullable=False),
    sa.Column('guest_id', number, nullable=False),
    sa.Column('role', types.Words(30), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', types.Words(200), server_default='', nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_mentorship_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mentorship_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_mentorship_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentorship'))
    )
    with op.batch_alter_table('mentorship', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentorship_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mentorship_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_mentorship_person_id_open', ['person_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))

    op.create_table('post',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('school_id', number, nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_post_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_post_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_post_person_id_open', ['person_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))

    op.create_table('school_agreement',
    sa.Column('id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('context_id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=True),
    sa.Column('school_id', number, nullable=False),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('guest_link_id', number, nullable=True),
    sa.Column('source', types.Words(20), nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('answered_at', types.Moment(), nullable=True),
    sa.Column('is_agreed', sa.Boolean(), nullable=True),
    sa.Column('release_days', sa.Integer(), nullable=True),
    sa.Column('answer', types.Document, nullable=False),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_school_agreement_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['context_id'], ['context.id'], name=op.f('fk_school_agreement_context_id_context')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_school_agreement_guest_id_guest')),
    sa.ForeignKeyConstraint(['guest_link_id'], ['guest_link.id'], name=op.f('fk_school_agreement_guest_link_id_guest_link')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_school_agreement_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_school_agreement_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_agreement'))
    )
    with op.batch_alter_table('school_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_school_agreement_person_id'), ['person_id'], unique=False)

    op.create_table('course_session',
    sa.Column('id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=False),
    sa.Column('kind', types.Words(20), nullable=False),
    sa.Column('title', types.Words(200), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('starts_at', types.Words(5), server_default='', nullable=False),
    sa.Column('venue', types.Words(200), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('taken_at', types.Moment(), nullable=True),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_course_session_assignment_id_assignment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_session'))
    )
    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_session_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('meeting',
    sa.Column('id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('kind', types.Words(20), nullable=False),
    sa.Column('mentorship_id', number, nullable=True),
    sa.Column('tutor_id', number, nullable=True),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('mode', types.Words(20), nullable=False),
    sa.Column('document', types.Document, nullable=False),
    sa.Column('document_version', sa.Integer(), nullable=False),
    sa.Column('written_by', types.Words(20), nullable=False),
    sa.Column('confirmed_at', types.Moment(), nullable=True),
    sa.Column('queried_at', types.Moment(), nullable=True),
    sa.Column('query', types.Words(1000), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('updated_at', types.Moment(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_meeting_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['mentorship_id'], ['mentorship.id'], name=op.f('fk_meeting_mentorship_id_mentorship')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meeting_person_id_person')),
    sa.ForeignKeyConstraint(['tutor_id'], ['person.id'], name=op.f('fk_meeting_tutor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index('ix_meeting_person_id', ['person_id'], unique=False)

    op.create_table('mentor_door',
    sa.Column('id', number, nullable=False),
    sa.Column('guest_link_id', number, nullable=False),
    sa.Column('mentorship_id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=False),
    sa.Column('made_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_mentor_door_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['guest_link_id'], ['guest_link.id'], name=op.f('fk_mentor_door_guest_link_id_guest_link')),
    sa.ForeignKeyConstraint(['mentorship_id'], ['mentorship.id'], name=op.f('fk_mentor_door_mentorship_id_mentorship')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_door')),
    sa.UniqueConstraint('guest_link_id', name=op.f('uq_mentor_door_guest_link_id'))
    )
    with op.batch_alter_table('mentor_door', schema=None) as batch_op:
        batch_op.create_index('ix_mentor_door_mentorship_id', ['mentorship_id'], unique=False)

    op.create_table('mentor_question',
    sa.Column('id', number, nullable=False),
    sa.Column('mentorship_id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=False),
    sa.Column('text', types.Words(3000), nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('reply', types.Words(3000), nullable=True),
    sa.Column('replied_by_id', number, nullable=True),
    sa.Column('replied_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_mentor_question_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['mentorship_id'], ['mentorship.id'], name=op.f('fk_mentor_question_mentorship_id_mentorship')),
    sa.ForeignKeyConstraint(['replied_by_id'], ['person.id'], name=op.f('fk_mentor_question_replied_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_question'))
    )
    with op.batch_alter_table('mentor_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentor_question_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mentor_question_mentorship_id'), ['mentorship_id'], unique=False)

    op.create_table('partner_visit',
    sa.Column('id', number, nullable=False),
    sa.Column('assignment_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('school_id', number, nullable=True),
    sa.Column('host_guest_id', number, nullable=True),
    sa.Column('visit_on', sa.Date(), nullable=True),
    sa.Column('arrives_at', types.Words(5), server_default='', nullable=False),
    sa.Column('leaves_at', types.Words(5), server_default='', nullable=False),
    sa.Column('half_days', sa.Integer(), nullable=False),
    sa.Column('document', types.Document, nullable=False),
    sa.Column('document_version', sa.Integer(), nullable=False),
    sa.Column('state', types.Words(20), nullable=False),
    sa.Column('state_since', types.Moment(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Moment(), nullable=False),
    sa.Column('updated_at', types.Moment(), nullable=False),
    sa.Column('removed_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_partner_visit_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['host_guest_id'], ['guest.id'], name=op.f('fk_partner_visit_host_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_partner_visit_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_partner_visit_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_visit')),
    sa.UniqueConstraint('assignment_id', 'person_id', 'number', name=op.f('uq_partner_visit_assignment_id_person_id_number'))
    )
    with op.batch_alter_table('partner_visit', schema=None) as batch_op:
        batch_op.create_index('ix_partner_visit_person_id', ['person_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', number, nullable=False),
    sa.Column('session_id', number, nullable=False),
    sa.Column('person_id', number, nullable=False),
    sa.Column('state', types.Words(20), nullable=False),
    sa.Column('taken_by_id', number, nullable=False),
    sa.Column('taken_at', types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendance_person_id_person')),
    sa.ForeignKeyConstraint(['session_id'], ['course_session.id'], name=op.f('fk_attendance_session_id_course_session')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['person.id'], name=op.f('fk_attendance_taken_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('session_id', 'person_id', name=op.f('uq_attendance_session_id_person_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_person_id', ['person_id'], unique=False)

    op.create_table('confirmation',
    sa.Column('id', number, nullable=False),
    sa.Column('visit_id', number, nullable=False),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('guest_link_id', number, nullable=True),
    sa.Column('code_digest', types.Words(64), nullable=True),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('expires_at', types.Moment(), nullable=False),
    sa.Column('reminded_at', types.Moment(), nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('why_closed', types.Words(30), server_default='', nullable=False),
    sa.Column('passed_from_id', number, nullable=True),
    sa.Column('by', types.Words(20), server_default='', nullable=False),
    sa.Column('answer', types.Words(20), server_default='', nullable=False),
    sa.Column('reason', types.Words(1000), server_default='', nullable=False),
    sa.Column('answered_at', types.Moment(), nullable=True),
    sa.Column('recorded_by_id', number, nullable=True),
    sa.Column('shown', types.Document, nullable=True),
    sa.Column('shown_digest', types.Words(64), nullable=True),
    sa.Column('signature_id', number, nullable=True),
    sa.Column('signer_salt', types.Words(40), nullable=True),
    sa.Column('signer_digest', types.Words(64), nullable=True),
    sa.Column('broken_at', types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_confirmation_guest_id_guest')),
    sa.ForeignKeyConstraint(['guest_link_id'], ['guest_link.id'], name=op.f('fk_confirmation_guest_link_id_guest_link')),
    sa.ForeignKeyConstraint(['passed_from_id'], ['confirmation.id'], name=op.f('fk_confirmation_passed_from_id_confirmation')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_confirmation_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['signature_id'], ['guest_signature.id'], name=op.f('fk_confirmation_signature_id_guest_signature')),
    sa.ForeignKeyConstraint(['visit_id'], ['partner_visit.id'], name=op.f('fk_confirmation_visit_id_partner_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confirmation')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_confirmation_code_digest'))
    )
    with op.batch_alter_table('confirmation', schema=None) as batch_op:
        batch_op.create_index('ix_confirmation_visit_id', ['visit_id'], unique=False)
        batch_op.create_index('uq_confirmation_visit_id_open', ['visit_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL AND closed_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL AND closed_at IS NULL'))
        batch_op.create_index('uq_confirmation_visit_id_standing', ['visit_id'], unique=True, sqlite_where=sa.text('answer = \'yes\' AND broken_at IS NULL'), postgresql_where=sa.text('answer = \'yes\' AND broken_at IS NULL'))

    op.create_table('visit_step',
    sa.Column('id', number, nullable=False),
    sa.Column('visit_id', number, nullable=False),
    sa.Column('was', types.Words(20), nullable=False),
    sa.Column('became', types.Words(20), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('person_id', number, nullable=True),
    sa.Column('guest_id', number, nullable=True),
    sa.Column('comment', types.Words(2000), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_visit_step_guest_id_guest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_step_person_id_person')),
    sa.ForeignKeyConstraint(['visit_id'], ['partner_visit.id'], name=op.f('fk_visit_step_visit_id_partner_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_step'))
    )
    with op.batch_alter_table('visit_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_step_visit_id'), ['visit_id'], unique=False)


def downgrade() -> None:
    """The same, backwards."""
    with op.batch_alter_table('visit_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_step_visit_id'))

    op.drop_table('visit_step')
    with op.batch_alter_table('confirmation', schema=None) as batch_op:
        batch_op.drop_index('uq_confirmation_visit_id_standing', sqlite_where=sa.text('answer = \'yes\' AND broken_at IS NULL'), postgresql_where=sa.text('answer = \'yes\' AND broken_at IS NULL'))
        batch_op.drop_index('uq_confirmation_visit_id_open', sqlite_where=sa.text('answered_at IS NULL AND closed_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL AND closed_at IS NULL'))
        batch_op.drop_index('ix_confirmation_visit_id')

    op.drop_table('confirmation')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index('ix_attendance_person_id')

    op.drop_table('attendance')
    with op.batch_alter_table('partner_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_partner_visit_person_id')

    op.drop_table('partner_visit')
    with op.batch_alter_table('mentor_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mentor_question_mentorship_id'))
        batch_op.drop_index(batch_op.f('ix_mentor_question_assignment_id'))

    op.drop_table('mentor_question')
    with op.batch_alter_table('mentor_door', schema=None) as batch_op:
        batch_op.drop_index('ix_mentor_door_mentorship_id')

    op.drop_table('mentor_door')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_person_id')
        batch_op.drop_index(batch_op.f('ix_meeting_assignment_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_session_assignment_id'))

    op.drop_table('course_session')
    with op.batch_alter_table('school_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_school_agreement_person_id'))

    op.drop_table('school_agreement')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('uq_post_person_id_open', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_post_person_id'))

    op.drop_table('post')
    with op.batch_alter_table('mentorship', schema=None) as batch_op:
        batch_op.drop_index('uq_mentorship_person_id_open', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_mentorship_person_id'))
        batch_op.drop_index(batch_op.f('ix_mentorship_guest_id'))

    op.drop_table('mentorship')
    with op.batch_alter_table('guest_signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_signature_guest_id'))

    op.drop_table('guest_signature')
    with op.batch_alter_table('dbs_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dbs_check_person_id'))

    op.drop_table('dbs_check')
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.drop_index('uq_school_registration_id_urn', sqlite_where=sa.text('urn IS NOT NULL'), postgresql_where=sa.text('urn IS NOT NULL'))

    op.drop_table('school')
    op.drop_table('eligibility')
