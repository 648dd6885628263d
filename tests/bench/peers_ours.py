"""Our tool in the words of the load generator that also measures the peers."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

from tests.support.door import STUDENT_VIEW
from tests.support.running_tool import free_port

_ROOT = Path(__file__).resolve().parents[2]


def describe(name: str, database_url: str = "", *, is_scored: bool = False) -> dict[str, Any]:
    """Our tool in the words of the load generator.

    :param database_url: SQLite in a folder of its own if empty.
    :param is_scored: with the bench's form for marks, and a worker.
    """
    port, folder = free_port(), f"{{run}}/{name}"
    registration = {
        "name": "bench",
        "issuer": "{issuer}",
        "client_id": "{client_id}",
        "deployment_ids": ["{deployment_id}"],
        "auth_login_url": "{platform}/auth",
        "auth_token_url": "{platform}/token",
        "jwks_url": "{platform}/jwks",
    }
    env = {
        "LTI_TOOL_BASE_URL": f"http://127.0.0.1:{port}",
        "LTI_TOOL_SECRET_KEY": "b" * 64,
        "LTI_TOOL_INSTANCE_DIR": f"{folder}/instance",
        "LTI_TOOL_KEYS_DIR": f"{folder}/keys",
        "LTI_TOOL_ALLOW_PRIVATE_PLATFORMS": "1",
        "LTI_TOOL_ALLOW_HTTP": "1",
    }
    fresh = [f"rm -rf {folder}", f"mkdir -p {folder}/instance {folder}/keys"]
    if database_url:
        env |= {"LTI_TOOL_DATABASE_URL": database_url, "LTI_TOOL_QUEUE_URL": database_url}
        server, _, database = database_url.rpartition("/")
        fresh += [
            f"psql -q {server}/postgres -c 'drop database if exists {database}'",
            f"psql -q {server}/postgres -c 'create database {database}'",
        ]
    python, command = sys.executable, f"{sys.executable} -m lti_tool.cli"
    serve = f"{command} serve --host 127.0.0.1 --port {port} --workers 2 --threads 4"
    # The load generator fills in words in braces, and JSON's own are left alone.
    said = json.dumps(registration)
    return {
        "name": name,
        "port": port,
        "issuer": "https://bench.example",
        "client_id": "bench-ours",
        "deployment_id": "d1",
        "env": env,
        "cwd": str(_ROOT),
        "pre_start": [
            *fresh,
            f"{command} db upgrade",
            f"{python} -m tests.bench.peers_course {shlex.quote(said)}",
        ],
        "start": f"{python} -m tests.bench.scored {port}" if is_scored else serve,
        "health_url": f"http://127.0.0.1:{port}/healthz",
        "start_timeout": 120,
        "login_url": f"http://127.0.0.1:{port}/lti/login",
        "login_method": "POST",
        "launch_url": f"http://127.0.0.1:{port}/lti/launch",
        "target_link_uri": f"http://127.0.0.1:{port}/lti/launch",
        "jwks_url": f"http://127.0.0.1:{port}/lti/jwks.json",
        "expect": STUDENT_VIEW,
        "score": {"field": "score"},
        "aux_pid_files": {"postgres": "{run}/pg/data/postmaster.pid"} if database_url else {},
    }
