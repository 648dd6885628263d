"""The command `lti-tool`: what operators run.

Exit 0 when done, 2 for wrong use, 1 otherwise with one plain sentence on standard error. No
traceback reaches a terminal.
"""

from lti_tool.cli.main import main

__all__ = ["main"]
