"""The commands, as a user types them."""

import json
from pathlib import Path

import pytest
import typer

from detente.cli.datasets import COMMANDS
from detente.errors import BadInput, BadOption
from tests.datasets import made

app = typer.Typer()
for name, function in COMMANDS.items():
    app.command(name)(function)


def run(*arguments: object) -> None:
    typer.main.get_command(app)([str(a) for a in arguments], standalone_mode=False)


def test_import_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, out = tmp_path / "my.ledger", tmp_path / "out.jsonl"
    path = made.write(tmp_path / "a.tsv", "\n".join([made.gdelt(1), made.gdelt(2, "x"), made.gdelt(3, cameo="010")]))
    run("import", "gdelt", path, "--ledger", ledger)
    told = capsys.readouterr()
    assert "2 new events of gdelt" in told.out
    assert "CAMEO 010 has no PLOVER type" in told.out
    assert "line 2" in told.err
    assert "skipped 1: 1 bad-value" in told.err
    run("import", "gdelt", path, "--ledger", ledger, "--json")
    assert json.loads(capsys.readouterr().out)["new"] == 0
    run("export", "--ledger", ledger, "-o", out, "--since", "2013-01-01", "--min-reliability", "0.5")
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["event_id"] for line in lines] == ["gdelt:1", "gdelt:3"]
    assert lines[0]["actor"]["country"] == "RUS"
    run("export", "--ledger", ledger, "-o", tmp_path / "months")
    assert [p.name for p in (tmp_path / "months").iterdir()] == ["month=2013-11"]


def test_what_the_commands_refuse(tmp_path: Path) -> None:
    ledger = tmp_path / "my.ledger"
    path = made.write(tmp_path / "a.tsv", made.gdelt(1, "x"))
    with pytest.raises(BadOption, match="icews-tkg"):
        run("import", "gdlet", path, "--ledger", ledger)
    with pytest.raises(BadInput, match="--list"):
        run("import")
    with pytest.raises(BadInput, match="name=column"):
        run("import", "table", path, "--ledger", ledger, "--map", "date")
    with pytest.raises(BadInput, match="--strict"):
        run("import", "gdelt", path, "--ledger", ledger, "--strict")


def test_the_list_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    run("import", "--list")
    shown = capsys.readouterr().out
    for name in ("icews", "icews-tkg", "gdelt", "polecat", "phoenix", "ucdp-ged", "acled", "table"):
        assert f"\n{name}" in f"\n{shown}"


def test_a_file_of_which_nothing_can_be_read_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "my.ledger"
    page = made.write(tmp_path / "page.csv", "<html><body>404</body></html>\n")
    for fmt in ("gdelt", "icews"):
        with pytest.raises(BadInput, match=f"nothing could be read as {fmt}"):
            run("import", fmt, page, "--ledger", ledger)
    run("import", "gdelt", page, made.write(tmp_path / "a.tsv", made.gdelt(1)), "--ledger", ledger)
    assert "1 new event" in capsys.readouterr().out, "a bad file among good ones costs only itself"


def test_a_wrong_mapping_can_be_set_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "my.ledger"
    path = made.write(tmp_path / "t.csv", "day,who,whom,what\n2014-03-01,China,India,THREATEN\n")
    with pytest.raises(BadInput, match="nothing could be read"):
        run("import", "table", path, "--map", "date=date,event=what", "--ledger", ledger)
    assert "lacks the columns date; it has: day, who, whom, what" in capsys.readouterr().err
    run("import", "table", path, "--map", "date=day,event=what,actor=who,recipient=whom", "--ledger", ledger)
    assert "1 new event" in capsys.readouterr().out
    run("import", "table", path, "--map", "date=day,event=what", "--ledger", ledger)
    assert "another --dataset" in capsys.readouterr().out


def test_a_damaged_parquet_file_costs_only_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "my.ledger"
    bad = made.write(tmp_path / "a.parquet", b"PAR1" + bytes(60) + b"PAR1")
    good = made.write(tmp_path / "t.csv", "day,what\n2014-03-01,THREATEN\n")
    run("import", "table", bad, good, "--map", "date=day,event=what", "--ledger", ledger)
    told = capsys.readouterr()
    assert "1 new event" in told.out
    assert "a.parquet: cannot be read as rows" in told.err
