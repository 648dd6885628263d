"""The application as a server of its own would load it: `lti_tool.wsgi:app`.

`lti-tool serve` loads it too, before it forks.
"""

from lti_tool.app import create_app
from lti_tool.core.garbage import leave_what_is_loaded
from lti_tool.db.migrate import require_current
from lti_tool.lti.keys import require_readable
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings
from lti_tool.web import meters
from lti_tool.web.logs import set_up_logs

_settings = load_settings()
set_up_logs(_settings)
meters.share(_settings.instance_dir / "metrics")
database, _queue = make_parts(_settings)
require_current(database)
app = create_app(_settings, database)
require_readable(_settings.keys_dir, _settings.secret_key)
leave_what_is_loaded()
