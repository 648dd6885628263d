"""The address of a database: what it may be, and what is said of one that cannot be used.

What stands in an address is never repeated: a password may be in any part of one that is wrong.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from lti_tool.core.errors import Unusable

SETTING = "LTI_TOOL_DATABASE_URL"
_CONNECT_S = 5
"""A server that does not answer must not hold every thread for minutes."""
_OF_A_STATEMENT = "SQLITE_ERROR"
"""What SQLite calls a table that is not there, among others."""


@contextmanager
def refusing(named: str) -> Iterator[None]:
    """Say in a sentence what is wrong with an address, whoever finds it.

    :param named: where people put the address.
    :raises Unusable: the address is of no database, or what asks it is not installed.
    """
    try:
        yield
    except (ArgumentError, ValueError):
        raise Unusable(
            f"{named} cannot be read as the address of a database. Use one such as "
            "postgresql://lti_tool@db.example.ac.uk/lti_tool, or sqlite:/// and the path of a file."
        ) from None
    except ImportError:
        raise Unusable(
            f"{named} names PostgreSQL, for which psycopg is missing. Run `make setup-postgres` "
            "once."
        ) from None


def read_address(url: str, named: str = SETTING) -> URL:
    """The parts of an address.

    :raises Unusable: it is none, or of a kind of database that the tool does not know.
    """
    with refusing(named):
        address = make_url(url)
        kind = address.get_backend_name()
        is_plain = address.drivername in {kind, "postgresql+psycopg", "sqlite+pysqlite"}
    if kind not in {"sqlite", "postgresql"} or not is_plain:
        raise Unusable(f"{named} must begin with postgresql:// or sqlite:///.")
    return address


def wait_to_connect(url: str) -> dict[str, int]:
    """How long to wait for a PostgreSQL server, as its library is told; nothing where the address
    says so itself."""
    return {} if "connect_timeout" in url else {"connect_timeout": _CONNECT_S}


def _what_hinders(file: Path) -> str:
    for place in (file, file.parent):
        if not place.exists():
            return f"{place} does not exist"
        if not os.access(place, os.R_OK | os.W_OK):
            return f"{place} cannot be written by this account"
    return f"the file is {file}"


def say_fault(url: str, error: SQLAlchemyError, named: str = SETTING) -> str:
    """Why a database could not be used, and what to look at: in the words of its driver where
    they are about the server or the file, since those about a statement may hold its values.

    :param url: the address, whose password is left out of the words.
    """
    address = read_address(url, named)
    driver = error.orig if isinstance(error, DBAPIError) else None
    is_outage = isinstance(error, OperationalError | InterfaceError)
    if not is_outage or getattr(driver, "sqlite_errorname", None) == _OF_A_STATEMENT:
        return (
            f"The database could not be used ({type(error).__name__}). Run `lti-tool db check`, "
            "which says whether it fits this release."
        )
    words = next(iter(str(driver).strip().splitlines()), type(driver).__name__)
    if address.password:
        words = words.replace(str(address.password), "…")
    if address.get_backend_name() == "sqlite":
        hindrance = _what_hinders(Path(address.database or "").resolve())
        return f"The database could not be used: {words}; {hindrance}. Check {named}."
    return (
        f"The database could not be used: {words.rstrip('.')}. Check {named}, and that its server "
        "runs."
    )
