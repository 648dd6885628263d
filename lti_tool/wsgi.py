"""The application as a server of its own would load it: `lti_tool.wsgi:app`.

`lti-tool serve` loads it too, before it forks.
"""

import gc

from lti_tool.app import create_app
from lti_tool.db.migrate import require_current
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

# What the application is made of stays for good. Python's full collections need not walk it again
# and again: they took 150 ms of every second or third large page. Frozen before it is forked, it
# stays shared between the processes too.
gc.collect()
gc.freeze()
# A request makes some hundred objects that refer to one another. To look for garbage after every
# 700 new ones, as Python does unasked, took a quarter of a launch.
gc.set_threshold(20_000, 20, 20)
