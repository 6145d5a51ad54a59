"""Time the whole answer for networks of 20 players: ``python -m benchmarks.leverage_networks [SEEDS]``.

Each network is solved in a process of its own, from its file's text to the last solution: coalitions, Shapley value,
nucleolus, core, Banzhaf value, links and fees. Random networks are drawn, not chosen: nodes in a square, each player
one node, linked to its nearest neighbours. Prints a line a network and one JSON object last.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

from detente.leverage import parse, solve

PLAYERS = 20
HEAD = "title: {name}\nmoney: million USD\ndiscount: 0.1\ngoods:\n  gas: {{quantity: bcm/a, price: USD/1000 m3}}\n"


def text(name: str, nodes: list[str], links: list[str]) -> str:
    """A corridor file in which player ``i`` owns node ``i``."""
    owners = [f"p{i}: {{country: RUS}}" for i in range(len(nodes))]
    parts = {"owners": owners, "nodes": nodes, "links": links}
    return HEAD.format(name=name) + "".join(
        f"{key}:\n" + "".join(f"  {x}\n" for x in rows) for key, rows in parts.items()
    )


def node(i: int, rest: str = "") -> str:
    """Line of a node."""
    return f"n{i}: {{country: RUS, owner: p{i}{rest}}}"


def link(i: int, j: int, k: int, capacity: float, cost: float, rest: str = "") -> str:
    """Line of a link."""
    return f"l{k}: {{from: n{i}, to: n{j}, control: [p{i}, p{j}], capacity: {capacity}, cost: {cost}{rest}}}"


def random_network(seed: int, extra: int = 0, options: int = 0) -> str:
    """Nodes in a square; six sell, seven buy, the rest pass on; a tree of the nearest and 9 to 15 links more."""
    rng = np.random.default_rng(seed)
    place = rng.random((PLAYERS, 2))
    far = np.linalg.norm(place[:, None] - place[None], axis=2)
    role = rng.permutation(PLAYERS)
    rows = []
    for i in range(PLAYERS):
        if i in role[:6]:
            rows.append(node(i, f", supply: {{capacity: {rng.integers(10, 60)}, cost: {rng.integers(20, 80)}}}"))
        elif i in role[6:13]:
            rows.append(node(i, f", demand: {{max: {rng.integers(10, 50)}, price: {rng.integers(150, 300)}}}"))
        else:
            rows.append(node(i))
    pairs: list[tuple[int, int]] = []
    reached = {0}
    while len(reached) < PLAYERS:
        i, j = min(((i, j) for i in reached for j in range(PLAYERS) if j not in reached), key=lambda p: far[p])
        pairs.append((i, j))
        reached.add(j)
    near = sorted(((i, j) for i in range(PLAYERS) for j in range(i) if (j, i) not in pairs and (i, j) not in pairs),
                  key=lambda p: far[p])  # fmt: skip
    pairs += near[: 9 + int(rng.integers(0, 7)) + extra]
    links = []
    for k, (i, j) in enumerate(pairs):
        # Half of the links run toward a buyer's end or at random, half of those both ways.
        start, end = (j, i) if rng.random() < 0.5 else (i, j)
        built = f", investment: {rng.integers(500, 4000)}, life: 25" if k >= len(pairs) - options else ""
        links.append(link(start, end, len(links), int(rng.integers(10, 60)), round(100 * float(far[i, j]), 1), built))
        if rng.random() < 0.3:
            links.append(link(end, start, len(links), int(rng.integers(10, 60)), round(100 * float(far[i, j]), 1)))
    return connected(f"random {seed}", rows, links)


def connected(name: str, nodes: list[str], links: list[str]) -> str:
    """The file; a seller or buyer that no way reaches becomes a mere place, as the reader would refuse it."""
    ends = [(int(x.split("from: n")[1].split(",")[0]), int(x.split("to: n")[1].split(",")[0])) for x in links]

    def reach(start: set[int], ways: list[tuple[int, int]]) -> set[int]:
        while new := {j for i, j in ways if i in start and j not in start}:
            start = start | new
        return start

    sellers = {i for i, x in enumerate(nodes) if "supply" in x}
    buyers = {i for i, x in enumerate(nodes) if "demand" in x}
    fed, feeding = reach(sellers, ends), reach(buyers, [(j, i) for i, j in ends])
    rows = [node(i) if (i in sellers - feeding or i in buyers - fed) else x for i, x in enumerate(nodes)]
    return text(name, rows, links)


def hub(sellers: int = 9) -> str:
    """One hub, nine sellers and ten buyers, no two alike: half a million groups differ."""
    rng = np.random.default_rng(1)
    rows = [node(0)]
    links = []
    for i in range(1, PLAYERS):
        if i <= sellers:
            rows.append(node(i, f", supply: {{capacity: {rng.integers(10, 60)}, cost: {rng.integers(20, 80)}}}"))
            links.append(link(i, 0, i, 100, int(rng.integers(1, 30))))
        else:
            rows.append(node(i, f", demand: {{max: {rng.integers(10, 50)}, price: {rng.integers(150, 300)}}}"))
            links.append(link(0, i, i, 100, int(rng.integers(1, 30))))
    return text("hub", rows, links)


def grid(width: int = 5, height: int = 4) -> str:
    """Streets of a town: sellers on the left, buyers on the right, every way east, north and south."""
    rng = np.random.default_rng(2)
    rows, links = [], []
    for i in range(width * height):
        x, y = i % width, i // width
        rest = f", supply: {{capacity: {rng.integers(20, 60)}, cost: {rng.integers(20, 80)}}}" if x == 0 else ""
        rest = f", demand: {{max: {rng.integers(20, 50)}, price: {rng.integers(150, 300)}}}" if x == width - 1 else rest
        rows.append(node(i, rest))
        for j in ([i + 1] if x < width - 1 else []) + ([i + width] if y < height - 1 else []):
            links.append(link(i, j, len(links), int(rng.integers(10, 50)), int(rng.integers(1, 30))))
            if j == i + width:
                links.append(link(j, i, len(links), int(rng.integers(10, 50)), int(rng.integers(1, 30))))
    return text("grid", rows, links)


def curves(seed: int = 3) -> str:
    """A random network whose buyers have demand curves: 20 steps each."""
    lines = random_network(seed).splitlines()
    return "\n".join(
        x.split("demand:")[0] + "demand: {intercept: " + x.split("price: ")[1].rstrip("}") + ", slope: 3}}"
        if "demand:" in x else x for x in lines)  # fmt: skip


def market(sellers: int = 10, share: float = 1.0) -> str:
    """Every seller is linked to every buyer, or to a share of them: nothing decomposes and everything competes."""
    rng = np.random.default_rng(6)
    rows, links = [], []
    for i in range(PLAYERS):
        if i < sellers:
            rows.append(node(i, f", supply: {{capacity: {rng.integers(10, 60)}, cost: {rng.integers(20, 80)}}}"))
            links += [link(i, j, PLAYERS * i + j, int(rng.integers(10, 40)), int(rng.integers(1, 60)))
                      for j in range(sellers, PLAYERS) if share == 1.0 or rng.random() < share]  # fmt: skip
        else:
            rows.append(node(i, f", demand: {{max: {rng.integers(10, 50)}, price: {rng.integers(60, 200)}}}"))
    return text("market", rows, links)


CASES = {
    "market": market,
    "four options": lambda: random_network(0, options=4),
    "hub": hub,
    "grid": grid,
    "curves": curves,
    "two options": lambda: random_network(4, options=2),
    "dense": lambda: random_network(5, extra=8),
    # The heaviest of their kinds that are still worked out exactly.
    "half of a market": lambda: market(share=0.55),
    "denser": lambda: random_network(8, extra=22),
}


def case(name: str) -> str:
    """A case's file by its name: a number is the seed of a random network."""
    return random_network(int(name)) if name.isdigit() else CASES[name]()


def one(name: str) -> None:
    """Solve one network and print its line."""
    network = parse(case(name))
    start = time.perf_counter()
    found = solve(network)
    wall = time.perf_counter() - start
    used = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    row = {"case": name, "links": len(network.links), "method": found.method, "seconds": round(wall, 2),
           "cpu": round(used, 2), "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}  # fmt: skip
    sys.stdout.write(json.dumps(row) + "\n")


def main(seeds: int) -> None:
    """Solve every case in a process of its own."""
    rows = []
    for name in [*map(str, range(seeds)), *CASES]:
        done = subprocess.run([sys.executable, "-m", "benchmarks.leverage_networks", "--one", name],
                              capture_output=True, text=True, check=True)  # fmt: skip
        rows.append(json.loads(done.stdout))
        sys.stderr.write(f"{rows[-1]}\n")
    exact = [r for r in rows if r["method"] == "exact"]
    within = sum(r["seconds"] <= 10 for r in exact)
    worst = max(r["seconds"] for r in rows)
    most = max(r["cpu"] for r in rows)
    sys.stdout.write(
        json.dumps(
            {
                "networks": len(rows),
                "exact": len(exact),
                "within_10_s": within,
                "slowest_s": worst,
                "most_cpu_s": most,
                "rows": rows,
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 7)
