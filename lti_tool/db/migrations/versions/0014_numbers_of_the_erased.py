"""Who was erased is held by a number that no course site can send."""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who was erased is held by a number that no course site can send."""
    _respell('erased-', '~erased~')


def downgrade() -> None:
    """The same, backwards."""
    _respell('~erased~', 'erased-')


def _respell(was: str, now: str) -> None:
    op.execute(
        f"UPDATE person SET sub = '{now}' || id WHERE erased_at IS NOT NULL AND sub = '{was}' || id"
    )
