"""`lti-tool serve`, `worker` and `demo`: processes that run until they are told to end."""

import os

import click

from lti_tool.cli.processes import Process, gunicorn, run_together, worker_command
from lti_tool.db.migrate import require_current
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="Add the delivery worker, for one machine.")
def serve(host: str, port: int, workers: int, threads: int, with_worker: bool) -> None:
    """Serve the tool by gunicorn in production mode."""
    from lti_tool.app import create_app
    from lti_tool.web import meters
    from lti_tool.web.reports import set_up_reports

    settings = load_settings()
    meters.clear(settings.instance_dir / "metrics")
    database, _ = make_parts(settings)
    require_current(database)
    set_up_reports(settings)
    create_app(settings, database)  # a wrong file or setting is a sentence here, not a traceback
    database.engine.dispose()
    command = gunicorn(host, port, workers, threads)
    if not with_worker:
        os.execv(command[0], command)
    run_together([Process("web", command), Process("worker", worker_command(), restart=True)])


@click.command("worker")
def worker() -> None:
    """Send what is due until told to end. As many as wanted, on any machine."""
    from lti_tool.duties import make_work
    from lti_tool.jobs.worker import run
    from lti_tool.web import meters
    from lti_tool.web.logs import set_up_logs

    settings = load_settings()
    set_up_logs(settings)
    meters.share(settings.instance_dir / "metrics")
    database, queue = make_parts(settings, make_work(settings))
    require_current(database)
    run(queue)


@click.command("demo")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--platform-port", default=8081, show_default=True, type=click.IntRange(1, 65535))
@click.option("--fresh", is_flag=True, help="Begin again with empty data.")
def demo(port: int, platform_port: int, fresh: bool) -> None:
    """Run the tool, its worker and a demo platform on this machine."""
    from lti_tool.cli.demo import run_demo

    run_demo(port, platform_port, fresh)
