"""Actors that a user adds or overrides."""

import datetime
from pathlib import Path

import pytest

from detente.actors import Gazetteer
from detente.errors import BadInput

WHEN = datetime.date(2013, 6, 1)

GOOD = """
actors:
  - name: Maria Musterfrau
    kind: person
    country: Germany
    aliases: [M. Musterfrau]
    offices:
      - {office: foreign minister, start: 2012-01-01, end: 2013-12-31}
  - name: RasonConTrans
    kind: company
    country: RUS
  - name: Hamas
    kind: agency
    country: PSE
    sector: GOV
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "extra.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_added_and_overridden_actors(tmp_path: Path) -> None:
    gazetteer = Gazetteer(extra=write(tmp_path, GOOD))
    text = "Maria Musterfrau spoke. Musterfrau left RasonConTrans and Hamas."
    found = {m.text: m for m in gazetteer.read(text, WHEN).mentions}
    assert (found["Maria Musterfrau"].country, found["Maria Musterfrau"].role) == ("DEU", "foreign minister")
    assert found["Musterfrau"].name == "Maria Musterfrau"
    assert found["RasonConTrans"].sector == "BUS"
    assert found["Hamas"].sector == "GOV"
    later = gazetteer.read(text, datetime.date(2015, 1, 1)).mentions[0]
    assert later.kind == "former"


def test_the_shipped_gazetteer_is_not_touched(tmp_path: Path) -> None:
    Gazetteer(extra=write(tmp_path, GOOD))
    assert Gazetteer.default().read("Hamas left.", WHEN).mentions[0].sector == "REB"
    assert not Gazetteer.default().read("RasonConTrans left.", WHEN).mentions


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("actors:\n  - name: X Y\n    kind: wizard\n", 2, "wizard"),
        ("actors:\n  - kind: person\n", 2, "name"),
        ("actors:\n  - name: X Y\n    kind: person\n    country: Atlantis\n", 2, "Atlantis"),
        ("actors:\n  - name: X Y\n    kind: person\n    sector: WIZ\n", 2, "WIZ"),
        ("actors:\n  - name: X Y\n    kind: person\n    colour: red\n", 2, "colour"),
        ("actors:\n  - name: X Y\n    kind: person\n    start: soon\n", 2, "soon"),
        ("actors:\n  - name: X Y\n    kind: person\n    aliases: Z\n", 2, "aliases"),
        ("actors:\n  - name: X Y\n    kind: person\n    offices:\n      - office: king\n", 5, "start"),
        ("actors:\n  - name: X Y\n    kind: person\n    offices: king\n", 2, "offices"),
        ("actors:\n  - name: 'X\n", 3, "YAML"),
        ("actors: 3\n", None, "actors"),
        ("- 3\n", None, "actors"),
        ("actors:\n  - 3\n", None, "actor 1"),
        ("!!python/object/apply:os.getcwd []\n", None, "YAML"),
    ],
)
def test_a_wrong_file_says_what_and_where(tmp_path: Path, text: str, line: int | None, problem: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadInput, match=problem) as caught:
        Gazetteer(extra=path)
    assert caught.value.where is not None
    assert caught.value.where.startswith(str(path))
    if line is not None:
        assert caught.value.where == f"{path}:{line}"


def test_a_missing_or_binary_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        Gazetteer(extra=tmp_path / "nowhere.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        Gazetteer(extra=tmp_path / "binary.yaml")
