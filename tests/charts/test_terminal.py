"""Charts in plain characters."""

from detente.charts import bar, levels


def test_levels_rise_from_hostile_to_friendly_and_silence_is_no_level() -> None:
    assert levels([-1.0, None, 0.0, 1.0]) == "▁·▅█"


def test_bars_are_in_proportion_to_the_longest() -> None:
    assert (bar(1.0, 1.0, 8), bar(0.5, 1.0, 8), bar(0.0, 1.0), bar(0.0, 0.0)) == ("█" * 8, "█" * 4, "", "")
