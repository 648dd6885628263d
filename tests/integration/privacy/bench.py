"""What the tests of privacy share: two filled people, and the commands an operator types."""

from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.db import Base
from lti_tool.people import requests
from tests.support.command import run_command
from tests.support.filled import Filled, count_rows, places_of
from tests.support.visiting import World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests in which nothing depends on the kind of database."""


@dataclass
class Bench:
    """Two people with a row in every table."""

    world: World
    common: Filled
    anna: Filled
    ben: Filled

    @property
    def registration_id(self) -> int:
        """The registration by which the filled people have come."""
        return self.common.rows["registration"]

    def type(self, *words: str) -> CompletedProcess[str]:
        """`lti-tool privacy …` about Anna."""
        settings = self.world.settings
        environment = {
            "LTI_TOOL_BASE_URL": settings.base_url,
            "LTI_TOOL_SECRET_KEY": settings.secret_key,
            "LTI_TOOL_INSTANCE_DIR": str(settings.instance_dir),
            "LTI_TOOL_KEYS_DIR": str(settings.keys_dir),
            "LTI_TOOL_DATABASE_URL": settings.database_url,
        }
        return run_command(environment, "privacy", *words)

    def about(self, act: str, *words: str, user: str = "anna-person-sub") -> CompletedProcess[str]:
        """An act of `lti-tool privacy` about one person."""
        return self.type(act, "--registration", str(self.registration_id), "--user", user, *words)

    def erase(self) -> None:
        """Erase Anna."""
        with self.world.database.write() as session:
            subject = requests.find_subject(session, self.registration_id, "anna-person-sub")
            requests.erase(session, subject)

    def change(self, table: str, made: Filled, **values: Any) -> None:
        """Change somebody's row."""
        found = Base.metadata.tables[table]
        with self.world.database.write() as session:
            session.execute(update(found).where(found.c.id == made.rows[table]).values(values))

    def row(self, table: str, made: Filled) -> Any:
        """Somebody's row as it stands; None where it is gone."""
        found = Base.metadata.tables[table]
        with self.world.database.read() as session:
            return session.execute(select(found).where(found.c.id == made.rows[table])).first()

    def places(self, mark: str) -> set[str]:
        """Where a mark stands."""
        with self.world.database.read() as session:
            return places_of(session, mark)

    def everything(self) -> dict[str, Any]:
        """Every row."""
        with self.world.database.read() as session:
            return count_rows(session)
