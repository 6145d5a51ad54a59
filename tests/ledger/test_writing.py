"""What is written comes back; writing it again changes nothing; a changed document replaces the old one."""

import dataclasses
import datetime
import string

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import BadInput, BadOption, NotFound
from detente.ledger import LEDGER_EVENT_SCHEMA, TABLES, Ledger, Written, open_ledger
from detente.records import (
    DATE_PRECISIONS,
    EVENT_SCHEMA,
    STATUSES,
    Document,
    Event,
    Party,
    Rejected,
    event_from_row,
    stable_id,
)

from .made import CODER, DAY, Coded, coded


def store(ledger: Ledger, *items: Coded, coder: str = CODER) -> Written:
    with ledger.batch("read", coder=coder) as batch:
        return ledger.write_coded(batch, items)


def test_a_document_comes_back_whole(ledger: Ledger) -> None:
    item = coded("a")
    assert store(ledger, item) == Written(new=1, sentences=1, events=1, statements=1)
    stored = ledger.document("a")
    batch_id = stored.batch_id
    assert stored.document == item.document
    assert stored.sentences == item.sentences
    changed = {"batch_id": batch_id, "url": item.document.url, "source": item.document.source}
    assert stored.events == (dataclasses.replace(item.events[0], **changed),)
    assert stored.statements == (dataclasses.replace(item.statements[0], batch_id=batch_id),)
    with pytest.raises(NotFound, match="nobody"):
        ledger.document("nobody")


def test_writing_again_changes_nothing(ledger: Ledger) -> None:
    store(ledger, coded("a"), coded("b"))
    before = ledger.counts()
    assert store(ledger, coded("b"), coded("a")) == Written(unchanged=2)
    after = ledger.counts()
    assert after.pop("batches") == before.pop("batches") + 1
    assert after == before
    assert ledger.unchanged([coded("a").document, coded("c").document], CODER) == {"a"}
    assert ledger.batches()[-1]["skipped"] == {"unchanged": 2}


def test_a_newer_coder_or_other_content_replaces(ledger: Ledger) -> None:
    store(ledger, coded("a"), coded("b"))
    bare = dataclasses.replace(coded("a"), events=(), statements=())
    assert store(ledger, bare, coder="coder-2") == Written(replaced=1, sentences=1)
    assert (ledger.document("a").events, ledger.document("a").coded_by) == ((), "coder-2")
    assert store(ledger, coded("b", "Japan sued. It won.")).replaced == 1
    assert [s.text for s in ledger.document("b").sentences] == ["Japan sued."]
    assert ledger.counts()["documents"] == 2


def test_of_two_with_one_id_the_later_counts(ledger: Ledger) -> None:
    assert store(ledger, coded("a", "First. x"), coded("a", "Second. x")).new == 1
    assert ledger.document("a").document.text == "Second. x"
    assert ledger.counts()["events"] == 1


def test_hostile_text(ledger: Ledger) -> None:
    text = "'; DROP TABLE documents; -- <script>\u202e\ud800\x07 \U0001f4a3 \r\n\\N"
    item = coded("../../etc/'x\"", text)
    store(ledger, item)
    stored = ledger.document(item.document.document_id)
    assert stored.document.text == text.replace("\ud800", "\ufffd")
    assert len(stored.document.text) == len(text)
    assert store(ledger, item).unchanged == 1


def test_near_copies_are_stored_with_their_original(ledger: Ledger) -> None:
    story = " ".join(f"Delegate {n} of party {n * 3} met minister {n * 7} in city {n * 11}." for n in range(12))

    def document(name: str, text: str, day: int) -> Document:
        return Document(document_id=name, text=text, published=DAY + datetime.timedelta(days=day))

    first, second, other = document("a", story, 0), document("b", f"LONDON - {story}", 1), document("c", "Else.", 1)
    assert ledger.find_copies([second, other, first]) == {"b": "a"}
    with ledger.batch("read", coder=CODER) as batch:
        ledger.write_coded(batch, [Coded(first), Coded(other)], copies=[(second, "a")])
    assert (ledger.document("b").copy_of, ledger.document("a").copy_of) == ("a", None)
    path = ledger.path
    ledger.close()
    with open_ledger(path, "write") as again:
        late, old = document("d", story.upper(), 2), document("e", story, 60)
        assert again.find_copies([late, old]) == {"d": "a"}
        assert again.find_copies([second]) == {"b": "a"}


def test_batches_tell_what_was_done_and_left_out(ledger: Ledger) -> None:
    with ledger.batch("read", coder=CODER, inputs=["a.txt", "b.txt"]) as batch:
        ledger.write_coded(batch, [coded("a")])
        ledger.reject(batch, [Rejected(where="b.txt", code="empty", reason="no text in it")] * 2)
        batch.skip("long sentence", 3)
    with pytest.raises(ZeroDivisionError), ledger.batch("import", dataset="icews"):
        raise ZeroDivisionError("oh")
    first, second = ledger.batches()
    assert first["inputs"] == ["a.txt", "b.txt"]
    assert first["counts"] == {"documents": 1, "events": 1, "statements": 1}
    assert first["skipped"] == {"empty": 2, "long sentence": 3}
    assert first["finished"] >= first["started"]
    assert (second["finished"], second["error"], second["dataset"]) == (None, "ZeroDivisionError: oh", "icews")
    assert ledger.counts()["rejections"] == 2
    with pytest.raises(BadOption, match="import"), ledger.batch("reed"):
        pass


def test_an_error_in_a_transaction_undoes_it(ledger: Ledger) -> None:
    def failing() -> object:
        yield coded("a")
        raise RuntimeError

    with pytest.raises(RuntimeError), ledger.batch("read", coder=CODER) as batch:
        ledger.write_coded(batch, failing())  # type: ignore[arg-type]
    assert ledger.counts()["documents"] == 0


def rows(count: int, first: int = 0, **more: object) -> pa.Table:
    ids = [f"{n:016x}" for n in range(first, first + count)]
    given = {
        "event_id": ids,
        "document_id": ids,
        "event": ["ACCUSE"] * count,
        "quad": [3] * count,
        "intensity": [-2.0] * count,
        "date": [DAY] * count,
        "coder": ["gdelt"] * count,
        "dataset": ["gdelt"] * count,
    }
    return pa.table(given | {name: [value] * count for name, value in more.items()})


def test_bulk_events_stream_in_and_only_new_ones_stay(ledger: Ledger) -> None:
    reader = pa.RecordBatchReader.from_batches(
        rows(1, latitude=1.5).schema, (b for n in range(5) for b in rows(1000, n * 900, latitude=1.5).to_batches())
    )
    with ledger.batch("import", dataset="gdelt") as batch:
        assert ledger.add_events(batch, reader) == 4600
        assert ledger.add_events(batch, rows(10, 4595)) == 5
        assert ledger.add_events(batch, rows(0)) == 0
    assert ledger.batches()[0]["skipped"] == {"already there": 405}
    event = ledger.connection.execute(
        "SELECT status, date_precision, published, confidence, latitude, batch_id FROM events LIMIT 1"
    ).fetchone()
    assert event == ("happened", "day", DAY, 1.0, 1.5, "import-000001")


@pytest.mark.parametrize("size", [0, 1, 250_000, 250_001])
def test_bulk_sizes_around_a_chunk(ledger: Ledger, size: int) -> None:
    with ledger.batch("import", dataset="gdelt") as batch:
        assert ledger.add_events(batch, rows(size)) == size
    assert ledger.counts()["events"] == size


def test_bulk_columns_are_checked(ledger: Ledger) -> None:
    with ledger.batch("import", dataset="gdelt") as batch:
        with pytest.raises(BadInput, match="goldstein"):
            ledger.add_events(batch, rows(1, goldstein=1.0))
        with pytest.raises(BadInput, match="quad"):
            ledger.add_events(batch, rows(1).drop_columns(["quad"]))
    assert ledger.counts()["events"] == 0


def test_sql_straight_into_the_table(ledger: Ledger) -> None:
    with ledger.batch("import", dataset="made") as batch, ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO own_events BY NAME SELECT 'x' || n AS event_id, 'd' AS document_id, 'ACCUSE' AS event, "
            "3 AS quad, -2 AS intensity, DATE '2013-11-13' AS date, 'c' AS coder, 'made' AS dataset FROM range(10) t(n)"
        )
        batch.count("events", 10)
    assert ledger.counts()["events"] == 10


def test_reread_documents_leave_imported_events_alone(ledger: Ledger) -> None:
    with ledger.batch("import", dataset="gdelt") as batch:
        ledger.add_events(batch, rows(1).set_column(1, "document_id", [["a"]]))
    store(ledger, coded("a"))
    store(ledger, coded("a", "Other. words"))
    assert ledger.counts()["events"] == 2


def test_the_columns_are_those_of_events_and_more_and_all_are_described(ledger: Ledger) -> None:
    assert LEDGER_EVENT_SCHEMA.names[: len(EVENT_SCHEMA)] == EVENT_SCHEMA.names
    for name, schema in TABLES.items():
        assert ledger.table(name).columns == tuple(schema.names)
        assert all(field.metadata and field.metadata[b"doc"] for field in schema)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20)
parties = st.builds(
    Party,
    text=words,
    name=words,
    country=st.none() | st.sampled_from(["RUS", "PRK"]),
    sector=st.none() | words,
    start=st.none() | st.integers(0, 2**40),
    end=st.none() | st.integers(0, 2**40),
)
narrow = st.floats(-10, 10, width=32)
share = st.floats(0, 1, width=32)
dates = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
events = st.builds(
    Event,
    event_id=st.text(string.hexdigits, min_size=16, max_size=16),
    document_id=st.just("doc"),
    sentence_no=st.none() | st.integers(0, 2**31 - 1),
    sentence=st.none() | words,
    start=st.none() | st.integers(0, 2**40),
    end=st.none() | st.integers(0, 2**40),
    event=words,
    mode=st.none() | words,
    contexts=st.lists(words, max_size=3).map(tuple),
    cameo=st.none() | words,
    quad=st.integers(1, 4),
    intensity=narrow,
    actor=st.none() | parties,
    recipient=st.none() | parties,
    status=st.sampled_from(STATUSES),
    date=dates,
    date_precision=st.sampled_from(DATE_PRECISIONS),
    published=dates,
    said_by=st.none() | words,
    confidence=share,
    reliability=share,
    place=st.none() | words,
    url=words,
    source=words,
    coder=words,
    dataset=st.just("reading"),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=5, unique_by=lambda e: e.event_id))
def test_any_event_comes_back(ledger: Ledger, found: list[Event]) -> None:
    text = stable_id(*found)  # other content each time, so that the document is replaced
    store(ledger, Coded(Document(document_id="doc", text=text, published=DAY), (), tuple(found)))
    back = {e.event_id: dataclasses.replace(e, batch_id=None) for e in ledger.document("doc").events}
    assert back == {e.event_id: e for e in found}
    table = ledger.events().to_pyarrow()
    assert {e.event_id for e in map(event_from_row, table.to_pylist())} == set(back)
    ledger.release()
