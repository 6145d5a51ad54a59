"""Reading and resolving: who is meant, at a day, in context."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.actors import Gazetteer, Reading, Resolved
from detente.actors.model import Mention

WHEN = datetime.date(2011, 8, 24)


def read(text: str, when: datetime.date = WHEN) -> Reading:
    return Gazetteer.default().read(text, when)


def mention(text: str, words: str, when: datetime.date = WHEN) -> Mention:
    """The mention that has exactly these words."""
    found = [m for m in read(text, when).mentions if m.text == words]
    assert found, f"{words!r} not among {[m.text for m in read(text, when).mentions]}"
    return found[0]


def resolve(text: str, words: str, when: datetime.date = WHEN) -> Resolved:
    """What these words of the text mean, at their last place in it."""
    start = text.rindex(words)
    return read(text, when).resolve(start, start + len(words))


def countries(text: str, when: datetime.date = WHEN) -> list[str | None]:
    return [m.country for m in read(text, when).mentions]


# -- names, demonyms, capitals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "country", "sector", "kind"),
    [
        ("Russia sent aid.", "RUS", "GOV", "country"),
        ("The D.P.R.K. sent aid.", "PRK", "GOV", "country"),
        ("The U.S. sent aid.", "USA", "GOV", "country"),
        ("N. Korea sent aid.", "PRK", "GOV", "country"),
        ("Moscow sent aid.", "RUS", "GOV", "government"),
        ("The Kremlin sent aid.", "RUS", "GOV", "government"),
        ("The Blue House sent aid.", "KOR", "GOV", "government"),
        ("Foggy Bottom sent aid.", "USA", "GOV", "agency"),
        ("Downing Street sent aid.", "GBR", "GOV", "government"),
        ("Zhongnanhai sent aid.", "CHN", "GOV", "government"),
        ("The Élysée sent aid.", "FRA", "GOV", "government"),
        ("Whitehall sent aid.", "GBR", "GOV", "government"),
        ("The Pentagon sent aid.", "USA", "MIL", "agency"),
        ("NATO sent aid.", None, "IGO", "organisation"),
        ("Hezbollah sent aid.", "LBN", "REB", "armed group"),
        ("Gazprom sent aid.", "RUS", "BUS", "company"),
        ("Kogas sent aid.", "KOR", "BUS", "company"),
        ("Russians sent aid.", "RUS", "CVL", "people"),
        ("Bosnian Serbs sent aid.", "BIH", "CVL", "people"),
        ("Tibetans sent aid.", "CHN", "CVL", "people"),
        ("Dutch troops left.", "NLD", "MIL", "role"),
        ("South Korea's Unification Ministry said so.", "KOR", "GOV", "agency"),
        ("The Russian Foreign Ministry said so.", "RUS", "GOV", "agency"),
        ("The Iranian parliament said so.", "IRN", "LEG", "role"),
        ("Chinese workers left.", "CHN", "LAB", "role"),
        ("Syrian opposition leaders left.", "SYR", "OPP", "role"),
        ("NATO peacekeeping troops left.", None, "MIL", "role"),
        ("Hamas fighters left.", "PSE", "REB", "role"),
        ("A government spokesman in Nairobi said so.", "KEN", "GOV", "role"),
    ],
)
def test_who(text: str, country: str | None, sector: str, kind: str) -> None:
    first = read(text).mentions[0]
    assert (first.country, first.sector, first.kind) == (country, sector, kind)


def test_lower_case_words_are_no_states() -> None:
    text = "they sent us turkey and china plates, and who knows about the jordan"
    assert countries(text) == []


def test_a_capital_is_a_place_after_in_and_a_government_otherwise() -> None:
    assert mention("Talks opened in Moscow.", "Moscow").kind == "place"
    assert mention("He flew to Moscow.", "Moscow").kind == "place"
    assert mention("Moscow opened talks.", "Moscow").kind == "government"
    assert mention("A warning to Moscow.", "Moscow").kind == "government"


def test_a_capital_belongs_to_the_state_of_the_day() -> None:
    assert mention("Moscow agreed.", "Moscow", datetime.date(1985, 3, 1)).country == "SUN"
    assert mention("Moscow agreed.", "Moscow", datetime.date(1995, 3, 1)).country == "RUS"
    assert mention("Belgrade agreed.", "Belgrade", datetime.date(1999, 3, 1)).country == "YUG"
    assert mention("Prague agreed.", "Prague", datetime.date(1999, 3, 1)).country == "CZE"
    assert mention("They shelled Juba.", "Juba", datetime.date(1998, 3, 1)).country == "SDN"


# -- days of office ---------------------------------------------------------------------------------------------------


def test_one_person_two_offices() -> None:
    on = mention("Medvedev met Lee Myung-bak.", "Medvedev", datetime.date(2011, 8, 24))
    assert (on.name, on.country, on.sector, on.role) == ("Dmitry Medvedev", "RUS", "GOV", "president")
    assert mention("Medvedev met him.", "Medvedev", datetime.date(2013, 1, 1)).role == "prime minister"


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("the Russian president", "2001-03-01", "Vladimir Putin"),
        ("the Russian president", "2011-08-24", "Dmitry Medvedev"),
        ("the Russian foreign minister", "2003-01-01", "Igor Ivanov"),
        ("the president of South Korea", "2013-11-13", "Park Geun-hye"),
        ("North Korea's leader", "2011-08-24", "Kim Jong-il"),
        ("the North Korean leader", "2012-08-24", "Kim Jong-un"),
        ("the U.S. Secretary of State", "2012-08-24", "Hillary Clinton"),
        ("the British prime minister", "1991-01-15", "John Major"),
        ("the German chancellor", "2010-01-15", "Angela Merkel"),
        ("the Ukrainian president", "2024-01-15", "Volodymyr Zelensky"),
    ],
)
def test_a_title_means_its_holder_on_that_day(text: str, day: str, name: str) -> None:
    text = f"A message from {text} arrived."
    assert name in [m.name for m in read(text, datetime.date.fromisoformat(day)).mentions]


def test_a_former_minister_does_not_speak_for_the_government() -> None:
    text = "Former Foreign Minister Igor Ivanov praised the pact."
    found = mention(text, "Foreign Minister Igor Ivanov")
    assert (found.country, found.kind) == ("RUS", "former")
    assert found.sector != "GOV"
    assert mention("Mikhail Gorbachev praised it.", "Mikhail Gorbachev").kind == "former"
    assert mention("ex-President Michel Suleiman left.", "ex-President Michel Suleiman").sector == "ELI"


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("President Carter met the Israeli premier in 1978.", "Jimmy Carter", "USA"),
        ("President Bush said Iraq must leave Kuwait.", "George W. Bush", "USA"),
        ("Foreign Minister Ivanov arrived on Tuesday.", "Igor Ivanov", "RUS"),
        ("Iraqi President Saleh received the envoys.", "Saleh", "IRQ"),
        ("President Jones of the students' union spoke.", "Jones", None),
    ],
)
def test_a_title_and_a_surname_mean_who_held_that_office(text: str, name: str, country: str | None) -> None:
    mention = Gazetteer.default().read(text, datetime.date(2010, 1, 1)).mentions[0]
    assert (mention.name, mention.country) == (name, country)


def test_a_title_in_the_text_wins_over_the_table() -> None:
    found = mention("Israel's Deputy Minister Danny Ayalon left.", "Israel's Deputy Minister Danny Ayalon")
    assert (found.name, found.country, found.sector) == ("Danny Ayalon", "ISR", "GOV")


# -- ambiguity --------------------------------------------------------------------------------------------------------


def test_georgia() -> None:
    state = mention("Voters in Atlanta, Georgia backed the Republican governor.", "Georgia")
    assert (state.country, state.kind) == ("USA", "place")
    assert mention("Russia invaded Georgia.", "Georgia").country == "GEO"
    assert mention("Georgia signed the treaty.", "Georgia").country == "GEO"
    assert mention("Georgian troops left.", "Georgian troops").country == "GEO"


def test_jordan() -> None:
    assert countries("Michael Jordan scored.") == []
    assert countries("Then Jordan Peele spoke.") == []
    assert mention("Jordan signed the treaty.", "Jordan").country == "JOR"
    assert (
        mention("King Hussein of Jordan signed.", "King Hussein of Jordan", datetime.date(1994, 10, 26)).country
        == "JOR"
    )


def test_chad_and_israel_as_first_names() -> None:
    assert countries("Chad Hurley spoke.") == []
    assert countries("Chad and Sudan spoke.") == ["TCD", "SDN"]


def test_korea() -> None:
    assert mention("Korean officials left. North Korea said so.", "Korean officials").country == "PRK"
    assert mention("Korean officials left. Seoul said so.", "Korean officials").country == "KOR"
    both = "Korean officials left. Seoul and Pyongyang said so."
    assert mention(both, "Korean officials").country is None
    assert "KOR" not in countries("The Korean War ended in 1953.")


def test_the_two_koreas_are_two() -> None:
    found = [m for m in read("The two Koreas resumed talks.").mentions if m.text.endswith("two Koreas")]
    assert [m.country for m in found] == ["PRK", "KOR"]
    assert {m.country for m in read("North and South Korea resumed talks.").mentions} == {"PRK", "KOR"}
    whole = resolve("The two Koreas resumed talks.", "two Koreas")
    assert (whole.name, whole.country) == ("North Korea and South Korea", None)
    assert [part.country for part in read("The two Koreas resumed talks.").resolve_all(0, 14)] == ["PRK", "KOR"]


def test_congo_and_guinea() -> None:
    assert mention("Congo's Kabila left Kinshasa.", "Congo's Kabila").country == "COD"
    assert mention("Congo thanked Brazzaville's allies.", "Congo").country == "COG"
    assert mention("Congo signed.", "Congo", datetime.date(1990, 1, 1)).country == "COG"
    assert mention("Guinea signed.", "Guinea").country == "GIN"
    assert mention("Equatorial Guinea signed.", "Equatorial Guinea").country == "GNQ"
    assert mention("Papua New Guinea signed.", "Papua New Guinea").country == "PNG"
    assert mention("Guinea-Bissau signed.", "Guinea-Bissau").country == "GNB"


def test_washington() -> None:
    assert mention("Washington rejected the offer.", "Washington").kind == "government"
    assert mention("They met in Washington.", "Washington").kind == "place"
    assert countries("George Washington crossed the river.") == []
    assert mention("The Washington Post reported it.", "Washington Post").sector == "JRN"


def test_north_and_south_after_their_country() -> None:
    text = "North Korea fired. The South shot back, and the North denied it."
    assert mention(text, "South").country == "KOR"
    assert mention(text, "North").country == "PRK"
    assert countries("The North is colder than the South.") == []
    sudan = "Sudan agreed. The South will vote."
    assert mention(sudan, "South").country == "SSD"


def test_common_surnames_need_context() -> None:
    assert countries("Kim and Park went home. Ivanov stayed.") == []
    seen = read("South Korean President Park Geun-hye spoke. Park left.", datetime.date(2013, 11, 13)).mentions
    assert [m.name for m in seen] == ["Park Geun-hye", "Park Geun-hye"]
    assert mention("President Kim spoke in Seoul.", "President Kim", datetime.date(1999, 1, 1)).name == "Kim Dae-jung"
    assert mention("President Bush warned Iran.", "President Bush", datetime.date(2002, 1, 29)).name == "George W. Bush"
    assert (
        mention("President Bush warned Iraq.", "President Bush", datetime.date(1990, 8, 8)).name == "George H.W. Bush"
    )
    assert (
        mention(
            "Bush administration officials left.", "Bush administration officials", datetime.date(2002, 1, 29)
        ).country
        == "USA"
    )


def test_a_namesake_is_somebody_else() -> None:
    for text in ("Kim Kardashian spoke.", "Vice minister Kim Kwang-su spoke.", "Tony Clinton spoke."):
        assert not [m for m in read(text).mentions if m.actor is not None and m.actor.kind == "person"]


def test_a_surname_that_comes_first_is_taken_up_again() -> None:
    text = "UN Secretary-General Ban Ki-moon urged Kiev to talk. Ban then left."
    assert (mention(text, "Ban").name, mention(text, "Ban").sector) == ("Ban Ki-moon", "IGO")


def test_surname_after_an_unknown_full_name() -> None:
    text = "Russian Deputy Energy Minister Yuri Sentyurin went to Seoul. Sentyurin said the pipeline was ready."
    assert mention(text, "Sentyurin").name == "Yuri Sentyurin"
    assert mention(text, "Sentyurin").country == "RUS"
    text = "Foreign Minister Igor Ivanov of Russia spoke. Ivanov left."
    assert mention(text, "Ivanov").name == "Igor Ivanov"


# -- phrases ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "country", "sector"),
    [
        ("The U.S. ambassador to China left.", "The U.S. ambassador to China", "USA", "GOV"),
        ("Chinese workers in Zambia struck.", "Chinese workers in Zambia", "CHN", "LAB"),
        ("It condemned a U.S. Supreme Court decision.", "a U.S. Supreme Court decision", "USA", "JUD"),
        ("US-backed Syrian rebels fled.", "US-backed Syrian rebels", "SYR", "REB"),
        ("Russian-backed rebels in Ukraine fled.", "Russian-backed rebels in Ukraine", "UKR", "REB"),
        ("India fears Pakistan-based militants.", "Pakistan-based militants", "PAK", "REB"),
        ("The Geneva-based United Nations agency left.", "The Geneva-based United Nations agency", None, "IGO"),
        ("Officials in Seoul denied it.", "Officials in Seoul", "KOR", "GOV"),
        ("Rebels in Darfur fled.", "Rebels in Darfur", "SDN", "REB"),
        ("The commander of Russian forces fled.", "The commander of Russian forces", "RUS", "MIL"),
        ("The Khartoum government fled.", "The Khartoum government", "SDN", "GOV"),
        ("Israel's high court ruled.", "Israel's high court", "ISR", "JUD"),
        ("The UN envoy for Syria left.", "The UN envoy for Syria", None, "IGO"),
        (
            "A prominent anti-Syria journalist in Beirut died.",
            "A prominent anti-Syria journalist in Beirut",
            "LBN",
            "JRN",
        ),
        ("Egyptian police fled. Protesters cheered.", "Protesters", "EGY", "CVL"),
    ],
)
def test_resolve_any_noun_phrase(text: str, words: str, country: str | None, sector: str) -> None:
    found = resolve(text, words)
    assert (found.country, found.sector) == (country, sector)


def test_adjectives_that_share_a_head() -> None:
    text = "Russian and Chinese officials met Iranian, Iraqi and Syrian lawmakers."
    assert countries(text) == ["RUS", "CHN", "IRN", "IRQ", "SYR"]
    assert [m.sector for m in read(text).mentions] == ["GOV", "GOV", "LEG", "LEG", "LEG"]


def test_resolve_all_parts_of_a_list() -> None:
    text = "The United States and South Korea held drills."
    found = read(text).resolve_all(0, text.index(" held"))
    assert [part.country for part in found] == ["USA", "KOR"]
    single = read("The Russian Foreign Ministry held talks.")
    assert len(single.resolve_all(0, 28)) == 1


def test_pronouns_and_definite_phrases() -> None:
    text = "Russian Foreign Minister Sergei Lavrov met Iranian officials. He praised them. The minister then left."
    assert resolve(text, "He").name == "Sergei Lavrov"
    assert resolve(text, "them").country == "IRN"
    assert resolve(text, "The minister").name == "Sergei Lavrov"
    text = "North Korea fired a rocket. It said that the launch was a success."
    assert resolve(text, "It").country == "PRK"
    assert read("It rained. He left.").antecedent(0, 2) is None


def test_nothing_known_gives_the_words() -> None:
    assert resolve("The quick brown fox jumped.", "quick brown fox") == Resolved("quick brown fox", None, None)


# -- names out of data sets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "country", "sector"),
    [
        ("Kim Jong-Un", "PRK", "GOV"),
        ("Foreign Affairs (Bangladesh)", "BGD", "GOV"),
        ("Police (India)", "IND", "COP"),
        ("Citizen (Thailand)", "THA", "CVL"),
        ("South Korea", "KOR", "GOV"),
        ("High Ranking Military Personnel (Vietnam)", "VNM", "MIL"),
        ("Hamas", "PSE", "REB"),
        ("UN Security Council", None, "IGO"),
        ("Barack Obama", "USA", "GOV"),
    ],
)
def test_resolve_name(name: str, country: str | None, sector: str) -> None:
    found = Gazetteer.default().resolve_name(name, datetime.date(2013, 6, 1))
    assert found is not None
    assert (found.country, found.sector) == (country, sector)


def test_resolve_name_unknown() -> None:
    assert Gazetteer.default().resolve_name("Qwrtz Plmk", WHEN) is None
    assert Gazetteer.default().resolve_name("", WHEN) is None


# -- properties -------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "the",
        "a",
        "of",
        "in",
        "and",
        "to",
        "'s",
        "'",
        "’s",
        ".",
        ",",
        ";",
        "(",
        ")",
        "-",
        "U.S.",
        "U.N.",
        "North",
        "South",
        "Korea",
        "Korean",
        "Russia",
        "Russian",
        "Moscow",
        "President",
        "Foreign",
        "Minister",
        "former",
        "Kim",
        "Jong",
        "Il",
        "Park",
        "Ivanov",
        "rebels",
        "troops",
        "Washington",
        "Georgia",
        "Jordan",
        "two",
        "Koreas",
        "Congo",
        "Igor",
        "he",
        "it",
        "they",
        "Côte",
        "d’Ivoire",
        "İ",
        "ß",
        "ﬁ",
        "金",
        "\n",
        "\t",
        "\x00",
        "al-Qaeda's",
        "ministry",
        "ambassador",
        "Gazprom",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)), st.data())
def test_any_text_is_read_and_any_span_resolved(text: str, data: st.DataObject) -> None:
    reading = read(text)
    places = [(m.start, m.end) for m in reading.mentions]
    assert places == sorted(places)
    for m in reading.mentions:
        assert text[m.start : m.end] == m.text != ""
        assert m.name
    start = data.draw(st.integers(-3, len(text) + 3))
    end = data.draw(st.integers(-3, len(text) + 3))
    first = reading.resolve(start, end)
    assert first == reading.resolve(start, end) == read(text).resolve(start, end)
    assert reading.resolve_all(start, end)
    reading.antecedent(start, end)


@settings(max_examples=50, deadline=None)
@given(st.dates(), st.lists(WORDS, max_size=20).map(" ".join))
def test_any_day_will_do(when: datetime.date, text: str) -> None:
    assert read(text, when).mentions == read(text, when).mentions


def test_bodies_without_a_name_belong_to_the_state_that_the_sentence_is_about() -> None:
    text = "A South Korean corvette sank near China, the Defense Ministry said. The military was put on alert."
    assert mention(text, "Defense Ministry").country == "KOR"
    assert mention(text, "military").country == "KOR"
    text = "South Korea put its military on alert. Russia did not."
    assert mention(text, "military").name == "Military (South Korea)"
    assert mention("Egypt's rule passed to Vice President Omar Xyz.", "Vice President Omar Xyz").country == "EGY"


def test_general_words_alone_are_no_actors() -> None:
    assert countries("The side sent a team, and justice was done by force.") == []


def test_an_obituary_still_names_the_office() -> None:
    day = datetime.date(2011, 12, 19)
    assert mention("Kim Jong Il died on Saturday.", "Kim Jong Il", day).role == "leader"
    assert mention("Kim Jong Il died last year.", "Kim Jong Il", datetime.date(2012, 6, 1)).kind == "former"


def test_a_named_organisation_wins_over_the_words_that_describe_it() -> None:
    text = "Human rights group Amnesty International accused the United States of violating human rights."
    found = Gazetteer.default().read(text, datetime.date(2010, 1, 1)).resolve(0, text.index(" accused"))
    assert (found.name, found.country) == ("Amnesty International", None)
