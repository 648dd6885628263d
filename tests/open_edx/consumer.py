"""A course site that is Open edX's LTI consumer and little else, on one port of loopback.

Launches, key set, tokens, columns, scores and deep linking answers are the package's own views,
models and serializers; ours are the settings here and `pages.py`.
`python -m tests.open_edx.consumer PORT TOOL_URL FOLDER` begins it.
"""

import json
import logging
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

from tests.open_edx import lms

BLOCKS = {"declared": "declarative", "managed": "programmatic", "chosen": "declarative"}
"""The course's LTI components, each with the way its grades are kept."""


def configure(url: str, folder: Path) -> None:
    """Set Django up in memory, as little as the consumer needs."""
    settings.configure(
        SECRET_KEY="a course site of the tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.open_edx.pages",
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "open-edx.sqlite"),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "config_models",
            "lti_consumer",
        ],
        MIDDLEWARE=[
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
            "tests.open_edx.pages.signed_in",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USAGE_ID_PATTERN=r"(?P<usage_id>(?:i4x://?[^/]+/[^/]+/[^/]+/[^@]+(?:@[^/]+)?)|(?:[^/]+))",
        LTI_BASE=url,
        LTI_API_BASE=url,
        LMS_ROOT_URL=url,
        OPENEDX_TELEMETRY=[],
        PLATFORM_NAME="Example University Online",
    )
    django.setup()
    lms.put_in_place()


def set_up(tool_url: str) -> None:
    """Make the tables and one component for each block, which share a client id."""
    from django.core.management import call_command
    from lti_consumer.models import Lti1p3Passport, LtiConfiguration
    from opaque_keys.edx.keys import UsageKey

    call_command("migrate", verbosity=0)
    passport = Lti1p3Passport.objects.create(lti_1p3_tool_keyset_url=f"{tool_url}/lti/jwks.json")
    for block, mode in BLOCKS.items():
        LtiConfiguration.objects.create(
            version=LtiConfiguration.LTI_1P3,
            config_store=LtiConfiguration.CONFIG_ON_DB,
            location=UsageKey.from_string(lms.usage_key(block)),
            lti_1p3_passport=passport,
            lti_1p3_oidc_url=f"{tool_url}/lti/login",
            lti_1p3_launch_url=f"{tool_url}/lti/launch",
            lti_advantage_ags_mode=mode,
            lti_advantage_enable_nrps=True,
            lti_advantage_deep_linking_enabled=block == "chosen",
            lti_advantage_deep_linking_launch_url=f"{tool_url}/lti/launch",
        )


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Only what goes wrong is written."""


def main() -> None:
    """Serve until told to stop."""
    port, tool_url, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    logging.basicConfig(level=logging.WARNING)
    configure(f"http://127.0.0.1:{port}", folder)
    set_up(tool_url)
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=_Quiet) as server:
        sys.stdout.write(json.dumps({"ready": port}) + "\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
