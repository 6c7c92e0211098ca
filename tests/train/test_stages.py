from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from soramame import presets
from soramame.engine import Soramame
from soramame.errors import TrainingError
from soramame.flow.canvas import Mix, draw
from soramame.geometry import latent_frames
from soramame.model.dit import DiT
from soramame.model.text import LENGTH, PIECES, TextEncoder, tokenize
from soramame.model.vae import VAE, VAEConfig
from soramame.train import stages
from soramame.train.cache import (
    FIELDS,
    LAYOUT,
    SHARD,
    SHORT,
    TURN,
    WORDINGS,
    Latents,
    coverage,
    layout_of,
    told,
    with_layout,
)
from soramame.train.clips import HELD_OUT, ClipForm, Clips, render_frames, to_pixels
from soramame.train.config import Schedule
from soramame.train.dit import DiTTask, Piece, emphasis
from soramame.train.parts import load_part, save_part
from soramame.train.stages import Place
from soramame.train.vae import fit_transform, importance, reconstruction
from soramame.weights.store import load_model
from soramame.world.captions import caption
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Actor, ActorState, FrameState, Pose, View
from soramame.world.stage import Stage

TINY = presets.tiny()


def quiet(line: str) -> None:
    del line


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole making of the tiny preset, each stage by the function that the command line calls."""
    place = Place(folder=tmp_path_factory.mktemp("making"), processes=1)
    form, world = TINY.forms[0], TINY.curriculum
    stages.render(place, count=2, form=form, curriculum=world, held_out=2, say=quiet)
    stages.vae(place, TINY.vae_run, TINY.vae, say=quiet)
    stages.text(place, TINY.text, steps=1, say=quiet)
    stages.latents(place, seeds=range(3), forms=TINY.forms, curriculum=world, held_out=2, say=quiet)
    stages.dit(place, TINY.pictures, TINY.dit, world, forms=TINY.forms, say=quiet)
    stages.dit(place, TINY.short, TINY.dit, world, forms=TINY.forms, say=quiet)
    stages.dit(place, TINY.video, TINY.dit, world, forms=TINY.forms, say=quiet)
    stages.bundle(place, place.folder / "bundle", name="tiny", defaults=TINY.defaults)
    return place.folder


def test_what_is_made_makes_clips(made: Path) -> None:
    sora = Soramame.load(str(made / "bundle"), device="cpu", dtype="float32", threads=1)
    assert sora.generate("a dog").frames.shape == (9, 64, 128, 3)
    assert sora.card.facts["dit"]["steps"] == TINY.video.schedule.steps
    assert "error_0.6" in sora.card.facts["dit"]["validation"]


def test_the_decoder_goes_on_without_touching_the_encoder(made: Path, tmp_path: Path) -> None:
    for name in ("clips", "vae"):
        (tmp_path / name).mkdir()
        for path in (made / name).iterdir():
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    run = replace(TINY.vae_run, decoder_only=True)
    before = load_part(tmp_path / "vae" / "vae.pt")[1]
    stages.vae(Place(folder=tmp_path, processes=1), run, TINY.vae, say=quiet)
    after = load_part(tmp_path / "vae" / "vae.pt")[1]
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith(("encoder", "latent")))
    assert any(not torch.equal(before[name], after[name]) for name in before if name.startswith("decoder"))


def test_an_encoder_is_trained_where_there_is_no_transform(made: Path, tmp_path: Path) -> None:
    (tmp_path / "clips").symlink_to(made / "clips")
    config = replace(TINY.vae, transform=None, encoder_widths=(8, 16, 16))
    stages.vae(Place(folder=tmp_path, processes=1), TINY.vae_run, config, say=quiet)
    torch.manual_seed(TINY.vae_run.seed)
    begun, trained = VAE(config).state_dict(), load_part(tmp_path / "vae" / "vae.pt")[1]
    assert any(not torch.equal(begun[name], trained[name]) for name in begun if name.startswith("encoder"))
    assert not torch.equal(trained["latent_std"], begun["latent_std"]), "calibrated"
    logged = [json.loads(line) for line in (tmp_path / "vae" / "log.jsonl").read_text().splitlines()]
    assert "psnr" in logged[-1]["validation"]
    with pytest.raises(TrainingError, match="no transform to fit"):
        fit_transform(VAE(config), Clips(tmp_path / "clips"))


def test_a_making_begins_with_a_finished_model(made: Path, tmp_path: Path) -> None:
    place = Place(folder=tmp_path, processes=1)
    stages.adopt(place, str(made / "bundle"), say=quiet)
    finished = load_model(str(made / "bundle"))
    for part, network in (("vae", finished.vae), ("dit", finished.dit), ("text", finished.text)):
        fields, weights = load_part(tmp_path / part / f"{part}.pt")
        assert fields == asdict(network.config)
        assert all(torch.equal(value, weights[name]) for name, value in network.state_dict().items())
    with pytest.raises(TrainingError, match="new folder"):
        stages.adopt(place, str(made / "bundle"), say=quiet)
    still = Schedule(steps=1, matrix_lr=0.0, other_lr=0.0)  # a step that moves nothing shows where a stage began
    stages.text(place, TINY.text, steps=1, say=quiet)
    stages.render(place, count=2, form=TINY.forms[0], curriculum=TINY.curriculum, held_out=2, say=quiet)
    stages.latents(place, seeds=range(3), forms=TINY.forms, curriculum=TINY.curriculum, held_out=2, say=quiet)
    stages.dit(place, replace(TINY.pictures, schedule=still), TINY.dit, TINY.curriculum, forms=TINY.forms, say=quiet)
    weights = load_part(tmp_path / "dit" / "dit.pt")[1]
    assert all(torch.equal(value, weights[name]) for name, value in finished.dit.state_dict().items())
    with pytest.raises(TrainingError, match="another configuration"):
        stages.dit(place, TINY.pictures, replace(TINY.dit, layers=1), TINY.curriculum, forms=TINY.forms, say=quiet)


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # torch's own, while it compiles
@pytest.mark.skipif(shutil.which("g++") is None, reason="compiling for a CPU needs a C++ compiler")
def test_compiled_blocks_learn_what_others_do(made: Path, tmp_path: Path) -> None:
    losses = []
    for compiled in (False, True):
        folder = tmp_path / str(compiled)
        for name in ("vae", "text", "latents"):
            shutil.copytree(made / name, folder / name)
        place = Place(folder=folder, processes=1, compile=compiled)
        run = replace(TINY.pictures, log_every=1)
        stages.dit(place, run, TINY.dit, TINY.curriculum, forms=TINY.forms, say=quiet)
        rows = [json.loads(line) for line in (folder / "dit" / "log.jsonl").read_text().splitlines()]
        losses.append([row["loss"] for row in rows if "loss" in row])
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


def test_a_vae_of_another_configuration_is_refused(made: Path) -> None:
    deeper = replace(TINY.vae, decoder_blocks=2)
    with pytest.raises(TrainingError, match="another configuration"):
        stages.vae(Place(folder=made, processes=1), TINY.vae_run, deeper, say=quiet)


def test_latents_of_another_encoder_or_world_are_refused(made: Path) -> None:
    encoder = torch.load(next((made / "latents").glob("*.pt")))["encoder"]
    assert len(Latents.load(made / "latents", encoder=encoder, curriculum=TINY.curriculum, form=TINY.forms[0])) == 3
    with pytest.raises(TrainingError, match="made with another VAE"):
        Latents.load(made / "latents", encoder="other", curriculum=TINY.curriculum, form=TINY.forms[0])
    with pytest.raises(TrainingError, match="made with another world"):
        Latents.load(made / "latents", encoder=encoder, curriculum=Curriculum.world(), form=TINY.forms[0])


def test_what_is_cached_meanwhile_is_taken_in_with_room_and_in_order(made: Path, tmp_path: Path) -> None:
    place = Place(folder=tmp_path, processes=1)
    for name in ("vae", "text"):
        shutil.copytree(made / name, tmp_path / name)
    upright = ClipForm(width=64, height=128, num_frames=9)
    forms = (*TINY.forms, upright)
    first = SHARD * (TURN - 2)

    def cached(seeds: range) -> None:
        stages.latents(place, seeds=seeds, forms=forms, curriculum=TINY.curriculum, held_out=2, say=quiet)

    cached(range(first, first + 2))
    encoder = torch.load(next((tmp_path / "latents").glob("*.pt")))["encoder"]
    load = partial(Latents.load, tmp_path / "latents", encoder=encoder, curriculum=TINY.curriculum)
    lying, standing = load(form=forms[0]), load(form=upright, needed=False)
    assert (len(lying), len(standing)) == (2, 0)
    with pytest.raises(TrainingError, match="no latents"):
        load(form=upright)
    cached(range(first + SHARD, first + SHARD + 3))
    cached(range(first + 2 * SHARD, first + 2 * SHARD + 5))
    for data in (lying, standing):
        data.grow()
    assert lying.fields["seeds"][: len(lying)].tolist() == [
        *range(first, first + 2),
        *range(first + 2 * SHARD, first + 2 * SHARD + 5),
    ]
    assert standing.fields["seeds"].tolist() == [*range(first + SHARD, first + SHARD + 3)]
    assert standing.fields["latents"].shape[-2:] == (8, 4)
    whole = load(form=forms[0])
    assert all(torch.equal(whole.fields[name][:7], lying.fields[name][:7]) for name in FIELDS)


def test_a_clip_is_told_in_both_languages_short_and_long_and_no_two_alike() -> None:
    scene = sample_scene(0, TINY.curriculum)
    ids = told(scene, 5)
    assert ids.shape == (WORDINGS, LENGTH, PIECES)
    texts = [
        caption(
            scene,
            seed=5 * WORDINGS + n,
            length="short" if n < SHORT else "long",
            language=("en", "en", "ja")[n % 3],
        )
        for n in range(WORDINGS)
    ]
    assert len(set(texts)) > 12
    again, _ = tokenize(texts, step=LENGTH)
    assert torch.equal(ids.long(), again)
    assert not torch.equal(told(scene, 6), ids), "another clip of the same scene is told otherwise"


def test_what_is_not_told_is_the_empty_prompt(made: Path) -> None:
    encoder = torch.load(next((made / "latents").glob("*.pt")))["encoder"]
    data = Latents.load(made / "latents", encoder=encoder, curriculum=TINY.curriculum, form=TINY.forms[0])
    words = TextEncoder(TINY.text)
    task = DiTTask(DiT(TINY.dit), words, TINY.video, [data], data, dtype=torch.float32, device="cpu")
    generator = torch.Generator().manual_seed(0)
    none = task.words(data, torch.tensor([0, 2]), generator, 1.0)
    assert torch.equal(none, tokenize(["", ""], step=32)[0])
    told_all = task.words(data, torch.tensor([0, 2]), generator, 0.0)
    assert any(torch.equal(told_all[1], row[: told_all.shape[1]]) for row in data.fields["words"][2].long())


def test_a_run_takes_clips_of_every_form_and_new_ones_at_every_line_of_its_log(made: Path, tmp_path: Path) -> None:
    place = Place(folder=tmp_path, processes=1, grow=True)
    for name in ("vae", "text"):
        shutil.copytree(made / name, tmp_path / name)
    forms = (*TINY.forms, ClipForm(width=64, height=128, num_frames=9))
    first = SHARD * (TURN - 2)
    for seeds in (range(first, first + 2), range(first + SHARD, first + SHARD + 2)):
        stages.latents(place, seeds=seeds, forms=forms, curriculum=TINY.curriculum, held_out=2, say=quiet)
        run = replace(TINY.video, log_every=1, schedule=replace(TINY.video.schedule, steps=seeds.start // SHARD))
        stages.dit(place, run, TINY.dit, TINY.curriculum, forms=forms, say=quiet)
    assert torch.load(tmp_path / "dit" / "state.pt")["step"] == first // SHARD + 1


def test_a_model_is_adopted_without_what_should_begin_from_nothing(made: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    stages.adopt(Place(folder=tmp_path / "a"), str(made / "bundle"), config=TINY.dit, without=["dit"], say=heard.append)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["text", "vae"]
    other = replace(TINY.dit, layers=1)
    stages.adopt(Place(folder=tmp_path / "b"), str(made / "bundle"), config=other, say=heard.append)
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["text", "vae"]
    assert any("begins from nothing" in line for line in heard)


def test_latents_that_are_not_numbers_are_refused(made: Path, tmp_path: Path) -> None:
    config, weights = load_part(made / "vae" / "vae.pt")
    weights["latent_std"] = torch.zeros_like(weights["latent_std"])
    (tmp_path / "vae").mkdir()
    save_part(tmp_path / "vae" / "vae.pt", VAEConfig(**config), weights)
    place = Place(folder=tmp_path, processes=1)
    with pytest.raises(TrainingError, match="not a number"):
        stages.latents(place, seeds=range(1), forms=TINY.forms, curriculum=TINY.curriculum, held_out=1, say=quiet)


def test_clips_and_latents_of_scenes_that_are_drawn_otherwise_are_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = torch.load(next((made / "latents").glob("*.pt")))["encoder"]
    draw = Stage.draw
    monkeypatch.setattr(Stage, "draw", lambda stage, state: draw(stage, state) // 2)
    with pytest.raises(TrainingError, match="made with another world"):
        Latents.load(made / "latents", encoder=encoder, curriculum=TINY.curriculum, form=TINY.forms[0])
    with pytest.raises(TrainingError, match="made with another world"):
        stages.render(
            Place(folder=made, processes=1),
            count=2,
            form=TINY.forms[0],
            curriculum=TINY.curriculum,
            held_out=2,
            say=quiet,
        )


def test_every_stage_that_lacks_its_input_says_which_comes_first(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="train render"):
        Clips(tmp_path)
    with pytest.raises(TrainingError, match="first"):
        load_part(tmp_path / "vae" / "vae.pt")


def test_logs_tell_loss_and_validation(made: Path) -> None:
    rows = [json.loads(line) for line in (made / "vae" / "log.jsonl").read_text().splitlines()]
    assert any("psnr" in row.get("validation", {}) for row in rows)


def test_held_out_clips_are_never_among_the_others(made: Path) -> None:
    held, trained = Clips(made / "clips", held_out=True), Clips(made / "clips")
    assert len(held) == len(trained) == 2
    assert np.array_equal(held.clip(0), render_frames(HELD_OUT, TINY.forms[0], TINY.curriculum))


def test_coverage_is_where_the_actors_are() -> None:
    form = ClipForm(width=128, height=64, num_frames=5)
    seed = next(n for n in range(50) if sample_scene(n, Curriculum.mame()).shots[0].casts)
    clip = render(sample_scene(seed, Curriculum.mame()), size=form.size, num_frames=5)
    cells = coverage(clip.states, form, (latent_frames(5), 4, 8))
    pose = clip.states[0].actors[0].pose
    middle = pose.x - clip.states[0].view.x
    column = int(((middle * clip.states[0].view.zoom * 6.4) + 64) // 16)
    assert int(cells[0, :, min(max(column, 0), 7)].max()) > 60
    assert int(cells[0].min()) == 0


def _standing(*poses: Pose) -> FrameState:
    actors = tuple(
        ActorState(actor=Actor(cast=0, index=n, kind="dog", look=(), seed=n), pose=pose) for n, pose in enumerate(poses)
    )
    return FrameState(shot=0, time=0.0, view=View(), actors=actors)


def test_layout_tells_front_and_top_of_who_is_nearest() -> None:
    form, grid = ClipForm(width=160, height=160, num_frames=5), (2, 10, 10)
    right = Pose(x=0.0, y=4.0, height=4.0)
    left = replace(right, facing=-1.0)
    states = (_standing(right), _standing(right, left), _standing(right, left), _standing(right), _standing(right))
    covered, front, up = layout_of(states, form, grid).float() / 127
    assert torch.equal(covered[:, 5:9, 4:6], torch.ones(2, 4, 2))
    assert float(covered[:, :5].max()) == 0
    assert front[0, 6, 3] < 0 < front[0, 6, 6]
    assert up[0, 8, 5] < -0.5
    assert up[0, 5, 5] > 0.5
    assert float(front[1, 5:8, 3:7].abs().max()) < 0.02, (
        "two frames of four show the one in front, who faces the other way"
    )


def test_layout_stands_out_of_the_noise_before_the_latents() -> None:
    both = with_layout(torch.ones(1, 2, 1, 1, 1), torch.full((1, 3, 1, 1, 1), 127, dtype=torch.int8))
    assert both.flatten().tolist() == [1, 1, LAYOUT, LAYOUT, LAYOUT]


def test_a_window_holds_the_subjects_and_what_was_there() -> None:
    subject = torch.zeros(40, 1, 6, 8)
    subject[:20, :, 2:4, 5:7] = 0.5
    x0 = torch.arange(48.0).view(1, 1, 1, 6, 8).expand(40, 2, 1, 6, 8)
    whole = Piece(x0=x0, subject=subject, moving=2 * subject, first=torch.zeros(40, dtype=torch.long), window=None)
    piece = whole.cut((4, 4), torch.Generator().manual_seed(0))
    assert piece.window is not None
    assert piece.x0.shape == (40, 2, 1, 4, 4)
    assert torch.equal(piece.subject[:20].sum((1, 2, 3)), subject[:20].sum((1, 2, 3)))
    assert torch.equal(piece.moving, 2 * piece.subject)
    assert torch.equal(piece.x0[:, 0, 0, 0, 0], (8 * piece.window.row + piece.window.column).float())
    columns = piece.window.column.tolist()
    assert set(columns[:20]) == {3, 4}
    assert set(columns[20:]) == {0, 1, 2, 3, 4}


def test_in_pure_noise_no_place_counts_more_than_another() -> None:
    """Else the mean that is learnt there would lean towards actors wherever they might be."""
    field = torch.tensor([[[[0.0, 1.0]], [[0.0, 1.0]]]])
    piece = Piece(x0=torch.zeros(1, 2, 2, 1, 2), subject=field, moving=field, first=torch.zeros(1), window=None)
    run = replace(TINY.video, subject=8.0, motion=2.0)
    weight = emphasis(piece, torch.tensor([[1.0, 0.5]]), run)
    assert weight.tolist() == [[[[1.0, 1.0]], [[1.0, 6.0]]]]


def test_the_loss_is_zero_only_for_the_truth() -> None:
    target = to_pixels(render_frames(3, ClipForm(width=64, height=64, num_frames=5), Curriculum.mame()))[None]
    assert all(float(term) == 0 for term in reconstruction(target, target, TINY.vae_run).values())
    assert all(
        float(term) > 0
        for term in reconstruction(target + 0.1 * torch.randn_like(target), target, TINY.vae_run).values()
    )
    weight = importance(target)
    assert float(weight.min()) >= 0
    assert weight.shape == (1, 1, 5, 64, 64)


def test_training_canvases_come_in_the_shares_of_the_mix() -> None:
    latents = torch.randn(600, 2, 5, 1, 1)
    start = draw(latents, torch.Generator().manual_seed(0), Mix()).start
    everything = (start == 1).all(1)
    mixed = ((start > 0) & (start < 1)).any(1)
    assert 0.34 < float(everything.float().mean()) < 0.46
    assert 0.13 < float(mixed.float().mean()) < 0.27, "forcing and rolling"
    assert 0.02 < float((start[:, -1] == 0).float().mean()) < 0.2, "ends and between"
    assert bool((start > 0).any(1).all()), "there is always something to paint"


def test_presets_are_legal_and_the_bundled_model_is_small() -> None:
    whole = presets.mame()
    assert whole.vae.space_stride == 16
    assert sum(p.numel() for p in VAE(whole.vae).parameters()) < 5e6
    with pytest.raises(Exception, match="there is no preset"):
        presets.training("giant")
