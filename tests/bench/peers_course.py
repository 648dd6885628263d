"""Sets our tool up as the comparison with the peers launches it: a link that stands for work.

Run by the description's `pre_start`, after the operator's own commands: by it a launch ends on the
participant's real first page, not on one that says that nothing is set up yet.
"""

import json
import sys

from lti_tool.parts import make_parts
from lti_tool.settings import load_settings
from tests.support import builders


def main(registration: str) -> int:
    """Set work at the first link of the first course.

    :param registration: its values as JSON, as `RegistrationValues` takes them.
    """
    settings = load_settings()
    values = json.loads(registration)
    platform = values["auth_token_url"].removesuffix("/token")
    database, _ = make_parts(settings)
    with database.write() as session:
        course = builders.build_course(session, settings, values, context="course-0")
        builders.build_assignment(
            session,
            settings,
            course,
            link="link-1",
            line_items_url=f"{platform}/lineitems",
            line_item_url=f"{platform}/lineitems/1",
        )
    database.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
