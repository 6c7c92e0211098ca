"""Muon for matrices, AdamW for the rest, in one optimiser.

Muon (Jordan et al. 2024) takes the momentum's nearest semi-orthogonal matrix as the step; scaled as in Moonlight (Liu et al.
2025), so that learning rates are AdamW's. Convolution weights count as matrices ``(out, in * kernel)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from soramame.train.parallel import Group

_POLYNOMIAL = (3.4445, -4.7750, 2.0315)


def orthogonalise(g: Tensor, iterations: int = 5, *, dtype: torch.dtype = torch.float32) -> Tensor:
    """Nearest semi-orthogonal matrices of a stack ``(n, rows, columns)`` by a quintic Newton-Schulz iteration.

    Its products are taken in ``dtype``: the iteration only has to bring singular values near 1, and bfloat16 does.
    """
    a, b, c = _POLYNOMIAL
    x = (g / (g.norm(dim=(-2, -1), keepdim=True) + 1e-7)).to(dtype)
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    for _ in range(iterations):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    result: Tensor = (x.mT if tall else x).to(g.dtype)
    return result


class MuonAdamW(torch.optim.Optimizer):
    """Steps the groups with ``muon=True`` by Muon and the others by AdamW; ``lr`` is set from outside before each step.

    The processes of ``team`` share the matrices: each makes a part of the steps, and all exchange them. ``dtype`` is of
    Muon's matrix products.
    """

    def __init__(
        self,
        groups: Iterable[dict[str, Any]],
        *,
        momentum: float = 0.95,
        team: Group | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(groups, {"lr": 0.0, "muon": False, "momentum": momentum})
        self.team, self.dtype = team or Group(), dtype

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One update from the gradients in place; a parameter without one is left alone."""
        for group in self.param_groups:
            moved = [(p, p.grad) for p in group["params"] if p.grad is not None]
            (self._muon if group["muon"] else self._adamw)(group, moved)

    def _muon(self, group: dict[str, Any], moved: list[tuple[Tensor, Tensor]]) -> None:
        if not moved:
            return
        for p, _ in moved:
            if "momentum" not in self.state[p]:
                self.state[p]["momentum"] = torch.zeros_like(p)
        velocities = [self.state[p]["momentum"] for p, _ in moved]
        grads = [grad for _, grad in moved]
        torch._foreach_lerp_(velocities, grads, 1 - group["momentum"])
        ahead = torch._foreach_lerp(grads, velocities, group["momentum"])
        alike: dict[torch.Size, list[tuple[Tensor, Tensor]]] = defaultdict(list)
        for (p, _), matrix in zip(moved, ahead, strict=True):
            alike[matrix.flatten(1).shape].append((p, matrix.flatten(1)))
        stacks = {shape: torch.stack([matrix for _, matrix in members]) for shape, members in alike.items()}
        self._orthogonalise(list(stacks.values()))
        for shape, members in alike.items():
            scale = -group["lr"] * 0.2 * max(shape) ** 0.5
            updates = [update.view_as(p) for (p, _), update in zip(members, stacks[shape], strict=True)]
            torch._foreach_add_([p for p, _ in members], updates, alpha=scale)

    def _orthogonalise(self, stacks: list[Tensor]) -> None:
        """Every stack of matrices in place, each process doing its share."""
        rank, size = self.team.rank, self.team.size
        for stack in stacks:
            part = orthogonalise(stack[rank::size], dtype=self.dtype)
            stack.zero_()
            stack[rank::size] = part * size
        self.team.average(stacks)

    def _adamw(self, group: dict[str, Any], moved: list[tuple[Tensor, Tensor]]) -> None:
        first, second, epsilon = 0.9, 0.98, 1e-8
        alike: dict[int, list[tuple[Tensor, Tensor]]] = defaultdict(list)
        for p, grad in moved:
            state = self.state[p]
            if "count" not in state:
                state.update(count=0, mean=torch.zeros_like(p), square=torch.zeros_like(p))
            state["count"] += 1
            alike[state["count"]].append((p, grad))
        for count, members in alike.items():
            grads = [grad for _, grad in members]
            means = [self.state[p]["mean"] for p, _ in members]
            squares = [self.state[p]["square"] for p, _ in members]
            torch._foreach_lerp_(means, grads, 1 - first)
            torch._foreach_mul_(squares, second)
            torch._foreach_addcmul_(squares, grads, grads, 1 - second)
            roots = torch._foreach_div(squares, 1 - second**count)
            torch._foreach_sqrt_(roots)
            torch._foreach_add_(roots, epsilon)
            torch._foreach_addcdiv_([p for p, _ in members], means, roots, -group["lr"] / (1 - first**count))


def build(
    model: nn.Module,
    *,
    apart: tuple[str, ...] = (),
    team: Group | None = None,
    dtype: torch.dtype = torch.float32,
) -> MuonAdamW:
    """An optimiser for a model: weights of linear and convolution layers by Muon, everything else by AdamW.

    ``apart`` names prefixes of layers that meet the outside (embeddings, first and last projection): AdamW suits those.
    ``dtype`` is of Muon's matrix products.
    """
    matrices: list[Tensor] = []
    others: list[Tensor] = []
    for name, module in model.named_modules():
        for key, p in module.named_parameters(recurse=False):
            if not p.requires_grad:
                continue
            layer = isinstance(module, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d)
            inside = layer and key == "weight" and not name.startswith(apart)
            (matrices if inside else others).append(p)
    groups = [{"params": matrices, "muon": True}, {"params": others, "muon": False}]
    return MuonAdamW([group for group in groups if group["params"]], team=team, dtype=dtype)
