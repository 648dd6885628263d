"""Writing messages to a folder instead of sending them: for the demo and for trials.

Each message is a file that any mail program opens. Files are for the tool's account alone.
"""

import os
from contextlib import suppress

from lti_tool.mail.posts import Folder
from lti_tool.mail.verdicts import SENT, WAIT, Verdict


def write(folder: Folder, name: str, message: bytes) -> Verdict:
    """Write one message, whole or not at all.

    :param name: the file's name without its ending.
    """
    half = folder.path / f".{name}.half"
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(message)
        half.replace(folder.path / f"{name}.eml")
    except OSError:
        with suppress(OSError):
            half.unlink()
        return Verdict(WAIT, "folder_closed", is_server=True)
    return Verdict(SENT)
