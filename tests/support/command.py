"""`lti-tool` in this process: the entry of the console script, without a process's start.

A process takes seconds to begin. That one ends with these exit codes and sentences is shown in
`tests/rules/test_house.py`.
"""

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest import mock

import structlog
from prometheus_client import values

from lti_tool.cli import main
from lti_tool.web.logs import log


def run_command(environment: Mapping[str, str], *arguments: str) -> CompletedProcess[str]:
    """Run the command with these arguments to its end.

    :param environment: all that the command finds in its environment.
    """
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    umask = os.umask(0o022)
    os.umask(umask)
    logs = structlog.get_config()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(values, "ValueClass", values.ValueClass),  # where counts are kept
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = ended.code
        finally:
            os.umask(umask)  # a command's own ends with its process; this one goes on
            structlog.configure(**logs)
            log.__dict__.pop("bind", None)  # it keeps how it was set up when it wrote first
    assert isinstance(code, int), code
    return CompletedProcess(["lti-tool", *arguments], code, out.getvalue(), err.getvalue())
