"""Countries and groups by name, code and day."""

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.actors import COUNTRIES, GROUPS, country, country_name, find_country, group
from detente.errors import UnknownName


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russia", "RUS"), ("RUS", "RUS"), ("rus", "RUS"), ("Russian Federation", "RUS"), ("RU", "RUS"),
        ("North Korea", "PRK"), ("DPRK", "PRK"), ("D.P.R.K.", "PRK"), ("north korea", "PRK"),
        ("South Korea", "KOR"), ("ROK", "KOR"), ("Republic of Korea", "KOR"),
        ("U.S.", "USA"), ("US", "USA"), ("America", "USA"), ("United States of America", "USA"),
        ("U.K.", "GBR"), ("Britain", "GBR"), ("PRC", "CHN"), ("UAE", "ARE"), ("Holland", "NLD"),
        ("Taiwan", "TWN"), ("Kosovo", "KOS"), ("XKX", "KOS"), ("Palestine", "PSE"), ("Côte d'Ivoire", "CIV"),
        ("Ivory Coast", "CIV"), ("USSR", "SUN"), ("Yugoslavia", "YUG"), ("Czechoslovakia", "CSK"),
        ("East Germany", "DDR"), ("West Germany", "DEU"), ("South Vietnam", "RVN"), ("Zaire", "COD"), ("Burma", "MMR"),
        ("Kosovar", "KOS"), ("Dutch", "NLD"), ("the Netherlands", "NLD"), ("Türkiye", "TUR"),
    ],
)  # fmt: skip
def test_country(name: str, code: str) -> None:
    assert country(name) == code


@pytest.mark.parametrize(
    ("name", "choice"), [("Korea", "KOR"), ("korea", "PRK"), ("Congo", "COG"), ("Congo", "COD"), ("Guinea", "GNB")]
)
def test_a_shared_name_is_ambiguous(name: str, choice: str) -> None:
    with pytest.raises(UnknownName, match="ambiguous") as caught:
        country(name)
    assert any(choice in option for option in caught.value.choices)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Russia"):
        country("Rusia")
    with pytest.raises(UnknownName):
        country("")
    with pytest.raises(UnknownName):
        country_name("XXX")
    assert country_name("PRK") == "North Korea"


def test_every_member_of_the_united_nations_is_there() -> None:
    status = [known.status for known in COUNTRIES.values()]
    assert status.count("member") == 193
    assert status.count("observer") == 2
    assert set(status) == {"member", "observer", "other", "former"}


def test_codes_names_and_years_hold_together() -> None:
    for code, known in COUNTRIES.items():
        assert find_country(known.name) == code
        if known.status == "former":
            assert known.end is not None
            assert known.successor in COUNTRIES
        if known.predecessor:
            assert known.predecessor in COUNTRIES
            assert known.start is not None


def test_groups() -> None:
    assert group("six-party") == ("PRK", "KOR", "CHN", "RUS", "USA", "JPN")
    assert group("six party talks") == group("six-party")
    assert group("RUS, North Korea") == ("RUS", "PRK")
    assert group(["Russia", "PRK", "Russia"]) == ("RUS", "PRK")
    assert group("Russia") == ("RUS",)
    with pytest.raises(UnknownName, match="g20"):
        group("g21")
    with pytest.raises(UnknownName):
        group("RUS, Atlantis")
    assert {
        "six-party",
        "g7",
        "g20",
        "brics",
        "asean",
        "eu",
        "gcc",
        "p5",
        "nato",
        "sco",
        "opec",
        "quad",
        "aukus",
    } <= set(GROUPS)
    assert {"visegrad", "nordics", "baltics"} <= set(GROUPS)


def test_groups_at_a_day() -> None:
    assert "GBR" in group("EU", datetime.date(2016, 6, 23))
    assert "GBR" not in GROUPS["eu"]
    assert len(group("EU", datetime.date(2014, 1, 1))) == 28
    assert "ZAF" not in group("brics", datetime.date(2009, 6, 16))
    assert "FIN" not in group("nato", datetime.date(2022, 1, 1))
    assert len(GROUPS["nato"]) == 32
    for members in GROUPS.values():
        assert set(members) <= set(COUNTRIES)


@given(st.text(max_size=30))
def test_any_text_is_a_country_or_unknown(text: str) -> None:
    with contextlib.suppress(UnknownName):
        assert country(text) in COUNTRIES
