"""The server: only its own page, on this computer, with the token, may ask, and only small questions of numbers."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator

import pytest

import sim
from sim.explorer.server import HEADERS, LARGEST_QUESTION, Explorer
from sim.explorer.session import Session

VALUES = [10, 0.8, 0.2, 1]


@pytest.fixture(scope="module")
def explorer() -> Iterator[Explorer]:
    """Serve the toy."""
    made = Explorer(Session(sim.load("toys/two_actors"), "toys/two_actors", seed=7, full_runs=20))
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(20)
    assert not thread.is_alive()


def asked(
    explorer: Explorer, method: str, path: str, body: bytes | None = None, drop: str = "", **changed: str
) -> tuple[int, bytes, dict[str, str]]:
    """Ask as the page would, with some headers changed."""
    own = f"127.0.0.1:{explorer.port}"
    headers = {"Host": own}
    if method == "POST":
        headers |= {"Origin": f"http://{own}", "Content-Type": "application/json"}
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    headers.pop(drop, None)
    connection = http.client.HTTPConnection("127.0.0.1", explorer.port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def question(**numbers: object) -> bytes:
    """Return a question about the deal as written."""
    return json.dumps({"values": VALUES, "runs": 5, "panel": 0} | numbers).encode()


def test_the_page_its_module_and_styles_are_there_with_every_header(explorer: Explorer) -> None:
    """All of the page is three files, under one megabyte, each with the strict policy."""
    size = 0
    for name in ("", "explorer.js", "explorer.css"):
        status, body, headers = asked(explorer, "GET", f"/{explorer.token}/{name}")
        assert status == 200
        assert {key: headers[key.lower()] for key in HEADERS} == HEADERS
        assert "server" not in headers
        size += len(body)
    assert size < 1_000_000
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_asks_and_is_answered(explorer: Explorer) -> None:
    """With its own origin, as JSON."""
    status, body, headers = asked(explorer, "POST", f"/{explorer.token}/ask/answer", question())
    assert (status, json.loads(body)["runs"]) == (200, 5)
    assert headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "0.0.0.0:{port}", ""]
)
def test_another_name_is_turned_away(explorer: Explorer, host: str) -> None:
    """A page elsewhere that points its own name at this computer gets nothing."""
    status, _, _ = asked(explorer, "GET", f"/{explorer.token}/", Host=host.format(port=explorer.port))
    assert status in (400, 403)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://localhost:{port}"]
)
def test_another_origin_may_not_ask(explorer: Explorer, origin: str) -> None:
    """Nor does the token help it."""
    path = f"/{explorer.token}/ask/answer"
    status, _, _ = asked(explorer, "POST", path, question(), Origin=origin.format(port=explorer.port))
    assert status == 403


def test_a_question_without_origin_or_as_a_form_is_turned_away(explorer: Explorer) -> None:
    """What a form of another page could send is not taken."""
    path = f"/{explorer.token}/ask/answer"
    assert asked(explorer, "POST", path, question(), drop="Origin")[0] == 403
    assert asked(explorer, "POST", path, question(), Content_Type="text/plain")[0] == 403


@pytest.mark.parametrize(
    "path", ["/", "/explorer.js", "/wrong/", "/wrong/ask/answer", "/{token}/../etc/passwd", "/{token}/ask/"]
)
def test_without_the_token_nothing_is_there(explorer: Explorer, path: str) -> None:
    """Every other path is unknown, and none is a file."""
    assert asked(explorer, "GET", path.format(token=explorer.token))[0] in (404, 405)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD"])
def test_other_methods_are_turned_away(explorer: Explorer, method: str) -> None:
    """Without an answer that another page could read."""
    status, body, headers = asked(explorer, method, f"/{explorer.token}/ask/answer")
    assert status in (403, 405)
    assert "access-control-allow-origin" not in headers
    assert VALUES[0] not in body


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"[" * 4000, b"\xff\xfe"])
def test_what_is_no_question_is_refused(explorer: Explorer, body: bytes) -> None:
    """With an error, not a failure."""
    status, told, _ = asked(explorer, "POST", f"/{explorer.token}/ask/answer", body)
    assert (status, json.loads(told)["error"]) == (400, "the question is no JSON object")


def test_a_long_question_is_refused(explorer: Explorer) -> None:
    """Before it is read whole."""
    body = b'{"values": [' + b" " * LARGEST_QUESTION + b"]}"
    assert asked(explorer, "POST", f"/{explorer.token}/ask/answer", body)[0] == 413


def test_texts_and_paths_are_no_numbers(explorer: Explorer) -> None:
    """A question that names a file or a key is refused."""
    for numbers in ({"values": ["/etc/passwd"] * 4}, {"values": {"title": 1}}, {"runs": 10**9}):
        status, told, _ = asked(explorer, "POST", f"/{explorer.token}/ask/answer", question(**numbers))
        assert status == 400
        assert "expected" in json.loads(told)["error"]


def test_no_other_computer_can_reach_it(explorer: Explorer) -> None:
    """It listens on the loopback interface alone."""
    assert explorer._socket.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_told() -> None:
    """With the option to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(sim.SimError, match=f"--port: found {port}, expected a port of this computer that is free"):
            Explorer(Session(sim.load("toys/two_actors"), "toys/two_actors"), port)
