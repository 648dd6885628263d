"""A small driver for Firefox by Marionette, the protocol it speaks without any helper program.

A message is its length, a colon and JSON: `[0, number, command, parameters]` out,
`[1, number, error, result]` back. Firefox keeps its own settings here: drivers usually switch
protections off, and those are what this is about.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.running_tool import free_port

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_UP_WITHIN_S, _WAIT_MS = 60, 15_000
_NAMES = ("firefox-esr", "firefox")


class FirefoxSaysNo(Exception):
    """Firefox could not do what it was told; says which error."""


def find_firefox() -> str:
    """The path of a Firefox. `FIREFOX` names one outright.

    :raises AssertionError: there is none; says what to do.
    """
    named = os.environ.get("FIREFOX")
    for name in (named,) if named else _NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError("Firefox is missing. On Debian: apt install firefox-esr. Or set FIREFOX.")


class Firefox:
    """One session with a running Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._buffer = b""
        self._number = 0
        self._read()
        started = self.tell("WebDriver:NewSession", capabilities={})
        self.version = str(started["capabilities"]["browserVersion"])
        self.tell("WebDriver:SetTimeouts", implicit=_WAIT_MS, pageLoad=60_000)

    def _read(self) -> Any:
        while b":" not in self._buffer:
            self._buffer += self._receive()
        length, _, rest = self._buffer.partition(b":")
        while len(rest) < int(length):
            rest += self._receive()
        self._buffer = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _receive(self) -> bytes:
        got = self._socket.recv(65536)
        if not got:
            raise ConnectionError("Firefox hung up")
        return got

    def tell(self, command: str, **parameters: Any) -> Any:
        """Send one command and wait for its result.

        :raises FirefoxSaysNo: Firefox answered with an error.
        """
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(str(len(message)).encode() + b":" + message)
        _, number, error, result = self._read()
        assert number == self._number
        if error:
            raise FirefoxSaysNo(f"{command} {parameters}: {error['error']}: {error['message']}")
        return result

    def go(self, url: str) -> None:
        """Open an address in this tab."""
        self.tell("WebDriver:Navigate", url=url)

    def reload(self) -> None:
        """Load the whole page anew."""
        self.leave_frame()
        self.tell("WebDriver:Refresh")

    def find(self, path: str) -> str:
        """The first element by XPath; waits for it."""
        try:
            found = self.tell("WebDriver:FindElement", using="xpath", value=path)
        except FirefoxSaysNo as error:
            raise AssertionError(f"{error}\n{self.text()[:2000]}") from error
        return str(found["value"][_ELEMENT])

    def click(self, path: str) -> None:
        """Click an element."""
        self.tell("WebDriver:ElementClick", id=self.find(path))

    def fill(self, path: str, text: str) -> None:
        """Type into a field."""
        self.tell("WebDriver:ElementSendKeys", id=self.find(path), text=text)

    def run(self, script: str) -> Any:
        """The result of a script in the page or frame."""
        return self.tell("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def text(self) -> str:
        """The words of the page or frame."""
        return str(self.run("return document.body ? document.body.innerText : ''"))

    def leave_frame(self) -> None:
        """Back to the page around the frame."""
        self.tell("WebDriver:SwitchToFrame")

    def enter_frame(self) -> None:
        """Into the page's one frame, wherever it has gone since."""
        self.leave_frame()
        frame = self.find("//iframe")
        self.tell("WebDriver:SwitchToFrame", element=frame)

    def sees(self, words: str) -> None:
        """Wait until the frame shows these words. Looked for anew each time, since a frame that
        goes to another site is another document in another process."""
        until, last = time.monotonic() + _WAIT_MS / 1000, ""
        while time.monotonic() < until:
            self.enter_frame()
            try:
                last = self.text()
            except FirefoxSaysNo as error:
                last = str(error)
            if words in last:
                return
            time.sleep(0.2)
        raise AssertionError(f"“{words}” is not shown, but:\n{last[:2000]}")

    def tab(self) -> str:
        """This tab's handle."""
        return str(self.tell("WebDriver:GetWindowHandle")["value"])

    def tabs(self) -> list[str]:
        """The handles of all tabs and windows."""
        return list(self.tell("WebDriver:GetWindowHandles"))

    def wait_for_tab(self, before: set[str]) -> str:
        """The tab that opens besides those there were before."""
        until = time.monotonic() + _WAIT_MS / 1000
        while time.monotonic() < until:
            new = set(self.tabs()) - before
            if new:
                return new.pop()
            time.sleep(0.2)
        raise AssertionError("no tab opened")

    def new_tab(self) -> str:
        """Open a tab and go there."""
        handle = str(self.tell("WebDriver:NewWindow", type="tab", focus=True)["handle"])
        self.go_to_tab(handle)
        return handle

    def go_to_tab(self, handle: str) -> None:
        """Go to another tab."""
        self.tell("WebDriver:SwitchToWindow", handle=handle, focus=True)

    def preference(self, name: str) -> Any:
        """What Firefox has set, by itself or by us."""
        self.tell("Marionette:SetContext", value="chrome")
        try:
            return self.run(
                f"const p = Services.prefs, n = {json.dumps(name)};"
                "return {32: () => p.getStringPref(n), 64: () => p.getIntPref(n),"
                " 128: () => p.getBoolPref(n), 0: () => null}[p.getPrefType(n)]()"
            )
        finally:
            self.tell("Marionette:SetContext", value="content")

    def close(self) -> None:
        """End the session."""
        self._socket.close()


def _profile(folder: Path, port: int, preferences: dict[str, Any]) -> Path:
    """A fresh profile. Only what a test needs is set: no start page, and no word to Mozilla."""
    own = {
        "marionette.port": port,
        "remote.prefs.recommended": False,
        "app.update.auto": False,
        "browser.startup.page": 0,
        "browser.newtabpage.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,none",
        **preferences,
    }
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in own.items()]
    (folder / "user.js").write_text("\n".join(lines))
    return folder


@contextmanager
def running_firefox(folder: Path, **preferences: Any) -> Iterator[Firefox]:
    """A Firefox with a fresh profile, for as long as the block runs.

    :param preferences: Firefox's own, with `__` for a dot.
    """
    port = free_port()
    named = {name.replace("__", "."): value for name, value in preferences.items()}
    profile = _profile(folder / "profile", port, named)
    command = [find_firefox(), "--headless", "--no-remote", "--marionette"]
    command += ["--remote-allow-system-access", "--profile", str(profile)]
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, "HOME": str(folder)}, stdout=log, stderr=log
        )
    try:
        yield _connected(process, port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(process: subprocess.Popen[bytes], port: int) -> Firefox:
    until = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < until:
        assert process.poll() is None, "Firefox ended at once"
        try:
            return Firefox(port)
        except OSError:
            time.sleep(0.2)
    raise AssertionError("Firefox did not answer")
