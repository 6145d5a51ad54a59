"""Training: from examples to a network."""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the customary name

from detente.coding.tokens import Tokenizing
from detente.records import STATUSES
from training.batches import IGNORE, Batch, batches
from training.data import TYPES, Example, with_roles
from training.network import INNER, Network, base_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """What a training run is made of; the values tried are in LOG.md."""

    depth: int = 6
    inner: int = INNER
    epochs: int = 6
    size: int = 16
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.1
    smoothing: float = 0.05
    none_weight: float = 0.5
    average: float = 0.99
    """Decay of the running average of the weights, which is what is kept; 0 keeps the last weights."""
    forget_known: float = 0.25
    """Share of sentences whose known actors are hidden in an epoch, so that unknown ones are found too."""
    marked_share: float = 0.6
    """Share of our own sentences that an epoch sees once more with the roles of one pair given."""
    own_share: float = 1.0
    """Share of our own sentences that an epoch sees."""
    repeat: int = 1
    """How often an epoch sees the examples of the data sets, with and without roles."""
    seed: int = 1


def new_network(recipe: Recipe, modes: Sequence[str]) -> Network:
    """The base encoder with fresh heads."""
    network = Network(len(TYPES), len(STATUSES), len(modes), recipe.depth, recipe.inner)
    network.encoder.load_base(base_folder())
    return network


def type_loss(log_p: Tensor, batch: Batch, smoothing: float) -> Tensor:
    """Cross-entropy against sets of allowed types (their summed probability counts), or against a teacher's words."""
    inside = torch.logsumexp(log_p.masked_fill(batch.entry_types == 0, -1e4), -1)
    hard = (1 - smoothing) * inside + smoothing * log_p.mean(-1)
    soft = (batch.entry_soft * log_p).sum(-1)
    return -(batch.entry_weight * torch.where(batch.entry_soft.sum(-1) > 0, soft, hard)).sum()


def losses(network: Network, batch: Batch, recipe: Recipe) -> dict[str, Tensor]:
    """The named parts of the loss, each a mean over the batch's examples."""
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast where the processor has it
        encoded = network.encoder(batch.ids, batch.shape, batch.known, batch.role, batch.mask)
    hidden, heads = encoded.float(), network.heads
    size = len(batch.ids)
    parts: dict[str, Tensor] = {}
    tags = heads.mention(hidden).flatten(0, 1)
    parts["mention"] = 0.2 * F.cross_entropy(tags, batch.bio.flatten(), ignore_index=IGNORE, reduction="sum") / size
    logits, evidence, vectors = heads.pairs(hidden, batch.mask, batch.spans, batch.pairs)
    at = batch.entry_at
    if len(at):
        log_p = logits[at[:, 0], at[:, 1]].log_softmax(-1)
        parts["type"] = type_loss(log_p, batch, recipe.smoothing) / size
        parts["evidence"] = 0.15 * trigger_loss(evidence[at[:, 0], at[:, 1]], batch.entry_trigger) / size
    if (batch.event_status != IGNORE).any():
        chosen = vectors.gather(1, batch.event_pair.unsqueeze(-1).expand(-1, -1, vectors.shape[-1]))
        status, mode, speaker, trigger = heads.events(hidden, batch.mask, batch.spans, chosen, batch.event_type)
        speaker = speaker.masked_fill(batch.span_mask[:, None, :] == 0, -1e4)
        parts["status"] = 0.7 * _event_loss(status, batch.event_status) / size
        parts["mode"] = 0.2 * _event_loss(mode, batch.event_mode) / size
        parts["speaker"] = 0.5 * _event_loss(speaker, batch.event_speaker) / size
        parts["trigger"] = 0.15 * trigger_loss(trigger.flatten(0, 1), batch.event_trigger.flatten(0, 1)) / size
    return parts


def _event_loss(logits: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=IGNORE, reduction="sum")


def trigger_loss(weights: Tensor, trigger: Tensor) -> Tensor:
    """Minus the log of the attention that falls on the labelled trigger, where there is one."""
    labelled = trigger.sum(-1) > 0
    on = (weights * trigger).sum(-1)[labelled]
    return -torch.log(on + 1e-6).sum()


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = [{"params": list(network.heads.parameters()), "lr": recipe.head_rate}]
    encoder = network.encoder
    for number, layer in enumerate(encoder.layers):
        rate = recipe.rate * recipe.layer_decay ** (len(encoder.layers) - 1 - number)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    extras = [encoder.shape.weight, encoder.known.weight, encoder.role.weight, *encoder.norm.parameters()]
    groups.append({"params": extras, "lr": 5 * recipe.rate})
    encoder.words.weight.requires_grad_(requires_grad=False)  # few words recur; frozen, rare ones keep their sense
    encoder.positions.weight.requires_grad_(requires_grad=False)
    return groups


def epoch_examples(examples: Sequence[Example], recipe: Recipe, rng: random.Random) -> list[Example]:
    """What an epoch sees: examples as they are, and again with the roles of one of their pairs given."""
    seen: list[Example] = []
    for example in examples:
        own = example.complete
        if own and rng.random() > recipe.own_share:
            continue
        for _ in range(1 if own else recipe.repeat):
            seen.append(example)
            marked = with_roles(example, rng)
            if marked is not None and (not own or rng.random() < recipe.marked_share):
                seen.append(marked)
    # where the pair is given, the coder does not look for known actors
    return [replace(one, known=()) if one.marked or rng.random() < recipe.forget_known else one for one in seen]


def train(
    examples: Sequence[Example],
    modes: Sequence[str],
    tokenizing: Tokenizing,
    recipe: Recipe,
    network: Network | None = None,
    after_epoch: Callable[[int, dict[str, Tensor]], None] | None = None,
) -> Network:
    """A network trained by the recipe on the examples; the same for the same input on one machine.

    ``after_epoch`` gets the number of each finished epoch and the averaged weights.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    network = network or new_network(recipe, modes)
    optimizer = torch.optim.AdamW(_groups(network, recipe), weight_decay=recipe.weight_decay)
    rates = [group["lr"] for group in optimizer.param_groups]
    mode_id = {name: i for i, name in enumerate(modes)}
    plan = [
        list(batches(epoch_examples(examples, recipe, rng), tokenizing, mode_id, recipe.size, rng, recipe.none_weight))
        for _ in range(recipe.epochs)
    ]
    total, step = sum(len(epoch) for epoch in plan), 0
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    for number, epoch in enumerate(plan):
        sums: dict[str, float] = {}
        began = time.monotonic()
        network.train()
        for batch in epoch:
            step += 1
            scale = min(step / (recipe.warmup * total), 0.5 * (1 + math.cos(math.pi * step / total)))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * scale
            parts = losses(network, batch, recipe)
            loss = torch.stack(list(parts.values())).sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            decay = min(recipe.average, step / (step + 10))
            with torch.no_grad():
                for name, value in network.state_dict().items():
                    if value.requires_grad or "words" not in name:
                        average[name].lerp_(value, 1 - decay)
            for name, part in parts.items():
                sums[name] = sums.get(name, 0.0) + float(part.detach())
        shown = " ".join(f"{name} {value / len(epoch):.3f}" for name, value in sums.items())
        log.info("epoch %d/%d %.0fs: %s", number + 1, recipe.epochs, time.monotonic() - began, shown)
        if after_epoch is not None:
            after_epoch(number, average)
    network.load_state_dict(average)
    return network.eval()
