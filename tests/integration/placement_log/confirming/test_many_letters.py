"""Many hosts written to while workers die: each letter leaves once, or is named as unsure."""

from collections import Counter
from typing import Any

import pytest

from lti_tool.mail import smtp, worker
from tests.integration.gradebook.bench import Killed, dying
from tests.integration.placement_log.confirming.bench import HOST, Bench, on_sqlite, text_of


@on_sqlite
def test_each_leaves_once_or_is_named(
    bench: Bench, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = [f"host{number}@hillside.sch.uk" for number in range(1, 9)]
    for number, host in enumerate(hosts, 1):
        if number > 1:
            bench.visiting.add()
        path = f"placement/visits/{number}/confirm"
        bench.visitor.get(path)
        assert (
            bench.visitor.post(f"{path}/ask", {"name": "A host", "email": host}).status_code == 303
        )
    for after in (True, False):
        with monkeypatch.context() as patched:
            patched.setattr(smtp, "send", dying(smtp.send, after=after))
            with pytest.raises(Killed):
                bench.work()
    bench.work()
    clock.shift(worker.LEASE_FOR.total_seconds() + 1)
    bench.work()
    taken = Counter(one.recipients[0] for one in bench.sink.taken)
    assert max(taken.values()) == 1 and len(taken) == 7, "none twice, and one never left"
    pages = [
        text_of(bench.visitor.get(f"placement/visits/{number}/confirm")) for number in range(1, 9)
    ]
    unsure = [page for page in pages if "cannot tell whether the message arrived" in page]
    assert len(unsure) == 2, "one that did arrive and one that did not"
    assert sum("The message left on" in page for page in pages) == 6


@on_sqlite
def test_a_refused_address_is_said(bench: Bench) -> None:
    bench.sink.to_recipient = "550 no such user"
    bench.ask()
    assert "on its way" in text_of(bench.visitor.get("placement/visits/1/confirm"))
    bench.work()
    page = text_of(bench.visitor.get("placement/visits/1/confirm"))
    assert "could not be delivered. Check the address." in page and HOST in page
