"""The ontology: what PLOVER and CAMEO say, and that the crosswalk keeps its promises."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadOption, DetenteError, UnknownName
from detente.ontology import (
    CAMEO,
    CONTEXTS,
    SECTORS,
    TYPES,
    cameo_to_plover,
    explain,
    intensity,
    known_codes,
    plover_to_cameo,
    quad,
)


def test_all_of_plover_is_there() -> None:
    quads = {1: "AGREE CONSULT SUPPORT CONCEDE", 2: "COOPERATE AID RETREAT", 3: "REQUEST ACCUSE REJECT THREATEN"}
    quads[4] = "PROTEST SANCTION MOBILIZE COERCE ASSAULT"
    assert {number: " ".join(t.name for t in TYPES.values() if t.quad == number) for number in quads} == quads
    assert len(CONTEXTS) == 37
    assert sum(len(kind.modes) for kind in TYPES.values()) == 67
    assert len({code for code in CAMEO if len(code) == 2}) == 20
    assert {kind.name for kind in TYPES.values() if kind.requires_recipient} == {"COOPERATE", "AID", "SANCTION"}


@pytest.mark.parametrize(
    ("event", "number"), [("AGREE", 1), ("CONCEDE", 1), ("RETREAT", 2), ("REQUEST", 3), ("SANCTION", 4), ("ASSAULT", 4)]
)
def test_quad(event: str, number: int) -> None:
    assert quad(event) == number


def test_scores_follow_the_codebook_and_conflict_is_never_above_cooperation() -> None:
    assert intensity("AID") == 10
    assert intensity("CONSULT", "third-party") == 1
    assert intensity("ACCUSE") == -3  # printed as 3
    assert intensity("ASSAULT", "unconventional") == -10
    assert intensity("CONSULT", cameo="042") == 1.9
    assert intensity(None, cameo="010") == 0
    for kind in TYPES.values():
        assert (kind.intensity > 0) == (kind.quad <= 2)
        for mode in kind.modes.values():
            assert abs(mode.intensity - kind.intensity) <= 3.5


def test_codes_have_parents_readings_and_bounds() -> None:
    for code in CAMEO.values():
        assert code.root in CAMEO
        assert code.parent is None or code.parent in CAMEO
        assert -10 <= code.intensity <= 10
        if code.event is None:
            assert code.root == "01"
            assert code.note
        else:
            assert code.mode is None or code.mode in TYPES[code.event].modes
            assert set(code.contexts) <= set(CONTEXTS)


@pytest.mark.parametrize(
    ("code", "event", "mode", "contexts"),
    [
        ("0311", "AGREE", None, ("economic",)),
        ("042", "CONSULT", "visit", ()),
        ("0841", "RETREAT", "release", ("legal",)),
        ("0812", "CONCEDE", None, ("pro_democracy",)),
        ("1031", "REQUEST", "assist", ("economic",)),
        ("0231", "REQUEST", "assist", ("economic",)),
        ("1122", "ACCUSE", "allege", ("human_rights",)),
        ("163", "SANCTION", "discontinue", ("economic",)),
        ("186", "ASSAULT", "targeted", ()),
        ("1952", "ASSAULT", "drone", ("military",)),
        ("191", "COERCE", "restrict", ("military",)),
    ],
)
def test_crosswalk(code: str, event: str, mode: str | None, contexts: tuple[str, ...]) -> None:
    walk = cameo_to_plover(code)
    assert (walk.event, walk.mode, walk.contexts) == (event, mode, contexts)
    assert code in plover_to_cameo(event, mode, contexts)


def test_a_bare_statement_has_no_type_and_says_so() -> None:
    walk = cameo_to_plover("010")
    assert walk.event is None
    assert walk.lossy
    assert "01" in walk.note


def test_lossy_means_that_the_way_back_is_not_unique() -> None:
    for code in CAMEO:
        walk = cameo_to_plover(code)
        if walk.event is not None:
            back = plover_to_cameo(walk.event, walk.mode, walk.contexts)
            assert code in back
            assert walk.lossy == (len(back) > 1)
    assert not cameo_to_plover("064").lossy
    assert cameo_to_plover("042").lossy  # visits and hosts read alike


def test_way_back_prefers_what_plover_keeps_and_the_broader_code() -> None:
    assert plover_to_cameo("REQUEST", "assist", ["economic"])[0] == "1011"
    assert plover_to_cameo("AGREE")[0] == "03"
    assert "062" in plover_to_cameo("COOPERATE", None, ["military", "diplomatic"])


@pytest.mark.parametrize("bad", ["9999", "", "042x", "1", "2043"])
def test_unknown_cameo_code(bad: str) -> None:
    with pytest.raises(UnknownName):
        cameo_to_plover(bad)
    with pytest.raises(UnknownName):
        intensity("CONSULT", cameo=bad)


def test_unknown_type_and_mode_name_the_choices() -> None:
    with pytest.raises(UnknownName, match="CONSULT"):
        quad("CONSULTS")
    with pytest.raises(BadOption, match="phone"):
        intensity("CONSULT", "telephone")
    with pytest.raises(BadOption):
        plover_to_cameo("AID", "visit")
    with pytest.raises(UnknownName, match="economic"):
        plover_to_cameo("AID", None, ["economy"])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("consult", "type"),
        ("Consult:Visit", "mode"),
        ("SANCTION expel", "mode"),
        ("heavy weapons", "mode"),
        ("human rights", "context"),
        ("HUMAN_RIGHTS", "context"),
        ("0841", "cameo"),
        ("084", "cameo"),
        ("08", "cameo"),
        ("gov", "sector"),
    ],
)
def test_explain(code: str, kind: str) -> None:
    explanation = explain(code)
    assert explanation.kind == kind
    assert explanation.text


def test_explain_gives_every_meaning_and_every_known_code() -> None:
    assert {explain("cyber").kind, *(e.kind for e in explain("cyber").also)} == {"mode", "context"}
    assert {e.code for e in (explain("expel"), *explain("expel").also)} == {"THREATEN:expel", "SANCTION:expel"}
    for code in known_codes():
        assert explain(code).text
        assert explain(code.swapcase()).text
    assert set(SECTORS) <= set(known_codes())


def test_explain_unknown_gives_nearest() -> None:
    with pytest.raises(UnknownName, match="CONSULT"):
        explain("CONSLT")


@given(st.text(max_size=40))
def test_explain_never_fails_otherwise(text: str) -> None:
    with contextlib.suppress(DetenteError):
        assert explain(text).text


def test_docs_name_every_type_mode_context_and_sector() -> None:
    text = (Path(__file__).parents[2] / "docs" / "ontology.md").read_text(encoding="utf-8")
    for kind in TYPES.values():
        assert f"| {kind.name} | {kind.quad} | {kind.intensity:+g} | {', '.join(kind.modes) or '—'} |" in text
    for word in [*CONTEXTS, *SECTORS]:
        assert f"`{word}`" in text
    assert f"{len(CAMEO)} CAMEO codes" in text
