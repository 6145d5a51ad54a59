"""What users of the desk click, for Locust: ``locust -f desk_users.py``; see ``bench.desk``.

Each waits one to three seconds between clicks, as somebody who looks at the page. Dyads and groups are drawn anew each
time, the well-known ones more often, so that most answers are asked for the first time.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import HttpUser, between, events, task

__all__ = ["Analyst"]

API = "/api/v1"
STATES = os.environ.get("DETENTE_BENCH_STATES", "RUS,PRK,CHN,KOR,USA,JPN").split(",")
TYPES = ("CONSULT", "AID", "ACCUSE", "ASSAULT", "AGREE", "REJECT", "SANCTION", "COOPERATE")
WORDS = ("pipeline", "gas pipeline", "refugees", "geneva railway", "understandings", "fishing", '"debt relief"', "oslo")


@events.request.add_listener
def note(name: str, response_time: float, **_: Any) -> None:
    """Keep the time of each request: Locust itself rounds them."""
    if path := os.environ.get("DETENTE_BENCH_LOG"):
        with Path(path).open("a", encoding="utf-8") as log:
            log.write(json.dumps([name, response_time]) + "\n")


class Analyst(HttpUser):
    """An analyst who clicks through the desk."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Draw this user's clicks."""
        self.draw = random.Random(random.random())  # noqa: S311 - no secret
        self.event: str | None = None

    def states(self, count: int) -> list[str]:
        """Different states, the first of the list more often."""
        found: list[str] = []
        while len(found) < count:
            state = STATES[min(int(self.draw.paretovariate(0.7)) - 1, len(STATES) - 1)]
            if state not in found:
                found.append(state)
        return found

    @task(4)
    def world(self) -> None:
        """The list of shifts, a page of it."""
        sort = self.draw.choice(["unnoticed", "size"])
        self.client.get(f"{API}/shifts?limit=50&sort={sort}", name="shifts")

    @task(8)
    def dyad(self) -> None:
        """A relation with its events, then a brush over a few years of it."""
        a, b = self.states(2)
        by = self.draw.choice(["month", "quarter", "year"])
        self.client.get(f"{API}/relations/{a}/{b}?by={by}", name="relation")
        found = self.client.get(f"{API}/events?between={a}&between={b}&limit=50", name="events of a dyad").json()[
            "items"
        ]
        self.event = found[0]["event_id"] if found else None
        year = self.draw.randint(2005, 2020)
        span = f"since={year}-01-01&until={year + 2}-06-30"
        self.client.get(f"{API}/events?between={a}&between={b}&{span}&count=true", name="events of a brush")

    @task(2)
    def open_event(self) -> None:
        """One event."""
        if self.event:
            self.client.get(f"{API}/events/{self.event}", name="one event")

    @task(4)
    def search(self) -> None:
        """A search by words, type and actor."""
        query = f"text={self.draw.choice(WORDS)}" if self.draw.random() < 0.5 else f"type={self.draw.choice(TYPES)}"
        self.client.get(f"{API}/events?{query}&actor={self.states(1)[0]}&limit=50", name="search")

    @task(1)
    def search_all(self) -> None:
        """A search by words in everything."""
        self.client.get(f"{API}/events?text={self.draw.choice(WORDS)}&limit=50", name="search in everything")

    @task(1)
    def group(self) -> None:
        """The matrix of a few states."""
        self.client.get(f"{API}/groups/{','.join(self.states(4))}", name="group")

    @task(2)
    def texts(self) -> None:
        """Documents, and one of them."""
        found = self.client.get(f"{API}/documents?limit=20", name="documents").json()["items"]
        if found:
            self.client.get(f"{API}/documents/{self.draw.choice(found)['document_id']}", name="one document")

    @task(2)
    def names(self) -> None:
        """What the page asks for beside: contents, actors, commitments."""
        self.client.get(f"{API}/ledger", name="ledger")
        self.client.get(f"{API}/actors?text={self.draw.choice('abcdefgh')}&limit=20", name="actors")
        self.client.get(f"{API}/commitments?limit=20", name="commitments")
