"""The database: engine, base table, column types, and one transaction per request.

A view asks `session()` for the request's session; everything outside a request (the worker,
the command line, the launch) opens `database.read()` or `database.write()` itself. GET requests
read in deferred transactions and write nothing; writes are IMMEDIATE on SQLite, so a
read-then-write never meets "database is locked".
"""

from lti_tool.db.base import Base
from lti_tool.db.requests import abandon, database, init_app, session
from lti_tool.db.session import Database, after_commit

__all__ = ["Base", "Database", "abandon", "after_commit", "database", "init_app", "session"]
