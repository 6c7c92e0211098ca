from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soramame.errors import TrainingError
from soramame.model.text import TextConfig, TextEncoder
from soramame.train.text import Reader, TextRun, Wording, draw, lexicon, train_text
from soramame.train.words import WordsRun, features, teach_words

SMALL = TextConfig(dim=32, width=16, layers=1, heads=2, ffn=32)


def test_words_are_learnt_and_captions_stay_where_they_were(tmp_path: Path) -> None:
    path = tmp_path / "text.pt"
    run = TextRun(scenes=6, lr=3e-3, save_minutes=60)
    old = train_text(SMALL, steps=20, seed=1, threads=1, out=path, run=run, say=lambda _: None)
    taught = WordsRun(words=48, scenes=4, lr=1e-2)
    new = teach_words(path, steps=30, seed=1, threads=1, out=tmp_path / "next.pt", run=taught, say=lambda _: None)
    reader = Reader(old)
    reader.load_state_dict(torch.load(path.with_suffix(".state"), weights_only=True)["reader"])
    reader.eval()
    words, texts = lexicon(7, 200), draw(7, 20, Wording()).texts
    with torch.no_grad():
        before = float(reader.told(words)[0])
        kept = features(old, texts)
        reader.encoder = new
        assert float(reader.told(words)[0]) < before - 0.1
        assert float((features(new, texts) - kept).square().mean()) < 0.25 * float(kept.square().mean())
    changed = [name for name, w in new.state_dict().items() if not torch.equal(w, old.state_dict()[name])]
    assert changed == ["pieces.weight"]
    content = torch.load(tmp_path / "next.pt", weights_only=True)
    again = TextEncoder(TextConfig(**content["config"]))
    again.load_state_dict(content["model"])
    assert torch.equal(again.pieces.weight, new.pieces.weight)


def test_without_heads_nothing_is_taught(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="state"):
        teach_words(tmp_path / "text.pt", steps=1, seed=1, threads=1, out=tmp_path / "next.pt")
