"""Make the second opinion of the prompt check, on letters, from the sentences in this folder: two minutes.

    python recipes/moderation/letters.py

writes src/soramame/safety/weights/letters.npz: logistic regression over the n-grams that stand in two sentences or more, of which
those that count most are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sentences import everything
from torch import Tensor

from soramame.safety import letters

STRENGTH = 30.0
"""How little large weights are held back (C of other libraries)."""
KEPT = 200_000
UNIT = 7.0
"""What a rare n-gram is divided by, so that weights are about as large as those of other features would be."""
Grams = Callable[[str], Counter[str]]


def table(texts: Sequence[str], grams: Grams) -> tuple[Tensor, NDArray[np.uint32], NDArray[np.float32]]:
    """Of some texts, the sparse table ``(N, K)`` of n-grams that two have, the hashes ``(K,)``, and what each value is multiplied with:
    the more, the fewer texts have it.
    """
    rows = [letters.valued(grams(text)) for text in texts]
    keys, columns, counts = np.unique(np.concatenate([row[0] for row in rows]), return_inverse=True, return_counts=True)
    column_of = np.where(counts > 1, np.cumsum(counts > 1) - 1, -1)[columns]
    factor = ((np.log((1 + len(texts)) / (1 + counts[counts > 1])) + 1) / UNIT).astype(np.float32)
    row_of = np.repeat(np.arange(len(texts)), [len(row[0]) for row in rows])
    there = column_of >= 0
    values = np.concatenate([row[1] for row in rows])[there] * factor[column_of[there]]
    index = torch.tensor(np.stack([row_of[there], column_of[there]]))
    size = (len(texts), len(factor))
    return torch.sparse_coo_tensor(index, torch.tensor(values), size).coalesce(), keys[counts > 1], factor


def regression(data: Tensor, harmful: Tensor) -> tuple[Tensor, float]:
    """Weights ``(K,)`` and what is added, by logistic regression."""
    weights, bias = torch.zeros(data.shape[1], requires_grad=True), torch.zeros((), requires_grad=True)
    forth, back = data.to_sparse_csr(), data.t().to_sparse_csr()
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=150, line_search_fn="strong_wolfe", tolerance_change=1e-9)

    def loss() -> Tensor:
        with torch.no_grad():
            out = forth @ weights + bias
            held = weights.square().sum() / (2 * STRENGTH * len(harmful))
            error = (out.sigmoid() - harmful) / len(harmful)
            weights.grad = back @ error + weights / (STRENGTH * len(harmful))
            bias.grad = error.sum()
            return F.binary_cross_entropy_with_logits(out, harmful) + held

    optimiser.step(loss)
    return weights.detach(), float(bias)


def main() -> None:
    """Fit and write."""
    data = everything()
    tables = [table([one.text for one in data], grams) for grams in (letters.strings, letters.words)]
    both = torch.cat([part[0] for part in tables], 1).coalesce()
    weights, bias = regression(both, torch.tensor([float(one.harmful) for one in data]))
    moved = weights.abs() * torch.sparse.sum(both * both, 0).to_dense().sqrt()  # how far it moves the answers
    kept = moved.argsort(descending=True)[:KEPT].numpy()
    keys = np.concatenate([part[1] for part in tables])[kept]
    final = (weights.numpy() * np.concatenate([part[2] for part in tables]))[kept]
    order = np.argsort(keys)
    print(f"{len(data)} sentences, {len(weights)} n-grams, of which {len(kept)} are kept")
    np.savez(letters.WEIGHTS, keys=keys[order], weights=final[order].astype(np.float16), bias=np.float32(bias))


if __name__ == "__main__":
    main()
