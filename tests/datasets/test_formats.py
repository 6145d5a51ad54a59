"""Each form, read into the record: who, what, when, where, as the data set says it."""

import datetime
from pathlib import Path

import pytest

from detente.datasets import FORMATS, table_format
from detente.datasets.format import PartyKey
from detente.datasets.icews import icews_party
from detente.errors import BadInput, BadOption
from tests.datasets import made
from tests.datasets.conftest import Import, Query


def test_gdelt_in_57_and_58_columns_in_one_file(tmp_path: Path, bring: Import, query: Query) -> None:
    rows = [
        made.gdelt(1, url=None),
        made.gdelt(2),
        made.gdelt(3, cameo="190", actor1_code="USAMIL", actor1_name="US TROOPS"),
    ]
    report = bring("gdelt", made.write(tmp_path / "a.tsv", "\n".join(rows) + "\n"))
    assert (report.rows, report.new, dict(report.skipped)) == (3, 3, {})
    one, two, three = query()
    assert [e["event_id"] for e in (one, two, three)] == ["gdelt:1", "gdelt:2", "gdelt:3"]
    assert (one["url"], two["url"], two["source"]) == (None, "http://www.x.org/a", "x.org")
    assert (two["actor_country"], two["actor_sector"], two["actor_text"]) == ("RUS", "GOV", "MOSCOW")
    assert (two["recipient_country"], two["recipient_name"], two["recipient_sector"]) == ("PRK", "North Korea", "GOV")
    assert (two["event"], two["cameo"], two["quad"], two["intensity"]) == ("CONSULT", "040", 1, 1.0)
    assert (three["event"], three["quad"], three["actor_country"], three["actor_sector"]) == (
        "ASSAULT",
        4,
        "USA",
        "MIL",
    )
    assert two["date"] == two["published"] == datetime.date(2013, 11, 13)
    assert (two["place"], two["place_country"]) == ("Pyongyang, P'yongyang-si, North Korea", "PRK")
    assert (two["latitude"], two["num_mentions"], two["num_sources"], two["num_articles"]) == (39.0194, 10, 2, 10)
    assert (two["is_root"], two["dataset"], two["coder"], two["status"]) == (True, "gdelt", "GDELT", "happened")


def test_gdelt_2_with_its_mentions(tmp_path: Path, bring: Import, query: Query) -> None:
    rows = [made.gdelt(1, wide=True, mentions="1", articles="1", sources="1", added="20131113001500")]
    rows.append(made.gdelt(2, wide=True, mentions="1", articles="1", sources="1", added="20131113001500", cameo="043"))
    events = made.write(tmp_path / "a.export.CSV", "\n".join(rows), "zip")
    cells = [
        "1",
        "20131113001500",
        "20131113003000",
        "1",
        "{0}.org",
        "http://{0}.org/",
        "3",
        "-1",
        "5",
        "9",
        "1",
        "{1}",
    ]
    lines = ["\t".join([*cells, "900", "-2.5", "", ""]).format(*pair) for pair in (("p", 20), ("q", 60))]
    mentions = made.write(tmp_path / "a.mentions.CSV", "\n".join(lines))
    report = bring("gdelt", events, mentions=[mentions])
    assert (report.new, dict(report.skipped)) == (2, {})
    one, two = query()
    assert (one["num_mentions"], one["num_articles"], one["num_sources"], one["sentence_no"]) == (2, 2, 2, 3)
    assert (two["num_mentions"], two["num_articles"], two["num_sources"]) == (1, 1, 1)
    assert one["published"] == datetime.date(2013, 11, 13)


def test_a_mentions_file_is_no_events_file(tmp_path: Path, bring: Import) -> None:
    report = bring("gdelt", made.write(tmp_path / "m.csv", "\t".join(["1"] * 16) + "\n"))
    assert "--mentions" in report.rejected[0].reason


def test_icews(tmp_path: Path, bring: Import, query: Query) -> None:
    text = "\n".join([made.ICEWS_HEAD, made.icews(1), made.icews(1, day="2011-08-25", code="190")]) + "\n"
    report = bring("icews", made.write(tmp_path / "e.tab", text))
    assert report.new == 2, "an event's number alone is not unique"
    event = query()[0]
    assert (event["actor_country"], event["actor_sector"]) == ("RUS", "GOV")
    assert (event["recipient_country"], event["recipient_sector"]) == ("PRK", "GOV")
    assert event["recipient_text"] == "Foreign Affairs (North Korea)"
    assert (event["place"], event["place_country"], event["source"]) == ("Ulan-Ude, Buryatia", "RUS", "Xinhua")
    assert (event["sentence_no"], event["story_id"], event["date"]) == (2, "icews:77", datetime.date(2011, 8, 24))


def test_icews_benchmark_form(tmp_path: Path, bring: Import, query: Query) -> None:
    bring("icews-tkg", made.write(tmp_path / "e.tsv", made.TKG, "gz"))
    events = {e["actor_country"]: e for e in query()}
    assert (events["RUS"]["recipient_country"], events["RUS"]["cameo"], events["RUS"]["event"]) == (
        "PRK",
        "043",
        "CONSULT",
    )
    assert events["CHN"]["recipient_country"] == "JPN"


def test_a_leader_is_resolved_at_the_date(tmp_path: Path, bring: Import, query: Query) -> None:
    days = ("2005-05-05", "2005-06-05", "2013-05-05", "2013-06-05")
    text = "date\tsource\tevent\ttarget\n" + "".join(f"{day}\tTony Blair\tConsult\tFrance\n" for day in days)
    bring("icews-tkg", made.write(tmp_path / "e.tsv", text))
    found = query("SELECT actor_sector, actor_country FROM events ORDER BY date")
    assert [e["actor_sector"] for e in found] == ["GOV", "GOV", "ELI", "ELI"]
    assert {e["actor_country"] for e in found} == {"GBR"}


def test_polecat(tmp_path: Path, bring: Import, query: Query) -> None:
    bring("polecat", made.write(tmp_path / "ngecEvents.txt", made.POLECAT))
    visit, assault = query()
    assert (visit["event"], visit["mode"], visit["contexts"]) == ("CONSULT", "visit", ["diplomatic", "economic"])
    assert (visit["actor_country"], visit["actor_sector"], visit["recipient_country"]) == ("CHN", "GOV", "RUS")
    assert visit["recipient_text"] == "Russian officials", "None means nothing, the words of the text are there"
    assert (visit["published"], visit["place_country"], visit["intensity"]) == (datetime.date(2023, 1, 5), "RUS", 4.0)
    assert (assault["event"], assault["mode"], assault["quad"], assault["place"]) == ("ASSAULT", None, 4, None)


def test_phoenix(tmp_path: Path, bring: Import, query: Query) -> None:
    bring("phoenix", made.write(tmp_path / "events.txt", made.PHOENIX))
    one, two = query()
    assert (one["actor_country"], one["actor_sector"], one["recipient_country"]) == ("RUS", "GOV", "UKR")
    assert (one["quad"], one["num_sources"], one["num_articles"], one["url"]) == (3, 2, 2, "http://a.org/1")
    assert (two["recipient_name"], two["recipient_country"], two["recipient_sector"]) == ("United Nations", None, "IGO")


def test_ucdp_ged(tmp_path: Path, bring: Import, query: Query) -> None:
    report = bring("ucdp-ged", made.write(tmp_path / "ged.csv", made.UCDP))
    assert report.new == 2, "a quoted cell may hold a line end"
    one, two = query()
    assert (one["actor_country"], one["actor_sector"], one["recipient_sector"]) == ("AFG", "GOV", "REB")
    assert (one["event"], one["quad"], one["date_precision"], one["date"]) == (
        "ASSAULT", 4, "day", datetime.date(2010, 8, 19),
    )  # fmt: skip
    assert one["sentence"] == 'Twelve "rebels" killed,\nofficials say'
    assert (two["recipient_name"], two["recipient_country"]) == ("Civilians (Afghanistan)", "AFG")
    assert two["date_precision"] == "month"


def test_acled(tmp_path: Path, bring: Import, query: Query) -> None:
    bring("acled", made.write(tmp_path / "acled.csv", made.ACLED))
    clash, protest = query()
    assert (clash["event"], clash["mode"], clash["actor_country"], clash["actor_sector"]) == (
        "ASSAULT", "firearms", "KEN", "MIL",
    )  # fmt: skip
    assert (clash["recipient_sector"], clash["num_sources"], clash["sentence"]) == ("REB", 2, "A clash, at night.")
    assert (protest["event"], protest["actor_country"], protest["date"], protest["date_precision"]) == (
        "PROTEST", "KEN", datetime.date(2024, 3, 2), "month",
    )  # fmt: skip


TABLE = "Day;From;To;What;Score\n01.03.2014;Russia;Ukraine;ASSAULT;-7,5\n2014-03-02;USA;Russia;163;-8\nbad;x;y;AID;\n"


def test_a_table_with_a_mapping(tmp_path: Path, bring: Import, query: Query) -> None:
    fmt = table_format(
        {"date": "Day", "actor": "From", "recipient": "To", "event": "What", "intensity": "Score"}, "mine"
    )
    report = bring(fmt, made.write(tmp_path / "t.csv", TABLE))
    assert (report.new, dict(report.skipped)) == (2, {"no-date": 1})
    one, two = query("SELECT * FROM events ORDER BY date")
    assert (one["actor_country"], one["recipient_country"], one["event"]) == ("RUS", "UKR", "ASSAULT")
    assert (two["actor_country"], two["event"], two["cameo"], two["intensity"]) == ("USA", "SANCTION", "163", -8.0)
    assert one["dataset"] == "mine"
    assert [u.reason for u in report.unmapped] == ["intensity '-7,5' is no number"]


def test_a_table_in_parquet(tmp_path: Path, bring: Import, query: Query) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {"d": [datetime.date(2014, 3, 1)], "a": ["China"], "b": ["India"], "e": ["THREATEN"], "n": [7]}
    pq.write_table(pa.table(rows), tmp_path / "t.parquet")
    mapping = {"id": "n", "date": "d", "actor_country": "a", "recipient_country": "b", "event": "e"}
    bring(table_format(mapping), tmp_path / "t.parquet")
    (event,) = query()
    assert (event["event_id"], event["actor_country"], event["recipient_country"]) == ("table:7", "CHN", "IND")


def test_what_a_table_cannot_be_mapped_to() -> None:
    with pytest.raises(BadOption, match="nonsense"):
        table_format({"nonsense": "x"})
    with pytest.raises(BadInput, match="date and event"):
        table_format({"actor": "x"})


def test_the_formats_are_those_that_the_contract_names() -> None:
    assert set(FORMATS) == {"icews", "icews-tkg", "gdelt", "polecat", "phoenix", "ucdp-ged", "acled"}


@pytest.mark.parametrize(
    ("text", "country", "sector"),
    [
        ("UN Security Council", None, "IGO"),
        ("International Monetary Fund", None, "IGO"),
        ("Association of Southeast Asian Nations", None, "IGO"),
        ("Citizen (International)", None, "CVL"),
        ("Media Personnel (International)", None, "JRN"),
        ("Emmanuel Eweta Uduaghan", "NGA", "GOV"),
        ("Foreign Affairs (Bangladesh)", "BGD", "GOV"),
    ],
)
def test_icews_names_without_a_country_of_their_own(text: str, country: str | None, sector: str) -> None:
    found = icews_party(PartyKey(text, None, None, datetime.date(2012, 5, 1)))
    assert (found.country, found.sector, found.reason) == (country, sector, None)


def test_an_icews_name_that_nobody_knows_says_so() -> None:
    assert icews_party(PartyKey("Xyzzy Quux", None, None, datetime.date(2012, 5, 1))).reason is not None
