"""Starts the demo platform: python -m lti_tool.demo_platform --help.

It signs anyone in as anyone, so it runs only where LTI_TOOL_DEMO=1 says that
this is a demo. What it serves is put together in app.py.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool.demo_platform.app import create_app


class QuietHandler(WSGIRequestHandler):
    """Says nothing about requests: addresses can hold one-time values."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lti_tool.demo_platform")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--tool-url", default="http://127.0.0.1:8080")
    parser.add_argument("--state-dir", type=Path, default=Path("instance/demo-platform"))
    parser.add_argument("--platform-url", help="as browsers see it; else http://localhost:PORT")
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if os.environ.get("LTI_TOOL_DEMO") != "1":
        print("The demo platform runs only in the demo: set LTI_TOOL_DEMO=1.", file=sys.stderr)
        return 1
    platform_url = options.platform_url or f"http://localhost:{options.port}"
    try:
        app = create_app(options.state_dir, options.tool_url, platform_url)
        server = make_server(
            options.host, options.port, app, threaded=True, request_handler=QuietHandler
        )
    except OSError as error:
        print(f"The demo platform cannot start: {error}.", file=sys.stderr)
        return 1
    server.daemon_threads = True  # type: ignore[attr-defined]

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"Demo platform: {platform_url}", flush=True)
    server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
