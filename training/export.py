"""From the trained network to ONNX graphs with int8 weights and fixed activation scales.

Scales are fixed (calibrated on training sentences), not taken from each batch: a sentence's result then does not
depend on what it is batched with. Weights use 7 of the 8 bits: the AVX2 kernels add pairs of products in 16 bits,
and with 7 bits no sum can overflow, so every processor computes the same integers.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from detente import __version__
from detente.coding.tokens import MAX_TOKENS, Tokenizing
from detente.records import STATUSES
from training.data import TYPES
from training.network import HEADS, NEGATIVE, PAIR, WIDTH, Attend, Heads, Layer, Network, base_folder

Floats = npt.NDArray[np.float32]
Values = dict[str, tuple[int, list[str]]]
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]


def array(value: Tensor) -> Floats:
    """A tensor as a float32 array."""
    return np.ascontiguousarray(value.detach().numpy().astype(np.float32))


class Graph:
    """Collects nodes and constants; every method returns the name of the value that it adds."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def const(self, value: npt.NDArray[Any]) -> str:
        """A constant."""
        name = f"c{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> str:
        """The first output of a new node."""
        self._count += 1
        names = [f"v{self._count}_{i}" if i else f"v{self._count}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0]

    def name(self, value: str, output: str) -> None:
        """Make a value an output of the graph."""
        self.nodes.append(helper.make_node("Identity", [value], [output]))

    def linear(self, x: str, layer: nn.Linear) -> str:
        """A fully connected layer in float32."""
        return self.affine(x, array(layer.weight.T), array(layer.bias))

    def affine(self, x: str, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> str:
        """A product with a matrix (inputs, outputs) and a sum, in float32."""
        product = self.op("MatMul", x, self.const(weight.astype(np.float32)))
        return self.op("Add", product, self.const(bias.astype(np.float32)))

    def norm(self, x: str, layer: nn.LayerNorm) -> str:
        """Layer normalisation."""
        return self.op(
            "LayerNormalization", x, self.const(array(layer.weight)), self.const(array(layer.bias)),
            axis=-1, epsilon=layer.eps,
        )  # fmt: skip

    def skip_norm(self, x: str, skip: str, layer: nn.LayerNorm) -> str:
        """Layer normalisation of a sum; the runtime's fused operator for it is slower on the CPU."""
        return self.norm(self.op("Add", x, skip), layer)

    def gelu(self, x: str) -> str:
        """The exact GELU."""
        return self.op("Gelu", x, domain="com.microsoft")

    def ints(self, *values: int) -> str:
        """A constant of int64 values."""
        return self.const(np.asarray(values, dtype=np.int64))

    def save(self, path: Path, inputs: Values, outputs: Values) -> None:
        """Write the graph; inputs and outputs by name, with type and shape."""

        def infos(values: Values) -> list[onnx.ValueInfoProto]:
            return [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in values.items()]

        graph = helper.make_graph(self.nodes, path.stem, infos(inputs), infos(outputs), list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=OPSETS, producer_name="detente")
        model.ir_version = 9
        onnx.save(model, str(path))


def quantised(weight: Tensor) -> tuple[npt.NDArray[np.int8], Floats]:
    """int8 columns (7 bits used) and a scale for each column of a (inputs, outputs) matrix."""
    values = array(weight)
    scale = np.maximum(np.abs(values).max(0), 1e-8) / 63
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


class Range:
    """The range of a value as seen in calibration, and the uint8 scale and zero point for it."""

    def __init__(self) -> None:
        self.samples: list[Floats] = []

    def see(self, value: Tensor) -> None:
        """Take a sample of a value."""
        flat = array(value).ravel()
        self.samples.append(np.concatenate([flat[:: max(1, len(flat) // 20000)], [flat.min(), flat.max()]]))

    def scale(self) -> tuple[Floats, npt.NDArray[np.uint8]]:
        """The clipping with the least squared error among some shares of the full range."""
        values = np.concatenate(self.samples)
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        best: tuple[float, float, int] | None = None
        for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3):
            scale = (high - low) * share / 255
            zero = int(np.clip(round(-low * share / scale), 0, 255))
            back = (np.clip(np.round(values / scale) + zero, 0, 255) - zero) * scale
            error = float(np.square(back - values).mean())
            if best is None or error < best[0]:
                best = (error, scale, zero)
        assert best is not None  # noqa: S101 - the loop above ran
        return np.asarray(best[1], dtype=np.float32), np.asarray(best[2], dtype=np.uint8)


@torch.no_grad()
def calibrate(network: Network, inputs: Sequence[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]) -> list[list[Range]]:
    """Ranges of the four matrix inputs of each layer (attention, its output, up, down) over unpadded inputs."""
    ranges = [[Range() for _ in range(4)] for _ in network.encoder.layers]
    hooks = []
    for layer, four in zip(network.encoder.layers, ranges, strict=True):
        for part, seen in zip((layer.qkv, layer.out, layer.up, layer.down), four, strict=True):
            hooks.append(part.register_forward_pre_hook(lambda _m, args, seen=seen: seen.see(args[0])))
    for one in inputs:
        network.encoder(*one)
    for hook in hooks:
        hook.remove()
    return ranges


def quantise_input(g: Graph, x: str, seen: Range) -> tuple[str, str, str]:
    """A value in 8 bits, with its scale and zero point."""
    scale, zero = seen.scale()
    s, z = g.const(scale), g.const(zero)
    return g.op("QuantizeLinear", x, s, z), s, z


def int_linear(g: Graph, values: tuple[str, str, str], layer: nn.Linear) -> str:
    """A fully connected layer in 8 bits."""
    q, s, z = values
    weight, scale = quantised(layer.weight.T)
    return g.op(
        "MatMulIntegerToFloat", q, g.const(weight), s, g.const(scale), z,
        "", g.const(array(layer.bias)), domain="com.microsoft",
    )  # fmt: skip


def split_layer(layer: nn.Linear) -> list[nn.Linear]:
    """Queries, keys and values as layers of their own."""
    parts = []
    for weight, bias in zip(layer.weight.chunk(3), layer.bias.chunk(3), strict=True):
        part = nn.Linear(weight.shape[1], weight.shape[0])
        part.weight, part.bias = nn.Parameter(weight), nn.Parameter(bias)
        parts.append(part)
    return parts


def layer_graph(g: Graph, x: str, layer: Layer, ranges: list[Range]) -> str:
    """One layer, for sentences of one length: nothing is masked. Faster than the runtime's QAttention."""
    values = quantise_input(g, x, ranges[0])
    heads = g.ints(0, 0, HEADS, WIDTH // HEADS)
    q, k, v = (
        g.op("Transpose", g.op("Reshape", int_linear(g, values, part), heads), perm=perm)
        for part, perm in zip(split_layer(layer.qkv), ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    scores = g.op("FusedMatMul", q, k, domain="com.microsoft", alpha=(WIDTH // HEADS) ** -0.5)
    mixed = g.op("Transpose", g.op("MatMul", g.op("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.ints(0, 0, WIDTH))
    x = g.skip_norm(int_linear(g, quantise_input(g, mixed, ranges[1]), layer.out), x, layer.norm1)
    up = g.gelu(int_linear(g, quantise_input(g, x, ranges[2]), layer.up))
    return g.skip_norm(int_linear(g, quantise_input(g, up, ranges[3]), layer.down), x, layer.norm2)


LOWER = 3
"""Layers that the reader of commitments shares with the full reading: what comes out of them is an output too."""
TOKENS = (TensorProto.INT64, ["B", "T"])
HIDDEN = (TensorProto.FLOAT, ["B", "T", str(WIDTH)])
ENCODED: Values = {"hidden": HIDDEN, "mentions": (TensorProto.FLOAT, ["B", "T", "3"])}


def export_words(words: Tensor, path: Path) -> None:
    """words.onnx: ids (B, T) to word vectors. Training leaves them as the base has them, so all readings share them."""
    g, values = Graph(), array(words)
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-8) / 127
    table = np.round(values / scale).astype(np.int8)
    x = g.op("Cast", g.op("Gather", g.const(table), "ids"), to=TensorProto.FLOAT)
    g.name(g.op("Mul", x, g.op("Gather", g.const(scale.astype(np.float32)), "ids")), "words")
    g.save(path, {"ids": TOKENS}, {"words": HIDDEN})


def export_encoder(network: Network, ranges: list[list[Range]], path: Path) -> None:
    """encoder.onnx: word vectors, shape, known, role (B, T) to hidden states and mention logits."""
    g, encoder, x = Graph(), network.encoder, "words"
    for name in ("shape", "known", "role"):
        x = g.op("Add", x, g.op("Gather", g.const(array(getattr(encoder, name).weight)), name))
    width = g.op("Slice", g.op("Shape", "shape"), g.ints(1), g.ints(2))
    positions = g.op("Slice", g.const(array(encoder.positions.weight[:MAX_TOKENS])), g.ints(0), width, g.ints(0))
    x = g.norm(g.op("Add", x, positions), encoder.norm)
    for number, (layer, seen) in enumerate(zip(encoder.layers, ranges, strict=True)):
        if number == LOWER:
            g.name(x, "lower")
        x = layer_graph(g, x, cast("Layer", layer), seen)
    g.name(x, "hidden")
    g.name(g.linear(x, network.heads.mention), "mentions")
    inputs = {"words": HIDDEN} | dict.fromkeys(("shape", "known", "role"), TOKENS)
    g.save(path, inputs, ENCODED | ({"lower": HIDDEN} if len(ranges) > LOWER else {}))


def _double(layer: nn.Linear) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Weights (outputs, inputs) and bias, exact enough to be multiplied with others."""
    weight, bias = (value.detach().double().numpy() for value in (layer.weight, layer.bias))
    return weight, bias


def _attend(g: Graph, part: Attend, query: str, bias: str, after: nn.Linear) -> tuple[str, str]:
    """What ``after`` makes of query and context, and the attention's weights.

    A sentence has more tokens than queries, so no key or value is made of a token: the key's matrix is multiplied into
    the query's, the value's into ``after``. What the key's bias adds is the same for all tokens and falls away.
    """
    (wq, bq), (wk, _), (wv, bv), (wo, bo) = (_double(x) for x in (part.query, part.key, part.value, after))
    scale = PAIR**-0.5
    asked = g.affine(query, wq.T @ wk * scale, bq @ wk * scale)
    scores = g.op("MatMul", asked, g.op("Transpose", "hidden", perm=[0, 2, 1]))
    weights = g.op("Softmax", g.op("Add", scores, bias), axis=-1)
    context = g.op("MatMul", weights, "hidden")
    own, other = wo[:, :PAIR], wo[:, PAIR:]
    both = np.concatenate([own.T, (other @ wv).T])
    return g.affine(g.op("Concat", query, context, axis=-1), both, bo + other @ bv), weights


def _bias(g: Graph) -> str:
    one = g.const(np.asarray(1.0, np.float32))
    missing = g.op("Mul", g.op("Sub", one, "mask"), g.const(np.asarray(NEGATIVE, np.float32)))
    return g.op("Unsqueeze", missing, g.ints(1))


def _role(g: Graph, ends: str, layer: nn.Linear, nobody: Tensor) -> str:
    """Vectors (B, 1 + M, PAIR), NULL first; ends is (B, M, 2 * WIDTH)."""
    batch = g.op("Slice", g.op("Shape", "spans"), g.ints(0), g.ints(1))
    shape = g.op("Concat", batch, g.ints(1, PAIR), axis=0)
    first = g.op("Expand", g.const(array(nobody)[None, None]), shape)
    return g.op("Concat", first, g.linear(ends, layer), axis=1)


def _ends(g: Graph) -> str:
    index = g.op("Unsqueeze", "spans", g.ints(3))
    taken = g.op("GatherND", "hidden", index, batch_dims=1)
    return g.op("Reshape", taken, g.ints(0, 0, 2 * WIDTH))


def export_pairs(heads: Heads, path: Path) -> None:
    """pairs.onnx: hidden, mask, spans, pairs to type logits and pair vectors."""
    g = Graph()
    ends = _ends(g)
    sides = []
    for n, (layer, column) in enumerate(((heads.actor, 0), (heads.recipient, 1))):
        vectors = _role(g, ends, layer, heads.nobody[n])
        number = g.op("Slice", "pairs", g.ints(column), g.ints(column + 1), g.ints(2))
        sides.append(g.op("GatherND", vectors, number, batch_dims=1))
    vector = g.norm(g.op("Add", *sides), heads.pair_norm)
    features, _ = _attend(g, heads.evidence, vector, _bias(g), heads.type_hidden)
    g.name(g.linear(g.gelu(features), heads.type_out), "types")
    g.name(vector, "vectors")
    f, i = TensorProto.FLOAT, TensorProto.INT64
    g.save(
        path,
        {
            "hidden": (f, ["B", "T", str(WIDTH)]), "mask": (f, ["B", "T"]),
            "spans": (i, ["B", "M", "2"]), "pairs": (i, ["B", "P", "2"]),
        },
        {"types": (f, ["B", "P", "K"]), "vectors": (f, ["B", "P", str(PAIR)])},
    )  # fmt: skip


def export_events(heads: Heads, path: Path) -> None:
    """events.onnx: hidden, mask, spans, vectors, types to status, mode and speaker logits and trigger weights."""
    g = Graph()
    embedded = g.op("Gather", g.const(array(heads.type_embedding.weight)), "types")
    query = g.norm(g.op("Add", "vectors", embedded), heads.event_norm)
    hidden, weights = _attend(g, heads.trigger, query, _bias(g), heads.event_hidden)
    features = g.gelu(hidden)
    speakers = g.op("Transpose", _role(g, _ends(g), heads.speaker, heads.nobody[2]), perm=[0, 2, 1])
    scores = g.op("MatMul", g.linear(features, heads.speaker_query), speakers)
    g.name(g.linear(features, heads.status_out), "status")
    g.name(g.linear(features, heads.mode_out), "mode")
    g.name(g.op("Mul", scores, g.const(np.asarray(PAIR**-0.5, np.float32))), "speaker")
    g.name(weights, "trigger")
    f, i = TensorProto.FLOAT, TensorProto.INT64
    g.save(
        path,
        {
            "hidden": (f, ["B", "T", str(WIDTH)]), "mask": (f, ["B", "T"]), "spans": (i, ["B", "M", "2"]),
            "vectors": (f, ["B", "E", str(PAIR)]), "types": (i, ["B", "E"]),
        },
        {name: (f, ["B", "E", "K" + name]) for name in ("status", "mode", "speaker", "trigger")},
    )  # fmt: skip


def calibration_inputs(
    texts: Sequence[str], tokenizing: Tokenizing
) -> list[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]:
    """Sentences one by one, as the encoder takes them."""
    inputs = []
    for tokens in tokenizing(texts):
        ids, shape = (torch.tensor(getattr(tokens, name))[None] for name in ("ids", "shape"))
        inputs.append((ids, shape, torch.zeros_like(ids), torch.zeros_like(ids), torch.ones(1, len(tokens))))
    return inputs


def export_reading(network: Network, folder: Path, texts: Sequence[str]) -> None:
    """The graphs of one reading; ``texts`` calibrate the activation scales."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    ranges = calibrate(network, calibration_inputs(texts, Tokenizing(base_folder() / "tokenizer.json")))
    export_encoder(network, ranges, folder / "encoder.onnx")
    export_pairs(network.heads, folder / "pairs.onnx")
    export_events(network.heads, folder / "events.onnx")


def export(
    readings: Mapping[str, Network], modes: Sequence[str], folder: Path, texts: Sequence[str], numbers: dict[str, Any]
) -> None:
    """The package's model folder: vocabulary, word vectors, a folder of graphs a reading, and labels.json.

    ``numbers`` are the temperatures and thresholds of each reading, by its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base_folder() / "tokenizer.json", folder / "tokenizer.json")
    export_words(next(iter(readings.values())).encoder.words.weight, folder / "words.onnx")
    for name, network in readings.items():
        export_reading(network, folder / name, texts)
    labels = {
        "name": "detente",
        "version": __version__,
        "types": list(TYPES),
        "statuses": list(STATUSES),
        "modes": list(modes),
        "readings": numbers,
    }
    (folder / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", "utf-8")
