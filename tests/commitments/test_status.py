"""How the whole stands, from its provisions."""

from __future__ import annotations

import datetime

from detente.commitments.model import Evidence, FollowThrough, Kind, Provision
from detente.commitments.status import overall, stand


def test_what_is_told_of_a_minor_deed_in_passing_does_not_hold_up_the_whole() -> None:
    """Two documents tell of the line, one of them names the ports as well: the line decides."""
    made = datetime.date(2001, 3, 5)

    def step(day: int, kind: Kind) -> FollowThrough:
        said = Evidence(document_id=f"d{day}", sentence_no=0, sentence="", published=made + datetime.timedelta(day))
        return FollowThrough(kind=kind, date=said.published, evidence=said, scores=(("read", 0.9),))

    def deed(words: str, *steps: FollowThrough) -> Provision:
        said = Evidence(document_id="d0", sentence_no=0, sentence=words, published=made)
        return stand(Provision(subject=words, words=words, evidence=said, follow_through=steps), made)

    line = deed("build a line", step(1, "advance"), step(2, "fulfil"))
    ports = deed("open the ports", step(1, "advance"))
    assert overall([line, ports], made)[0] == "fulfilled"
    assert overall([ports, line], made)[0] == "advancing"  # what is stated first counts
    assert overall([line, deed("open the ports", step(1, "advance"), step(3, "breach"))], made)[0] == "breached"
    assert overall([deed("build a line"), ports], made)[0] == "advancing"
    assert overall([deed("build a line"), deed("open the ports")], made) == ("advancing", made)
