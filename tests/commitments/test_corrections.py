"""Users' corrections survive another reading and say so when they meet nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.commitments import Correction, add_correction, apply, find, read_corrections
from detente.errors import BadInput
from tests.commitments.made import PIPELINE, report

TWO = [
    *PIPELINE,
    report(5, "2001-04-02", "Chile promised on Monday that it will give Peru two hospital ships by 2003."),
]


def test_confirm_and_correct_are_put_on_again_after_more_documents(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    first = find(PIPELINE[:1])[0].commitment_id
    add_correction(path, Correction(action="confirm", commitment_id=first))
    add_correction(path, Correction(action="correct", commitment_id=first, fields=(("status", "stalled"),)))
    found, unmet = apply(find(PIPELINE), read_corrections(path))
    assert unmet == ()
    assert found[0].status == "stalled"
    assert found[0].corrected == ("confirmed", "status")


def test_merge_and_split() -> None:
    one, other = find(TWO)
    merged, _ = apply(
        (one, other), [Correction(action="merge", commitment_id=one.commitment_id, others=(other.commitment_id,))]
    )
    assert len(merged) == 1
    assert len(merged[0].provisions) == len(one.provisions) + len(other.provisions)
    assert set(merged[0].parties) == {"NOR", "POL", "CHL", "PER"}
    parts, _ = apply((one,), [Correction(action="split", commitment_id=one.commitment_id, provisions=(2,))])
    assert sorted(len(c.provisions) for c in parts) == [1, 1]
    assert {c.status for c in parts} == {"advancing", "fulfilled"}


def test_what_was_set_by_hand_stays_when_another_is_merged_in() -> None:
    one, other = find(TWO)
    corrections = [
        Correction(action="correct", commitment_id=one.commitment_id, fields=(("status", "breached"),)),
        Correction(action="merge", commitment_id=one.commitment_id, others=(other.commitment_id,)),
    ]
    (merged,), unmet = apply((one, other), corrections)
    assert unmet == ()
    assert (merged.status, merged.corrected) == ("breached", ("status", "merged"))


def test_reject_leaves_it_out_and_unknown_ids_are_told() -> None:
    one, other = find(TWO)
    found, unmet = apply(
        (one, other),
        [
            Correction(action="reject", commitment_id=one.commitment_id),
            Correction(action="confirm", commitment_id="0000"),
            Correction(action="split", commitment_id=other.commitment_id, provisions=(7,)),
        ],
    )
    assert [c.commitment_id for c in found] == [other.commitment_id]
    assert [c.action for c in unmet] == ["confirm", "split"]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '{"action": "burn", "commitment_id": "x"}',
        '{"action": "confirm"}',
        '{"action": "merge", "commitment_id": "x"}',
        '{"action": "correct", "commitment_id": "x", "fields": {"colour": "red"}}',
        '{"action": "correct", "commitment_id": "x", "fields": {"status": "late"}}',
        '{"action": "correct", "commitment_id": "x", "fields": {"made": "soon"}}',
        '{"action": "split", "commitment_id": "x", "provisions": ["two"]}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(f'{{"action": "confirm", "commitment_id": "x"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"corrections\.jsonl:2"):
        read_corrections(path)
