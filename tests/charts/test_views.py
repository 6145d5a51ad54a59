"""Charts: the data holds every field that the specification names, and they draw."""

import re

import pytest

from detente.charts import (
    attention_chart,
    group_chart,
    group_records,
    overview_spec,
    shifts_chart,
    shifts_spec,
    stance_chart,
    to_svg,
    ways_spec,
    world_spec,
)
from detente.charts.spec import as_chart
from detente.relations import group_view, relation, shifts, stance, with_context
from tests.relations.made import D, event, table, turn

CHANGE = D(2012, 3, 1)
EVENTS = table(
    [
        *turn("PRK", "RUS", change=CHANGE),
        *turn("CHN", "PRK", change=CHANGE, after="SANCTION"),
        *[event(D(2012, m, 9), "RUS", "PRK", "AID") for m in range(1, 10)],
    ]
)


def charts():
    found = with_context(relation(EVENTS, "RUS", "PRK", by="quarter"), EVENTS)
    return {
        "shifts": shifts_chart(shifts(EVENTS)),
        "attention": attention_chart(found, "Attention"),
        "group": group_chart(group_view(EVENTS, ["CHN", "PRK", "RUS"]), "Group"),
        "stance": stance_chart(stance(EVENTS, "RUS", "PRK"), "Words and deeds"),
    }


CHARTS = charts()


def units(spec: dict):
    """Every layer that draws, with the data it sees."""

    def walk(node: dict, data: dict):
        data = node.get("data", data)
        if "mark" in node:
            yield node, data
        for part in (*node.get("layer", []), *node.get("vconcat", [])):
            yield from walk(part, data)

    yield from walk(spec, {})


@pytest.mark.parametrize("name", CHARTS)
def test_every_field_of_a_chart_is_in_its_data_and_it_draws(name: str) -> None:
    spec = CHARTS[name].to_dict()
    drawn = 0
    for node, data in units(spec):
        values = data["values"] if "values" in data else spec["datasets"][data["name"]]
        assert values
        for channel in node["encoding"].values():
            for part in channel if isinstance(channel, list) else [channel]:
                if "field" in part:
                    assert part["field"] in values[0], (name, part["field"])
                    drawn += 1
    assert drawn
    svg = to_svg(CHARTS[name])
    assert svg.startswith("<svg")
    assert not re.search(r"NaN|undefined", svg)


def test_a_pair_without_evidence_is_empty_in_the_matrix_and_not_neutral() -> None:
    rows = {(r["row"], r["column"]): r for r in group_records(group_view(EVENTS, ["CHN", "PRK", "RUS"]))}
    assert rows["CHN", "RUS"]["tone"] is None
    assert rows["CHN", "RUS"]["label"] == "–"
    assert rows["PRK", "RUS"]["tone"] == rows["RUS", "PRK"]["tone"]


def test_the_page_s_specifications_are_vega_lite() -> None:
    found = with_context(relation(EVENTS, "RUS", "PRK"), EVENTS)
    listed = shifts(EVENTS)
    drawn = (ways_spec(found, shifts=listed), overview_spec(found, chosen=("2012-01-01", "2013-01-01")))
    for spec in (*drawn, shifts_spec(listed), world_spec(listed), world_spec(())):
        chart = as_chart(spec)  # refused where it does not follow the schema
        assert to_svg(chart).startswith("<svg")
    with pytest.raises(Exception, match="bars"):
        as_chart(overview_spec(found) | {"mark": "bars"})
