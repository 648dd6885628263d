"""A small LTI 1.3 platform for newcomers and tests.

It behaves like a Moodle course with a gradebook, good and bad habits included,
so that the tool can be tried and tested on one machine. It runs as its own
process, talks to the tool only over HTTP and shares no code with it. It has no
passwords, so it refuses to start outside the demo.
"""

from lti_tool.demo_platform.app import create_app, registration_values

__all__ = ["create_app", "registration_values"]
