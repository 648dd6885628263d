"""Whether this installation is set up soundly, and what to do where not.

For `lti-tool doctor` and the staff's overview. Looks at keys, room, database, migrations, worker,
queue, mail and clock, and asks every activity what it holds to be checked. Each registration has
a doctor of its own (`lti/doctor.py`), which asks the platform.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.catalogue import register
from lti_tool.core import clock
from lti_tool.core.errors import Sentence
from lti_tool.core.identifiers import random_token
from lti_tool.db import Database, migrate
from lti_tool.db.addresses import say_fault
from lti_tool.jobs.queue import Queue
from lti_tool.lti import keys
from lti_tool.mail.posts import Folder, read_post
from lti_tool.mail.smtp import try_out
from lti_tool.mail.verdicts import REASONS
from lti_tool.monitoring.findings import Finding, is_private, problem_of_mode
from lti_tool.monitoring.readings import LATE_S, seconds_late
from lti_tool.settings import Settings

_NOT_BEFORE = 2026
_OLD_KEY = timedelta(days=400)
_LEAST_FREE = 2**30


def _base_url(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.base_url)
    if parts.path:
        yield Finding(
            "base URL",
            False,
            f"{settings.base_url} has a path. Give the tool a host name of its own and set "
            "LTI_TOOL_BASE_URL to it, because its cookies and addresses begin at the root.",
        )
    elif not settings.is_https and not settings.demo:
        yield Finding(
            "base URL",
            False,
            f"{settings.base_url} is plain http. Put a TLS proxy before the tool, set "
            "LTI_TOOL_BASE_URL to its https address and LTI_TOOL_TRUSTED_PROXIES=1.",
        )
    else:
        yield Finding("base URL", True, f"Browsers reach the tool at {settings.base_url}.")
    if settings.is_https and not settings.trusted_proxies:
        yield Finding(
            "proxy",
            False,
            "The base URL is https and no proxy is trusted, so every client seems to have the "
            "proxy’s address. Set LTI_TOOL_TRUSTED_PROXIES to the number of proxies.",
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    folder = settings.keys_dir
    try:
        found = keys.list_keys(folder, settings.secret_key)
    except Sentence as error:
        yield Finding("keys", False, error.sentence)
        return
    except OSError as error:
        yield Finding("keys", False, f"{folder} cannot be read: {error.strerror}.")
        return
    if not found:
        yield Finding("keys", False, "There is no signing key. Run `lti-tool db upgrade`.")
        return
    for path in (folder, *(one.path for one in found)):
        problem = problem_of_mode(path)
        if problem is not None:
            yield Finding("keys", False, problem)
    signing = next(one for one in found if one.state == "signs")
    if clock.now() - signing.signs_from > _OLD_KEY:
        yield Finding(
            "keys", False, f"{signing.kid} has signed for over a year. Run `lti-tool keys rotate`."
        )
    yield Finding("keys", True, f"{len(found)} published; {signing.kid} signs.")


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.engine.dispose()


def _is_empty(settings: Settings) -> bool:
    """Whether the database answers and holds nothing yet."""
    try:
        with _opened(settings) as database:
            return migrate.revision_of(database) is None
    except (Sentence, SQLAlchemyError):
        return False


def _database(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, fits this release and takes writes; and whether marks leave it."""
    what = "database"
    try:
        with _opened(settings) as database:
            revision = migrate.revision_of(database)
            yield Finding(what, True, f"It answers ({database.engine.dialect.name}).")
            what = "migrations"
            migrate.require_current(database)
            yield Finding(what, True, f"It stands at {revision}, as this release needs.")
            with database.new_session(writes=True) as session:
                session.execute(text("DELETE FROM attempts WHERE 1 = 0"))
                session.rollback()
            yield Finding("writing", True, "It takes writes.")
            with database.read() as session:
                yield _worker(seconds_late(session))
    except Sentence as error:
        yield Finding(what, False, error.sentence)
    except SQLAlchemyError as error:
        yield Finding("database", False, say_fault(settings.database_url, error))


def _worker(late_s: float) -> Finding:
    """Whether marks leave: nothing else tells that a worker runs, on whichever machine."""
    if late_s < LATE_S:
        return Finding("worker", True, "No mark waits for longer than it should.")
    return Finding(
        "worker",
        False,
        f"A mark has waited for {late_s / 60:.0f} minutes. Look whether `lti-tool worker` runs "
        "(or `lti-tool serve --with-worker`), then ask `lti-tool gradebook status` which and why.",
    )


def _room(settings: Settings) -> Iterator[Finding]:
    """Room where this machine keeps data; a database elsewhere has to look after its own."""
    free = shutil.disk_usage(settings.instance_dir).free
    words = f"{free / 2**30:.1f} GB are free where the data folder is."
    is_ok = free > _LEAST_FREE
    advice = " Make room: when there is none left, nothing more can be saved."
    yield Finding("room", is_ok, words if is_ok else words + advice)


def _watching(settings: Settings) -> Iterator[Finding]:
    """Who may read the figures."""
    if settings.metrics_token:
        yield Finding("metrics", True, "/metrics answers who has the token, and this machine.")
    elif settings.is_https and not settings.trusted_proxies:
        yield Finding(
            "metrics",
            False,
            "Behind a proxy that is not trusted /metrics takes everyone for this machine where "
            "the proxy passes no address on. Set LTI_TOOL_TRUSTED_PROXIES.",
        )
    else:
        yield Finding(
            "metrics",
            True,
            "/metrics answers this machine only. To ask from elsewhere, set "
            "LTI_TOOL_METRICS_TOKEN.",
        )


def _queue(settings: Settings) -> Iterator[Finding]:
    if _is_empty(settings):
        words = "Not looked at: its tables are not to stand in a database that is still empty."
        yield Finding("queue", True, words)
        return
    key = f"doctor-{random_token(12)}"
    try:
        storage = Queue(settings.queue_url).huey.storage
        storage.put_data(key, b"1")
        storage.pop_data(key)
        storage.close()
        yield Finding("queue", True, "It takes wake-ups for the worker.")
    except Exception as error:
        words = error.sentence if isinstance(error, Sentence) else type(error).__name__
        yield Finding(
            "queue",
            False,
            f"It cannot be written ({words}). Check LTI_TOOL_QUEUE_URL. Marks are still sent, "
            "within a minute instead of at once.",
        )


def _instance(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance_dir
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("data folder", False, f"{folder} cannot be written by this account.")
        return
    files = [] if is_private(folder) else sorted(folder.glob("*.sqlite*"))
    problem = next(filter(None, map(problem_of_mode, (folder, *files))), None)
    yield Finding(
        "data folder",
        problem is None,
        problem or f"{folder} can be written, by this account alone.",
    )


def _clock(settings: Settings) -> Iterator[Finding]:
    now = clock.now()
    newest = max((one.stat().st_mtime for one in settings.keys_dir.glob("*.pem")), default=0.0)
    is_right = now.year >= _NOT_BEFORE and newest <= now.timestamp() + 60
    words = f"It is {clock.day_and_time(now)} in London by this machine."
    advice = " That is before its own files were made. Turn time synchronisation on."
    yield Finding("clock", is_right, words if is_right else words + advice)


_MAIL_ADVICE = {
    "unreachable": "Check host and port in LTI_TOOL_MAIL_URL, and that this machine may reach it.",
    "tls_refused": "Use a host name its certificate names, or name its authority with ?ca=/file.",
    "login_refused": "Check the user name and password in LTI_TOOL_MAIL_URL.",
}


def _mail(settings: Settings) -> Iterator[Finding]:
    try:
        post = read_post(settings)
    except Sentence as error:
        yield Finding("mail", False, error.sentence)
        return
    if post is None:
        words = "LTI_TOOL_MAIL_URL is not set, so no e-mail is sent and none is kept for later."
        yield Finding("mail", True, words)
    elif isinstance(post, Folder):
        yield Finding("mail", True, f"Messages are written to {post.path} and not sent.")
    else:
        verdict = try_out(post)
        advice = _MAIL_ADVICE.get(verdict.reason or "", "Try again in a while.")
        words = f"{post.host} takes us." if verdict.reason is None else REASONS[verdict.reason]
        is_ok = verdict.reason is None
        yield Finding("mail", is_ok, words if is_ok else f"{words.capitalize()}. {advice}")


def _activities(settings: Settings) -> Iterator[Finding]:
    """What each activity looks at by itself, such as the seals of confirmations."""
    fits = False
    try:
        with _opened(settings) as database:
            migrate.require_current(database)
            fits = True
            for activity in register.list_activities():
                with database.read() as session:
                    for check in activity.checks(session, settings):
                        yield Finding(check.what, check.is_ok, check.words)
    except (Sentence, SQLAlchemyError) as error:
        words = error.sentence if isinstance(error, Sentence) else type(error).__name__
        if fits:  # else the look at the database says so
            yield Finding("activities", False, f"Their data could not be looked at ({words}).")


_LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _base_url,
    _instance,
    _room,
    _keys,
    _database,
    _activities,
    _queue,
    _mail,
    _watching,
    _clock,
)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything. The activities are those in the register."""
    return [finding for look in _LOOKS for finding in look(settings)]
