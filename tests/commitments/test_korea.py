"""The dossier: the understandings of August 2011 and what became of them."""

from __future__ import annotations

import datetime
import importlib.resources
import json

import pytest

from detente.commitments import Commitment, between, find
from detente.records import Document, parse_date


@pytest.fixture(scope="module")
def understandings() -> Commitment:
    folder = importlib.resources.files("detente") / "dossiers" / "korea-2010-2014"
    lines = (folder / "dispatches.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [
        Document(document_id=d["id"], text=d["text"], title=d["title"], published=parse_date(d["date"]))
        for d in map(json.loads, lines)
        if not d["id"].endswith("-b")
    ]
    found = between(find(documents), "RUS", "PRK")
    return next(c for c in found if c.made == datetime.date(2011, 8, 24))


def about(commitment: Commitment, word: str):  # type: ignore[no-untyped-def]
    return next(p for p in commitment.provisions if word in p.subject)


def test_one_commitment_of_russia_and_north_korea(understandings: Commitment) -> None:
    assert set(understandings.parties) == {"RUS", "PRK"}
    assert any(e.document_id == "kor-2011-08-24-ulan-ude" for e in understandings.evidence)
    assert all(about(understandings, word) for word in ("pipeline", "railway", "debt"))


def test_the_debt_is_settled(understandings: Commitment) -> None:
    debt = about(understandings, "debt")
    assert (debt.status, debt.level) == ("fulfilled", 3)
    assert "writes off 90 percent" in debt.follow_through[-1].evidence.sentence


def test_pipeline_and_railway_stand_still(understandings: Commitment) -> None:
    for word in ("pipeline", "railway"):
        assert about(understandings, word).status == "stalled", word
    assert any("reopened" in r.evidence.sentence for r in about(understandings, "railway").follow_through)


def test_the_way_under_the_sea_passes_the_north_by(understandings: Commitment) -> None:
    passing = [r for p in understandings.provisions for r in p.follow_through if r.kind == "replace"]
    assert {r.evidence.document_id for r in passing} & {"kor-2013-10-08-putin-undersea", "kor-2013-11-15-bypass"}
    assert all(r.tentative for r in passing)
