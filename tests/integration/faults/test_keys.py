"""A key file that is broken while the tool runs: who operates it is told which, nobody else."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.support.visiting import make_world


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nMIIE"])
def test_a_half_copied_key_is_a_fault_of_ours_and_names_no_file(
    tmp_path: Path, content: bytes
) -> None:
    world = make_world(tmp_path)
    client = world.app.test_client()
    assert client.get("/lti/jwks.json").status_code == 200
    assert client.get("/readyz").json["keys"] == "ok"
    broken = world.settings.keys_dir / "signing-20300101T000000-half.pem"
    broken.write_bytes(content)
    with capture_logs() as lines:
        answer = client.get("/lti/jwks.json")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503 and answer.headers["X-Reason-Code"] == "out_of_order"
    assert broken.name not in page and ".pem" not in page
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["keys"]) == (503, "out of order")
    assert broken.name not in ready.get_data(as_text=True)
    (told,) = [line for line in lines if line["event"] == "installation out of order"]
    assert broken.name in told["why"] and told["log_level"] == "error"
    broken.unlink()
    assert client.get("/lti/jwks.json").status_code == 200
    assert client.get("/readyz").json["keys"] == "ok"
