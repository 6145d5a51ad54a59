"""The finder of undertakings: which reports make a promise, in which words, and who takes part.

    python -m training.deeds work/deeds.pkl

It learns from the written promises (``training/promises``; their reports are what makes none), from ``training/deeds``
and from the development files of the gold set. The encoder stays as it is: texts pass through it once and are kept in
the file that is given; the network above is trained in a minute.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import pickle
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the customary name

from detente.actors import Gazetteer
from detente.bench.commitments import alike, names_of
from detente.coding.model import FULL, WIDTH, Model
from detente.coding.tokens import KNOWN_KINDS, known_spans, mark
from detente.commitments.finder import DILATIONS, dateline
from detente.commitments.model import FIRMNESS
from detente.commitments.parties import Parties
from detente.commitments.reader import report_text
from detente.records import parse_date

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src/detente"
GOLD = HERE.parent / "benchmarks/gold/commitments"
FILES = ("dev_a", "dev_b", "dev_c", "dev_d")
NARROW = 64
REPORTS, SEEN = 0.3, 900
"""Share of the written reports that are used at all, and how many of them an epoch sees."""
TWICE = frozenset([*FILES, "deeds"])
"""Sources whose promises an epoch sees twice: labelled in full, and most like the news."""
UNTOLD = {"w": 0.5, "x": 0.8}
"""What a word outside of the labelled deed weighs in the written promises, which hold deeds without a label."""
NO_DEED = 0.3
"""What the words of a text weigh that makes no promise, and those of a headline."""
BATCH, EPOCHS, RATE, SEED = 48, 6, 3e-3, 1
WEIGHTS = (2.0, 1.5, 1.0, 0.3)
"""Of the losses: words, parties, the whole, firmness."""


@dataclass
class Text:
    """A text and what it makes; ``makes`` is None where that is open (a promise told again, or replaced)."""

    source: str
    case: str
    date: str
    title: str
    text: str
    makes: bool | None
    deeds: Sequence[str] = ()
    parties: Sequence[str] = ()
    firmness: str | None = None
    hidden: Any = field(default=None, repr=False)
    labels: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def whole(self) -> str:
        """As the finder reads it."""
        return report_text(self.title, self.text)


def dossiers(path: Path) -> Iterator[Text]:
    """The documents of a gold file up to the day asked about; those that found a commitment with and without title."""
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        documents = [*case["documents"], *case.get("background", [])]
        day = {d["id"]: d["date"] for d in documents}
        for d in documents:
            if d["date"] > case["as_of"]:
                continue
            stating = [g for g in case["commitments"] if d["id"] in g["evidence"]]
            founds = [g for g in stating if d["date"] == min(day[e] for e in g["evidence"])]
            deeds = [p["text"] for g in stating for p in g["provisions"] if p["text"] in d["text"]]
            making = [g for g in stating if g in founds or any(p["text"] in d["text"] for p in g["provisions"])]
            makes = True if founds or deeds else None if stating else False
            parties = [party for g in making for party in g["parties"]]
            firmness = founds[-1]["firmness"] if founds else None
            for title in (d["title"], "") if founds else (d["title"],):
                yield Text(path.stem, case["id"], d["date"], title, d["text"], makes, deeds, parties, firmness)


def written(rng: random.Random) -> Iterator[Text]:
    """The written promises, without a title and with one of a report that tells nothing new; some of the reports."""
    for path in sorted((HERE / "promises").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            p = json.loads(line)
            told = [set(r.get("kinds") or [r["kind"]]) for r in p["reports"]]
            pairs = list(zip(p["reports"], told, strict=True))
            again = [r["title"] for r, kinds in pairs if r["title"] and (kinds == {"restate"} or _leaves(r, kinds))]
            deeds, parties = p.get("texts") or [p["text"]], p["by"] + p["to"]
            for title in ["", *([rng.choice(again)] if again else [])]:
                yield Text(path.stem, p["id"], p["made"], title, p["sentence"], True, deeds, parties, p["firmness"])
            for r, kinds in pairs:
                if "restate" not in kinds and rng.random() <= REPORTS:
                    title = r["title"] if rng.random() < 0.5 else ""
                    makes = None if "replace" in kinds else False
                    yield Text(path.stem, p["id"], r["date"], title, r["text"], makes)


def _leaves(report: dict[str, Any], kinds: set[str]) -> bool:
    """Whether a report tells nothing new of any deed of an accord."""
    return "kinds" in report and kinds <= {"restate", "none"}


def plain() -> Iterator[Text]:
    """What was written for this alone: promises with all of their deeds, and news that makes none."""
    for path in sorted((HERE / "deeds").glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            p = json.loads(line)
            deeds = p.get("deeds", ())
            yield Text(
                "deeds", f"{path.stem}{number}", p["date"], p["title"], p["text"], bool(deeds), deeds,
                p.get("parties", ()), p.get("firmness"),
            )  # fmt: skip


def label(texts: Sequence[Text], cache: Path) -> None:
    """Hidden states and labels of every text; the states are kept in ``cache``."""
    model = Model(PACKAGE / "coding" / "model")
    gazetteer = Gazetteer.default()
    states: dict[str, Any] = pickle.loads(cache.read_bytes()) if cache.exists() else {}  # noqa: S301 - our own
    for t in texts:
        if t.whole not in states:
            states[t.whole] = model.whole(t.whole, FULL)[1].astype(np.float16)
        t.hidden = states[t.whole]
        (tokens,) = model.tokenizing([t.whole])
        shift, n = len(t.whole) - len(t.text), len(tokens)
        tags = np.zeros(n, np.int64)
        for deed in t.deeds:
            at = t.text.find(deed) + shift
            pieces = tokens.pieces(at, at + len(deed)) if deed in t.text else None
            if pieces:
                tags[pieces[0] : pieces[1] + 1] = [1] + [2] * (pieces[1] - pieces[0])
        weigh = np.full(n, 1.0 if t.makes else 0.0 if t.makes is None else NO_DEED, np.float32)
        if t.makes and t.source[0] in UNTOLD:
            weigh[tags == 0] = UNTOLD[t.source[0]]
        weigh[np.asarray(tokens.start) < shift] *= NO_DEED if t.makes else 1.0
        weigh[[0, -1]] = 0.0
        when = parse_date(t.date)
        reading = gazetteer.read(t.whole, when)
        parties, takes = Parties(reading, when, shift), np.full(n, -1.0, np.float32)
        gold = {parties.state(name.upper()).lower() for name in names_of(t.parties, gazetteer)}
        for m in reading.mentions:
            key = parties.key(m) if m.kind != "modifier" else m.country and parties.state(m.country)
            pieces = tokens.pieces(m.start, m.end)
            if key and pieces and gold and m.kind != "place" and not shift <= m.start < shift + dateline(t.text):
                takes[pieces[0] : pieces[1] + 1] = any(alike(n, g) for n in names_of([key], gazetteer) for g in gold)
        known = mark(tokens, known_spans(reading.mentions, 0, len(t.whole))).known
        t.labels = {"tags": tags, "weigh": weigh, "takes": takes, "known": np.asarray(known)}
    cache.write_bytes(pickle.dumps(states))


class Network(nn.Module):
    """Dilated convolutions over the hidden states; heads for words, parties and the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Linear(WIDTH, NARROW)
        self.known = nn.Embedding(1 + 2 * len(KNOWN_KINDS), NARROW)
        self.convolutions = nn.ModuleList(nn.Conv1d(NARROW, NARROW, 3, padding=d, dilation=d) for d in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(NARROW) for _ in DILATIONS)
        self.tags = nn.Linear(NARROW, 3)
        self.party = nn.Linear(NARROW, 1)
        self.attention = nn.Linear(NARROW, 1, bias=False)
        self.whole = nn.Linear(2 * NARROW, 1 + len(FIRMNESS))
        self.before, self.dropout = nn.Dropout(0.1), nn.Dropout(0.3)

    def forward(self, x: Tensor, known: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x (batch, tokens, WIDTH), known and mask (batch, tokens): logits of words, parties and the whole."""
        on = mask.unsqueeze(-1)
        x = F.relu(self.down(self.before(x)) + self.known(known)) * on
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = norm(x + self.dropout(F.relu(convolution(x.transpose(1, 2)).transpose(1, 2)))) * on
        x = self.dropout(x)
        attention = (self.attention(x).squeeze(-1) + (1 - mask) * -1e4).softmax(-1)
        pooled = torch.cat([(attention.unsqueeze(-1) * x).sum(1), (x + (1 - on) * -1e4).max(1).values], -1)
        return self.tags(x), self.party(x).squeeze(-1), self.whole(pooled)


def batch(texts: Sequence[Text]) -> tuple[Tensor, ...]:
    """Hidden states, known actors, mask, tags, weights, parties, whether they make a promise, firmness."""
    pad = nn.utils.rnn.pad_sequence
    hidden = pad([torch.from_numpy(t.hidden.astype(np.float32)) for t in texts], batch_first=True)
    mask = pad([torch.ones(len(t.hidden)) for t in texts], batch_first=True)
    known, tags, weigh = (
        pad([torch.from_numpy(t.labels[name]) for t in texts], batch_first=True) for name in ("known", "tags", "weigh")
    )
    takes = pad([torch.from_numpy(t.labels["takes"]) for t in texts], batch_first=True, padding_value=-1.0)
    makes = torch.tensor([-1.0 if t.makes is None else float(t.makes) for t in texts])
    firm = torch.tensor([FIRMNESS.index(t.firmness) if t.firmness else -1 for t in texts])  # type: ignore[arg-type]
    return hidden, known, mask, tags, weigh, takes, makes, firm


def loss_of(network: Network, texts: Sequence[Text]) -> Tensor:
    """The weighted losses of a batch."""
    hidden, known, mask, tags, weigh, takes, makes, firm = batch(texts)
    words, party, whole = network(hidden, known, mask)
    some, sure, named = takes >= 0, makes >= 0, firm >= 0
    losses = (
        (F.cross_entropy(words.flatten(0, 1), tags.flatten(), reduction="none") * weigh.flatten()).sum()
        / weigh.sum().clamp(min=1),
        F.binary_cross_entropy_with_logits(party[some], takes[some]) if some.any() else party.sum() * 0,
        F.binary_cross_entropy_with_logits(whole[sure, 0], makes[sure]) if sure.any() else whole.sum() * 0,
        F.cross_entropy(whole[named, 1:], firm[named]) if named.any() else whole.sum() * 0,
    )
    return torch.stack([weight * loss for weight, loss in zip(WEIGHTS, losses, strict=True)]).sum()


def train(texts: Sequence[Text]) -> Network:
    """A network that learned from texts."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = random.Random(SEED)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.02)
    promises = defaultdict(list)
    for t in texts:
        if t.makes:
            promises[t.source, t.case, t.text].append(t)
    others = [t for t in texts if t.makes is False and t.source in TWICE]
    reports = [t for t in texts if t.makes is False and t.source not in TWICE]
    step = 0
    for epoch in range(EPOCHS):
        items = [rng.choice(v) for (source, *_), v in promises.items() for _ in range(1 + (source in TWICE))]
        items += others + rng.sample(reports, min(SEEN, len(reports)))
        items.sort(key=lambda t: len(t.hidden) + rng.random() * 10)
        groups = [items[i : i + BATCH] for i in range(0, len(items), BATCH)]
        rng.shuffle(groups)
        lost = 0.0
        network.train()
        for group in groups:
            step += 1
            done = step / (EPOCHS * len(groups))
            optimizer.param_groups[0]["lr"] = RATE * min(10 * done, 0.5 * (1 + math.cos(math.pi * done)))
            loss = loss_of(network, group)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            lost += float(loss.detach())
        log.info("epoch %d/%d loss %.3f", epoch + 1, EPOCHS, lost / len(groups))
    return network.eval()


@torch.no_grad()
def test(network: Network, texts: Sequence[Text]) -> str:
    """How well texts that make a promise are told from those that make none."""
    known = [t for t in texts if t.makes is not None and t.title]
    said = [bool(network(*batch([t])[:3])[2][0, 0] > 0) for t in known]
    right = sum(s and bool(t.makes) for s, t in zip(said, known, strict=True))
    total = sum(bool(t.makes) for t in known)
    return f"{len(known)} texts, {total} make a promise; F1 {2 * right / max(1, total + sum(said)):.3f}"


def save(network: Network, path: Path) -> None:
    """The weights, in half precision."""
    np.savez(path, **{name: value.numpy().astype(np.float16) for name, value in network.state_dict().items()})


def main() -> None:
    """Train, and write the packaged weights; or leave a development file out, test on it and write them beside."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="where hidden states are kept (.pkl)")
    parser.add_argument("--without", choices=FILES, help="a development file to be left out and tested on")
    arguments = parser.parse_args()
    texts = [t for name in FILES for t in dossiers(GOLD / f"{name}.jsonl")]
    texts += [*written(random.Random(SEED)), *plain()]
    label(texts, arguments.cache)
    network = train([t for t in texts if t.source != arguments.without])
    if arguments.without:
        log.info("%s: %s", arguments.without, test(network, [t for t in texts if t.source == arguments.without]))
        save(network, arguments.cache.with_name(f"without_{arguments.without}.npz"))
    else:
        save(network, PACKAGE / "commitments" / "finder.npz")


if __name__ == "__main__":
    main()
