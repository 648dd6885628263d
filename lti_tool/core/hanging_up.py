"""A terminal that closes ends what was begun in it, as any other program.

What serves and sends marks must not go on where nobody sees it. Gunicorn and Huey would begin
anew instead, which nothing here asks for.
"""

import signal


def is_kept_on() -> bool:
    """Whether whoever began this process wants it to outlive its terminal, as by `nohup`. To be
    asked before others take the signal for themselves."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
