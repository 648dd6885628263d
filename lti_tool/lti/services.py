"""A call to a platform's service with a token of the least scope (Security Framework 1.0, 4.1).

Grades (`ags.py`) and the roster (`nrps.py`) come through here. One fresh token is asked for
where the kept one is refused; what any other answer means is for the caller to say.
"""

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti.calls import Answer, call
from lti_tool.lti.tokens import find_token
from lti_tool.settings import Settings


def ask(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    scope: str,
    method: str,
    url: str,
    headers: dict[str, str],
    data: bytes | None = None,
) -> Answer:
    """Make one call with a token; a second with a fresh one where the first was refused.

    :raises ServiceFailed: no token, or no whole answer.
    """
    token = find_token(database, settings, registration, scope)
    for attempt in (1, 2):
        answer = call(
            settings,
            method,
            url,
            data=data,
            headers={**headers, "Authorization": f"Bearer {token}"},
        )
        if answer.status != 401 or attempt == 2:
            return answer
        token = find_token(database, settings, registration, scope, instead_of=token)
    raise AssertionError("unreachable")
