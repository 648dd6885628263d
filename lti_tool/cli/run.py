"""`lti-tool serve`, `worker` and `demo`: processes that run until they are told to end."""

import gc

import click

from lti_tool.cli.processes import Process, run_together, serve_command, worker_command
from lti_tool.db.migrate import require_current
from lti_tool.lti.keys import require_readable
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings


def _check_start() -> None:
    """Say once what is wrong with settings, database or files, before two processes both do."""
    from lti_tool.app import create_app

    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    create_app(settings, database)
    require_readable(settings.keys_dir, settings.secret_key)
    database.engine.dispose()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="Add the delivery worker, for one machine.")
def serve(host: str, port: int, workers: int, threads: int, with_worker: bool) -> None:
    """Serve the tool by gunicorn in production mode."""
    if with_worker:
        _check_start()
        web = serve_command(host, port, workers, threads)
        run_together([Process("web", web), Process("worker", worker_command(), restart=True)])
    from lti_tool.serving.server import run_server
    from lti_tool.web import meters

    meters.clear(load_settings().instance_dir / "metrics")
    gc.disable()  # what is loaded now stays: to look through it meanwhile is a tenth of a start
    from lti_tool.wsgi import app, database

    gc.enable()
    run_server(app, database.engine, host=host, port=port, workers=workers, threads=threads)


@click.command("worker")
def worker() -> None:
    """Send what is due until told to end. As many as wanted, on any machine."""
    from lti_tool.core.garbage import leave_what_is_loaded
    from lti_tool.duties import make_work
    from lti_tool.jobs.worker import run
    from lti_tool.web import meters
    from lti_tool.web.logs import set_up_logs

    settings = load_settings()
    set_up_logs(settings)
    meters.share(settings.instance_dir / "metrics")
    database, queue = make_parts(settings, make_work(settings))
    require_current(database)
    require_readable(settings.keys_dir, settings.secret_key)
    leave_what_is_loaded()
    run(queue)


@click.command("demo")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--platform-port", default=8081, show_default=True, type=click.IntRange(1, 65535))
@click.option("--fresh", is_flag=True, help="Begin again with empty data.")
def demo(port: int, platform_port: int, fresh: bool) -> None:
    """Run the tool, its worker and a demo platform on this machine."""
    from lti_tool.cli.demo import run_demo

    run_demo(port, platform_port, fresh)
