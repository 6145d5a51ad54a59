"""A ledger of imports and texts."""

import random
from pathlib import Path

from detente.datasets import open_format
from detente.ledger import open_ledger
from detente.ledger.imports import import_files
from detente.relations import keep
from tests.datasets import made
from tests.ledger.made import coded

STATES = ("RUS", "PRK", "CHN", "USA", "", "KOR")


def rows(first: int, last: int, years: tuple[int, int]) -> str:
    draw = random.Random(first)
    lines = []
    for n in range(first, last):
        day = f"{draw.randint(*years)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
        added = day if draw.random() < 0.9 else f"{years[1]}1231"
        a, b = draw.choice(STATES), draw.choice(STATES)
        cold = day > "201301" and {a, b} == {"RUS", "PRK"}
        lines.append(
            made.gdelt(
                n, day, added=added, actor1_code=a + draw.choice(["GOV", "", "MIL"]), actor2_code=b,
                cameo=draw.choice(["112", "190"] if cold else ["040", "036", "057", "112", "010"]),
                articles=str(draw.randint(1, 9)), url=f"http://x.org/{draw.randint(0, (last - first) // 2)}",
            )
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def imports_and_texts(folder: Path) -> Path:
    """Two imports, the second with months of the first, and two texts."""
    path = folder / "my.ledger"
    with open_ledger(path, "write") as opened:
        for number, (first, last, years) in enumerate([(0, 700, (2011, 2013)), (700, 1100, (2013, 2014))]):
            made.write(folder / f"{number}.tsv", rows(first, last, years))
            import_files(opened, open_format("gdelt"), [folder / f"{number}.tsv"])
            assert keep(opened) > 0
        with opened.batch("read", coder="coder-1") as batch:
            opened.write_coded(batch, [coded("one"), coded("two", "Moscow scolded Pyongyang again. It did.")])
        assert keep(opened) == 0, "what was read from texts is not kept"
    return path
