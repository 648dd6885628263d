"""A platform that answers after a set time, in a process of its own: tokens, scores, results.

It takes scores as Moodle does: one for a person whose second is not later than the last is
refused with 409. It remembers every score in the order of arrival, so that the bench can tell
what was lost, doubled or out of order. No library of the tool's is used here.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

_REASONS = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many",
    503: "Busy",
}


@dataclass
class Book:
    """What the platform holds and how it answers."""

    delay_s: float = 0.05
    busy_share: float = 0.0
    is_down: bool = False
    most_per_s: int = 0
    """Scores that each platform (the first part of an address) takes in a second; the others are
    answered 429. None if 0: then all are taken."""
    jwks: dict[str, Any] = field(default_factory=dict)
    key_fetches: int = 0
    tokens: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    connections: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    grades: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    taken: list[tuple[str, float, str, float]] = field(default_factory=list)
    """Person, mark, timestamp and moment of arrival."""
    first_at: float = 0.0
    last_at: float = 0.0
    seconds: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each platform the second that runs, and how many scores came in it."""

    def is_too_many(self, place: str) -> bool:
        """Whether a platform has had as many scores as it takes in this second."""
        second, count = self.seconds.get(place, (0, 0))
        now = int(time.time())
        count = count + 1 if second == now else 1
        self.seconds[place] = (now, count)
        return 0 < self.most_per_s < count

    def report(self) -> dict[str, Any]:
        """All that the bench wants to know."""
        return {
            "tokens": self.tokens,
            "key_fetches": self.key_fetches,
            "most_in_flight": self.most_in_flight,
            "connections": self.connections,
            "answers": self.answers,
            "shown": {person: mark for person, (mark, _) in self.grades.items()},
            "taken": self.taken,
            "first_at": self.first_at,
            "last_at": self.last_at,
        }


class Platform:
    """The server."""

    def __init__(self) -> None:
        self.book = Book()
        self._chance = random.Random(228)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open as long as the tool wants it."""
        self.book.connections += 1
        try:
            while line := await reader.readline():
                method, target, _ = line.decode().split(" ", 2)
                headers = {}
                while (raw := await reader.readline()).strip():
                    name, _, value = raw.decode().partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, answer = await self._answer(method, target, headers, body)
                sent = b"" if answer is None else json.dumps(answer).encode()
                wait = "Retry-After: 1\r\n" if status == 429 else ""
                writer.write(
                    f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
                    f"{wait}Content-Length: {len(sent)}\r\n\r\n".encode()
                    + sent
                )
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any]:
        parts = urlsplit(target)
        if parts.path == "/report":
            return 200, self.book.report()
        if parts.path == "/set":
            for name, value in json.loads(body).items():
                setattr(self.book, name, value)
            return 200, {}
        if self.book.is_down:
            return 503, None
        if parts.path == "/jwks":
            self.book.key_fetches += 1
            return 200, self.book.jwks
        if parts.path == "/token":
            self.book.tokens += 1
            return 200, {"access_token": "a token", "expires_in": 3600}
        if headers.get("authorization") != "Bearer a token":
            return 401, None
        if method == "POST" and parts.path.endswith("/scores"):
            return await self._score(parts.path.split("/")[1], json.loads(body))
        if parts.path.endswith("/results"):
            return 200, self._results(parse_qs(parts.query).get("user_id"))
        return 404, None

    async def _score(self, place: str, score: dict[str, Any]) -> tuple[int, Any]:
        book = self.book
        if book.is_too_many(place):
            book.answers[429] = book.answers.get(429, 0) + 1
            return 429, None
        book.in_flight += 1
        book.most_in_flight = max(book.most_in_flight, book.in_flight)
        book.first_at = book.first_at or time.time()
        status = 503 if self._chance.random() < book.busy_share else self._take(score)
        await asyncio.sleep(book.delay_s)
        book.in_flight -= 1
        book.last_at = time.time()
        book.answers[status] = book.answers.get(status, 0) + 1
        return status, None

    def _take(self, score: dict[str, Any]) -> int:
        person, at = score["userId"], datetime.fromisoformat(score["timestamp"])
        there = self.book.grades.get(person)
        if there is not None and at <= there[1]:
            return 409
        self.book.grades[person] = (score["scoreGiven"], at)
        self.book.taken.append((person, score["scoreGiven"], score["timestamp"], time.time()))
        return 200

    def _results(self, wanted: list[str] | None) -> list[dict[str, Any]]:
        return [
            {
                "userId": person,
                "resultScore": mark,
                "resultMaximum": 100,
                "timestamp": at.isoformat(),
            }
            for person, (mark, at) in self.book.grades.items()
            if wanted is None or person in wanted
        ]


async def _main() -> None:
    platform = Platform()
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
