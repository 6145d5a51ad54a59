"""What users of the desk click, for Locust: ``locust -f desk_users.py``; see ``bench.desk``.

Each waits one to three seconds between clicks, as somebody who looks at the page. Dyads and groups are drawn anew each
time, the well-known ones more often, so that most answers are asked for the first time.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

from locust import HttpUser, between, events, task

__all__ = ["Analyst"]

API = "/api/v1"
EVENT, DOCUMENT = (re.compile(f'href="(/{name}[?]id=[^"#]+)') for name in ("event", "document"))
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

    def page(self, address: str, name: str) -> str:
        """Ask for a page as a browser does; what it says."""
        return str(self.client.get(address, name=name, headers={"Accept": "text/html"}).text)

    @task(4)
    def world(self) -> None:
        """The shifts on the map and ranked."""
        self.page(self.draw.choice(["/", "/?sort=size"]), "world")

    @task(8)
    def dyad(self) -> None:
        """A relation, then a brush over a few years of it, then its events from a program."""
        a, b = self.states(2)
        by = self.draw.choice(["month", "quarter", "year"])
        found = EVENT.findall(self.page(f"/dyad/{a}/{b}?by={by}", "relation"))
        self.event = self.draw.choice(found) if found else None
        year = self.draw.randint(2005, 2020)
        span = f"since={year}-01-01&until={year + 2}-06-30"
        self.page(f"/dyad/{a}/{b}?by={by}&{span}", "relation in a span")
        self.client.get(f"{API}/events?between={a}&between={b}&{span}&count=true", name="API: events")

    @task(3)
    def open_event(self) -> None:
        """One event."""
        if self.event:
            self.page(self.event, "event")

    @task(4)
    def search(self) -> None:
        """A search by words or type, and actor."""
        query = f"text={self.draw.choice(WORDS)}" if self.draw.random() < 0.5 else f"type={self.draw.choice(TYPES)}"
        self.page(f"/search?{query}&actor={self.states(1)[0]}", "search")

    @task(1)
    def search_all(self) -> None:
        """A search by words in everything."""
        self.page(f"/search?text={self.draw.choice(WORDS)}", "search in everything")

    @task(1)
    def group(self) -> None:
        """The matrix of a few states."""
        self.page(f"/group?states={','.join(self.states(4))}", "group")

    @task(2)
    def texts(self) -> None:
        """Documents, and one of them."""
        found = DOCUMENT.findall(self.page("/search?what=documents", "documents"))
        if found:
            self.page(self.draw.choice(found), "document")

    @task(2)
    def at_the_side(self) -> None:
        """The board of commitments, and what programs ask for."""
        self.page("/commitments", "commitments")
        self.client.get(f"{API}/actors?text={self.draw.choice('abcdefgh')}&limit=20", name="API: actors")
        sort = self.draw.choice(["unnoticed", "size"])
        self.client.get(f"{API}/shifts?limit=50&sort={sort}", name="API: shifts")
