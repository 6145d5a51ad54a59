"""The reader of follow-through: what a report tells of a promise, from written pairs to the packaged graph.

    python -m training.follow work/reader.pt

The lower layers are those of the packaged full reading, left as they are, so that texts pass through them once; three
layers above, which start from its upper ones, see promise and report together.
"""

from __future__ import annotations

import argparse
import logging
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the customary name

from detente.coding.model import FULL, Model
from detente.commitments.reader import TELLS
from training.export import HIDDEN, LOWER, Graph, Range, array, int_linear, layer_graph, quantise_input, split_layer
from training.network import HEADS, NEGATIVE, WIDTH, Layer
from training.promises import Pair, dossiers, epoch_pairs, written

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1] / "src/detente"
GOLD = Path(__file__).parents[1] / "benchmarks/gold/commitments"
LEARNED, TESTED = ("dev_a", "dev_c"), ("dev_b", "dev_d")
DEPTH = 3
SIZE = 16
HEAD_RATE = 5e-4
SMOOTHING = 0.05

Items = Sequence[tuple[str, str, str]]
"""Promise, report, and what is told."""


class Network(nn.Module):
    """Upper layers over promise and report, and a head on the first position of each."""

    def __init__(self) -> None:
        super().__init__()
        self.side = nn.Embedding(2, WIDTH)
        nn.init.normal_(self.side.weight, std=0.02)
        self.layers = nn.ModuleList(Layer(0.1) for _ in range(DEPTH))
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, len(TELLS))
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, side: Tensor, mask: Tensor, second: Tensor) -> Tensor:
        """x (batch, tokens, WIDTH), side 0 or 1 and mask (batch, tokens), second (batch,): where the report starts."""
        x = x + self.side(side)
        bias = ((1.0 - mask) * NEGATIVE)[:, None, None, :]
        *lower, last = self.layers
        for layer in lower:
            x = layer(x, bias)
        index = torch.stack([torch.zeros_like(second), second], 1)
        both = last_of(last, x, bias, index).flatten(1)
        return self.out(self.dropout(torch.tanh(self.hidden(self.dropout(both)))))


def last_of(layer: Any, x: Tensor, bias: Tensor, index: Tensor) -> Tensor:
    """A layer at some positions only: index (batch, n) to (batch, n, WIDTH)."""
    some = x.gather(1, index.unsqueeze(-1).expand(-1, -1, WIDTH))
    b, t, _ = x.shape
    heads = (HEADS, WIDTH // HEADS)
    q = F.linear(some, layer.qkv.weight[:WIDTH], layer.qkv.bias[:WIDTH]).view(b, -1, *heads).transpose(1, 2)
    k, v = F.linear(x, layer.qkv.weight[WIDTH:], layer.qkv.bias[WIDTH:]).view(b, t, 2, *heads).permute(2, 0, 3, 1, 4)
    scores = q @ k.transpose(-1, -2) * heads[1] ** -0.5 + bias
    mixed = (layer.dropout(scores.softmax(-1)) @ v).transpose(1, 2).reshape(b, -1, WIDTH)
    some = layer.norm1(some + layer.dropout(layer.out(mixed)))
    return layer.norm2(some + layer.dropout(layer.down(F.gelu(layer.up(some)))))  # type: ignore[no-any-return]


class Lower:
    """Texts after the lower layers of the packaged encoder, each text once."""

    def __init__(self) -> None:
        self.model = Model(PACKAGE / "coding" / "model", threads=2)
        self.known: dict[str, Tensor] = {}

    def __call__(self, text: str) -> Tensor:
        """(tokens, WIDTH), in half precision to save room."""
        if text not in self.known:
            self.known[text] = torch.tensor(self.model.lower(text, FULL)[0]).half()
        return self.known[text]


def batches(items: Items, lower: Lower, size: int, rng: random.Random | None) -> Iterator[tuple[Tensor, ...]]:
    """Pairs of about one length together: values, sides, masks, where reports start, what is told, which items."""
    rows = [(lower(promise), lower(report)) for promise, report, _ in items]
    order = sorted(range(len(items)), key=lambda i: sum(map(len, rows[i])) + (rng.random() * 12 if rng else 0))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if rng:
        rng.shuffle(groups)
    pad = partial(nn.utils.rnn.pad_sequence, batch_first=True)
    for group in groups:
        some = [rows[i] for i in group]
        yield (
            pad([torch.cat(two) for two in some]).float(),
            pad([torch.tensor([0] * len(a) + [1] * len(b)) for a, b in some]),
            pad([torch.ones(len(a) + len(b)) for a, b in some]),
            torch.tensor([len(a) for a, _ in some]),
            torch.tensor([TELLS.index(items[i][2]) for i in group]),
            torch.tensor(group),
        )


def upper_layers(folder: Path) -> list[Layer]:
    """The upper layers of a packaged encoder, back from 8 bits."""
    model = onnx.load(str(folder / "encoder.onnx"))
    const = {c.name: torch.tensor(numpy_helper.to_array(c)) for c in model.graph.initializer}
    norms = [n for n in model.graph.node if n.op_type == "LayerNormalization"][1:]
    products = [n for n in model.graph.node if n.op_type == "MatMulIntegerToFloat"]
    layers = []
    for number in range(LOWER, LOWER + DEPTH):
        six = [
            ((const[node.input[1]].float() * const[node.input[3]]).T, const[node.input[6]])
            for node in products[6 * number : 6 * number + 6]
        ]
        layer = Layer(0.1)
        state = {
            "qkv.weight": torch.cat([w for w, _ in six[:3]]),
            "qkv.bias": torch.cat([b for _, b in six[:3]]),
        }
        for part, (weight, bias) in zip(("out", "up", "down"), six[3:], strict=True):
            state |= {f"{part}.weight": weight, f"{part}.bias": bias}
        for part, node in zip(("norm1", "norm2"), norms[2 * number : 2 * number + 2], strict=True):
            state |= {f"{part}.weight": const[node.input[1]], f"{part}.bias": const[node.input[2]]}
        layer.load_state_dict(state)
        layers.append(layer)
    return layers


def train(network: Network, pairs: Sequence[Pair], lower: Lower, *, epochs: int, rate: float, seed: int = 1) -> Network:
    """Train a network further; its averaged weights at the end."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    heads = [*network.hidden.parameters(), *network.out.parameters(), *network.side.parameters()]
    groups = [{"params": heads, "lr": HEAD_RATE}, {"params": list(network.layers.parameters()), "lr": rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [group["lr"] for group in optimizer.param_groups]
    plan = [[(*p.shown, p.tells) for p in epoch_pairs(pairs, rng)] for _ in range(epochs)]
    total, step = sum(-(-len(items) // SIZE) for items in plan), 0
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    for number, items in enumerate(plan):
        began, lost = time.monotonic(), 0.0
        network.train()
        for x, side, mask, second, told, _ in batches(items, lower, SIZE, rng):
            step += 1
            scale = min(step / (0.1 * total), 0.5 * (1 + math.cos(math.pi * step / total)))
            for group, full in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = full * scale
            loss = F.cross_entropy(network(x, side, mask, second), told, label_smoothing=SMOOTHING)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            lost += float(loss.detach())
            with torch.no_grad():
                for name, value in network.state_dict().items():
                    average[name].lerp_(value, 1 - min(0.99, step / (step + 10)))
        spent = time.monotonic() - began
        log.info("epoch %d/%d %.0fs loss %.3f", number + 1, epochs, spent, lost * SIZE / len(items))
    network.load_state_dict(average)
    return network.eval()


@torch.no_grad()
def test(network: Network, pairs: Sequence[Pair], lower: Lower) -> str:
    """What the network tells of pairs, row by label; and the share of reports of something that it tells right."""
    network.eval()
    counts: Counter[tuple[int, int]] = Counter()
    for x, side, mask, second, told, _ in batches([(*p.shown, p.tells) for p in pairs], lower, 32, None):
        counts.update(zip(told.tolist(), network(x, side, mask, second).argmax(-1).tolist(), strict=True))
    rows = [[counts[i, j] for j in range(len(TELLS))] for i in range(len(TELLS))]
    right, all_ = sum(rows[i][i] for i in range(2, len(TELLS))), sum(map(sum, rows[2:]))
    lines = [f"{len(pairs)} pairs; of {all_} that tell something {right / max(1, all_):.3f} told right; {TELLS}"]
    return "\n".join([*lines, *(f"{name:8} {row}" for name, row in zip(TELLS, rows, strict=True))])


@torch.no_grad()
def calibrate(network: Network, pairs: Sequence[Pair], lower: Lower) -> list[list[Range]]:
    """Ranges of the matrix inputs of each layer (attention, its output, up, down), over pairs without padding."""
    ranges = [[Range() for _ in range(4)] for _ in network.layers]
    hooks = []
    layers: list[Any] = list(network.layers)
    for layer, four in zip(layers, ranges, strict=True):
        inputs = [(layer.out, four[1]), (layer.up, four[2]), (layer.down, four[3])]
        if layer is not layers[-1]:
            inputs.append((layer.qkv, four[0]))
        for part, seen in inputs:
            hooks.append(part.register_forward_pre_hook(lambda _m, args, seen=seen: seen.see(args[0])))
    hooks.append(layers[-2].norm2.register_forward_hook(lambda _m, _args, out: ranges[-1][0].see(out)))
    for x, side, mask, second, _, _ in batches([(*p.shown, p.tells) for p in pairs], lower, 1, None):
        network(x, side, mask, second)
    for hook in hooks:
        hook.remove()
    return ranges


def export(network: Network, ranges: list[list[Range]], path: Path) -> None:
    """reader.onnx: promise (1, T, WIDTH) and report (1, U, WIDTH) after the lower layers to probabilities (1, told)."""
    g = Graph()
    sides = [
        g.op("Add", name, g.const(array(network.side.weight[number])[None, None]))
        for number, name in enumerate(("promise", "report"))
    ]
    x = g.op("Concat", *sides, axis=1)
    layers: list[Any] = list(network.layers)
    for layer, four in zip(layers[:-1], ranges[:-1], strict=True):
        x = layer_graph(g, x, layer, four)
    last, seen = layers[-1], ranges[-1]
    second = g.op("Slice", g.op("Shape", "promise"), g.ints(1), g.ints(2))
    some = g.op("Gather", x, g.op("Concat", g.ints(0), second, axis=0), axis=1)
    heads = g.ints(0, 0, HEADS, WIDTH // HEADS)
    q, k, v = (
        g.op("Transpose", g.op("Reshape", int_linear(g, quantise_input(g, source, seen[0]), part), heads), perm=perm)
        for part, source, perm in zip(
            split_layer(last.qkv), (some, x, x), ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True
        )
    )
    scores = g.op("FusedMatMul", q, k, domain="com.microsoft", alpha=(WIDTH // HEADS) ** -0.5)
    mixed = g.op("Transpose", g.op("MatMul", g.op("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.ints(0, 0, WIDTH))
    some = g.skip_norm(int_linear(g, quantise_input(g, mixed, seen[1]), last.out), some, last.norm1)
    up = g.gelu(int_linear(g, quantise_input(g, some, seen[2]), last.up))
    some = g.skip_norm(int_linear(g, quantise_input(g, up, seen[3]), last.down), some, last.norm2)
    hidden = g.op("Tanh", g.linear(g.op("Reshape", some, g.ints(0, 2 * WIDTH)), network.hidden))
    g.name(g.op("Softmax", g.linear(hidden, network.out), axis=-1), "told")
    report = (TensorProto.FLOAT, ["B", "U", str(WIDTH)])
    g.save(path, {"promise": HIDDEN, "report": report}, {"told": (TensorProto.FLOAT, ["B", str(len(TELLS))])})


def main() -> None:
    """Train, test on what was left out, and write the packaged graph."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="where the weights go (.pt)")
    parser.add_argument("--begin", type=Path, help="go on from these weights")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    arguments = parser.parse_args()
    lower, network = Lower(), Network()
    for own, layer in zip(network.layers, upper_layers(PACKAGE / "coding/model/full"), strict=True):
        own.load_state_dict(layer.state_dict())
    if arguments.begin:
        network.load_state_dict(torch.load(arguments.begin))
    pairs = written() + 2 * [p for name in LEARNED for p in dossiers(GOLD / f"{name}.jsonl")]
    log.info("%d pairs", len(pairs))
    train(network, pairs, lower, epochs=arguments.epochs, rate=arguments.rate)
    torch.save(network.state_dict(), arguments.weights)
    for name in TESTED:
        log.info("%s: %s", name, test(network, dossiers(GOLD / f"{name}.jsonl"), lower))
    ranges = calibrate(network, random.Random(1).sample(pairs, 200), lower)
    export(network, ranges, PACKAGE / "commitments" / "reader.onnx")


if __name__ == "__main__":
    main()
