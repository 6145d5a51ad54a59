"""What a report of the deed itself says of a promise, where no general word of doing or breaking stands."""

from __future__ import annotations

import datetime

import pytest

from detente.commitments import find
from tests.commitments.made import report

LEAVE = "Norway will withdraw its troops from the Polish border zone by June"
FREE = "Norway will release 400 Polish prisoners"
BRIDGE = "Norway will build a bridge to Poland"
REACTOR = "Norway will close its reactor at Halden by 2003"
MINES = "Norway will clear its mines from the strait by 2005"
SHELLING = "Norway will stop shelling the Polish islands"
EMBASSY = "Norway will reopen its embassy in Warsaw"


@pytest.mark.parametrize(
    ("deed", "news", "kind"),
    [
        (LEAVE, "The last Norwegian battalion crossed the bridge out of the zone on Friday.", "fulfil"),
        (LEAVE, "Norway moved two fresh brigades into the border zone overnight.", "breach"),
        (LEAVE, "Norwegian units were still dug in along the border on Monday.", "absent"),
        (FREE, "Norway let 120 Polish prisoners go on Sunday.", "advance"),
        (FREE, "Norway let all 400 Polish prisoners go on Sunday.", "fulfil"),
        (BRIDGE, "Cars rolled over the bridge between Norway and Poland on Saturday.", "fulfil"),
        (BRIDGE, "Norwegian engineers sank the first caisson for the bridge on Monday.", "advance"),
        (REACTOR, "The Halden reactor went dark on Sunday.", "fulfil"),
        pytest.param(
            REACTOR,
            "Norway's parliament voted to keep the Halden reactor open until 2020.",
            "breach",
            marks=pytest.mark.xfail(reason="the reader takes a vote against the deed for a step", strict=True),
        ),
        (MINES, "The strait is free of mines, sappers said on Monday.", "fulfil"),
        (MINES, "Norway laid new mines in the strait on Monday.", "breach"),
        (SHELLING, "Norwegian shells hit the islands on Sunday.", "breach"),
        (EMBASSY, "The Norwegian flag flies over the embassy in Warsaw.", "fulfil"),
        (EMBASSY, "The Norwegian embassy in Warsaw is boarded up.", "absent"),
    ],
)
def test_the_deed_itself_is_known(deed: str, news: str, kind: str) -> None:
    accord = report(1, "2001-03-05", f"Norway and Poland signed an agreement in Oslo on Monday. {deed}.")
    found = find([accord, report(2, "2002-03-05", news)])
    (provision,) = next(c for c in found if c.made == datetime.date(2001, 3, 5)).provisions
    assert [r.kind for r in provision.follow_through] == [kind]


def test_nobody_did_it_is_no_doing() -> None:
    accord = report(1, "2001-03-05", "Norway and Poland signed an agreement on Monday. Norway will buy Polish farms.")
    for news in ("Norway has bought no Polish farm.", "No Polish farm has been bought by Norway so far."):
        (found,) = find([accord, report(2, "2002-03-05", news)])
        assert [r.kind for r in found.provisions[0].follow_through] == ["absent"]
