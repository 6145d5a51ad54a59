"""Answers from a prepared file are those of the ledger itself."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.api import lookups, views
from detente.api.events import EventQuery, count_events, count_ways, events_by_id, find_events
from detente.api.pairs import PairTables
from detente.api.preparing import prepare
from detente.api.store import Store
from detente.ledger import open_ledger
from detente.records import to_json
from tests.ledger.made import coded
from tests.relations.imported import imports_and_texts

DAY = datetime.date(2013, 6, 15)
SPAN = {"since": datetime.date(2012, 2, 2), "until": DAY}
PAIRS = (("RUS", "PRK"), ("PRK", "KOR"), ("USA", "CHN"), ("FJI", "VUT"))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A ledger with what is prepared of it, and the same without."""
    folder = tmp_path_factory.mktemp("prepared")
    path = imports_and_texts(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr("detente.api.store.LEAST_EVENTS", 1)
        assert prepare(path)
        prepared, plain = Store(path, read_only=True), Store(path, read_only=True, prepared=False)
        yield prepared, plain
        prepared.close()
        plain.close()


def stances(store: Store, a: str, b: str, by: str, *, evidence: bool) -> dict[str, Any]:
    found = to_json(views.stance_view(store, a, b, by=by, evidence=evidence))
    return {key: found[key] for key in ("words", "deeds", "series")}


def test_the_prepared_file_is_used(stores: tuple[Store, Store]) -> None:
    prepared, plain = stores
    with prepared.tables() as tables:
        assert isinstance(tables, PairTables)
        for name in ("sides", "documents"):
            assert len(tables.kept(name, ("RUS", "PRK")) or ())
    with plain.tables() as tables:
        assert not isinstance(tables, PairTables)
        assert tables.kept("sides", ("RUS", "PRK")) is None


@pytest.mark.parametrize("pair", PAIRS)
def test_a_relation_is_the_same(pair: tuple[str, str], stores: tuple[Store, Store]) -> None:
    prepared, plain = stores
    for by in ("week", "month", "quarter", "year"):
        assert to_json(views.relation_view(prepared, *pair, by=by)) == to_json(views.relation_view(plain, *pair, by=by))
        assert stances(prepared, *pair, by, evidence=False) == stances(plain, *pair, by, evidence=True)
    # In the midst of a month some of its evidence is known; on a first day none or all.
    for until in (DAY, datetime.date(2012, 1, 1), datetime.date(2013, 6, 3)):
        now, then = (views.baseline_view(store, *pair, until=until) for store in stores)
        assert to_json(now) == to_json(then)


def test_stances_rest_on_words_and_deeds(stores: tuple[Store, Store]) -> None:
    found = stances(stores[0], "RUS", "PRK", "quarter", evidence=False)
    assert found["words"]["n"] > 20
    assert found["deeds"]["n"] > 5


@pytest.mark.parametrize("asked", [{}, SPAN, {"type": ("AID",)}, {"text": "pyongyang"}, {"quad": (1, 4)}])
def test_the_events_of_two_states_are_the_same(asked: dict[str, Any], stores: tuple[Store, Store]) -> None:
    prepared, plain = stores
    for pair in PAIRS:
        for order in ("-date", "date"):
            query = EventQuery(between=pair, order=order, **asked)
            first = find_events(prepared, query, limit=7, count=True)
            assert first == find_events(plain, query, limit=7, count=True)
            if first.next:
                second = find_events(prepared, query, limit=7, cursor=first.next)
                assert second == find_events(plain, query, limit=7, cursor=first.next)
        assert count_ways(prepared, query) == count_ways(plain, query)
        assert count_events(prepared, query) == count_events(plain, query)
    assert find_events(prepared, EventQuery(**asked)) == find_events(plain, EventQuery(**asked))


SEARCHES = ("talks", "yong", "north korea", '"north korea"', '"h kor"', "e", "zzzz", "- said", '"the  north"', "é")


@pytest.mark.parametrize("most", [8000, 2])
@pytest.mark.parametrize("text", SEARCHES)
def test_words_are_found_wherever_they_stand(
    text: str, most: int, stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared, plain = stores
    monkeypatch.setattr("detente.api.words.MOST", most)
    monkeypatch.setattr(prepared, "_kept", type(prepared._kept)())
    for order in ("-date", "date"):
        for more in ({}, {"actor": ("RUS", "USA")}, {"since": DAY}):
            query = EventQuery(text=text, order=order, **more)
            first, same = (find_events(store, query, limit=5, count=True) for store in stores)
            assert first == same
            if first.next:
                second = find_events(prepared, query, limit=5, cursor=first.next)
                assert second == find_events(plain, query, limit=5, cursor=first.next)


def test_some_of_the_searches_find_something(stores: tuple[Store, Store]) -> None:
    counts = {text: count_events(stores[0], EventQuery(text=text)) for text in SEARCHES}
    assert counts["zzzz"] == 0
    assert min(counts[text] for text in ("yong", "north korea", '"h kor"', "e")) > 0


def test_events_are_found_by_their_ids(stores: tuple[Store, Store]) -> None:
    ids = [event.event_id for event in find_events(stores[1], EventQuery(), limit=9).items]
    first, same = (events_by_id(store, [*ids, "none such"]) for store in stores)
    assert first == same
    assert len(first) == 9


LISTS: dict[str, Callable[[Store], Any]] = {
    "attention": lambda store: to_json(views.attention_view(store)),
    "world": lambda store: to_json(views.world_view(store)),
    "group": lambda store: to_json(views.group_view(store, "RUS,PRK,CHN,USA")),
    "group as of": lambda store: to_json(views.group_view(store, "RUS,PRK,CHN", until=DAY)),
    "countries": lookups.countries,
    "actors": lambda store: lookups.actors(store, "r"),
    "sources": lookups.sources,
    "summary": lookups.summary,
}


@pytest.mark.parametrize("name", LISTS)
def test_what_there_is_is_the_same(name: str, stores: tuple[Store, Store]) -> None:
    prepared, plain = stores
    assert LISTS[name](prepared) == LISTS[name](plain)


def test_a_changed_ledger_is_not_answered_from_the_file(
    stores: tuple[Store, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "my.ledger"
    path.write_bytes(stores[0].path.read_bytes())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("detente.api.store.LEAST_EVENTS", 1)
    monkeypatch.setattr("detente.api.prepared.Prepared.look", lambda *_: None)
    assert prepare(path)
    store = Store(path, read_only=True)
    query = EventQuery(between=("RUS", "PRK"))
    before = count_events(store, query)
    store.close()
    with open_ledger(path, "write") as opened, opened.batch("read", coder="coder-1") as batch:
        opened.write_coded(batch, [coded("three", "Moscow praised Pyongyang. It did.")])
    store = Store(path, read_only=True)
    with store.tables() as tables:
        assert not isinstance(tables, PairTables)
    assert count_events(store, query) > before
    store.close()
