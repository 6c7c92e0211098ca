"""The DiT equals the reference implementations of the Wan family; the bundled model's own parts keep their promises."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import SkyReelsV2Transformer3DModel, WanTransformer3DModel
from torch import Tensor

from soramame.errors import ConfigError, SizeError
from soramame.flow import canvas
from soramame.flow.canvas import Canvas
from soramame.flow.guidance import Velocity, guided
from soramame.flow.path import interpolate
from soramame.flow.sample import sample
from soramame.flow.schedule import schedule
from soramame.flow.solvers import Solver, euler, unipc
from soramame.model.dit import DiT, DiTConfig, Extra, Window, add_layout
from soramame.weights.keymaps import dit_config, dit_name, inverse

TINY: dict[str, Any] = {
    "num_attention_heads": 2,
    "attention_head_dim": 16,
    "in_channels": 4,
    "out_channels": 4,
    "text_dim": 12,
    "freq_dim": 16,
    "ffn_dim": 48,
    "num_layers": 2,
}
TIMES = (999, 500, 250, 20, 0)


def randomise(module: torch.nn.Module, seed: int) -> None:
    """Every parameter moves the output: biases, tables and gates too."""
    generator = torch.Generator().manual_seed(seed)
    for p in module.parameters():
        noise = torch.randn(p.shape, generator=generator)
        p.data = noise * p[0].numel() ** -0.5 if p.ndim > 1 and p.shape[0] > 1 else p.data + 0.3 * noise


def reference(family: Any, seed: int, **config: Any) -> Any:
    """A tiny random model of diffusers, which has no types."""
    model = family(**TINY | config).eval()
    randomise(model, seed)
    return model


def ours(model: Any) -> DiT:
    state = model.state_dict()
    dit = DiT(dit_config(dict(model.config), state)).eval()
    names = inverse(dit.state_dict(), lambda n: dit_name(n, "diffusers"))
    dit.load_state_dict({names[name]: value for name, value in state.items()}, strict=True)
    return dit


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def close(a: Tensor, b: Tensor, tolerance: float = 2e-5) -> None:
    assert a.shape == b.shape
    assert (a - b).abs().max() <= tolerance * b.abs().max()


@torch.no_grad()
def test_text_to_video_equals_the_reference() -> None:
    model = reference(WanTransformer3DModel, 0)
    x, text = normal(2, 4, 3, 6, 10), normal(2, 7, 12, seed=1)
    timestep = torch.tensor([999, 250])
    expected = model(x, timestep, text).sample
    t = (timestep.double() / 1000)[:, None].expand(-1, 3)
    dit = ours(model)
    close(dit(x, t, text), expected)
    close(dit.velocity(x, t.float(), text), expected)


@pytest.mark.parametrize("positions", [None, 514], ids=["first picture", "first and last picture"])
@torch.no_grad()
def test_image_to_video_equals_the_reference(positions: int | None) -> None:
    branch = {"image_dim": 20, "added_kv_proj_dim": 32, "pos_embed_seq_len": positions}
    model = reference(WanTransformer3DModel, 2, in_channels=9, **branch)
    x, text, timestep = normal(1, 9, 3, 4, 6), normal(1, 512, 12, seed=1), torch.tensor([700])
    image = normal(1 if positions is None else 2, 257, 20, seed=3)
    expected = model(x, timestep, text, encoder_hidden_states_image=image).sample
    features = image.reshape(1, -1, 20)
    close(ours(model)(x, torch.full((1, 3), 0.7, dtype=torch.float64), text, extra=Extra(image=features)), expected)


@torch.no_grad()
def test_time_of_a_frame_equals_time_of_its_tokens() -> None:
    """Wan 2.2 TI2V-5B gives each token a time, always the same inside a latent frame."""
    model = reference(WanTransformer3DModel, 4)
    x, text = normal(1, 4, 5, 4, 6), normal(1, 7, 12, seed=1)
    timestep = torch.tensor([TIMES])
    expected = model(x, timestep.repeat_interleave(6, 1), text).sample
    close(ours(model)(x, timestep.double() / 1000, text), expected)


@pytest.mark.parametrize("fps", [None, 16, 24])
@pytest.mark.parametrize("block", [0, 2])
@torch.no_grad()
def test_diffusion_forcing_equals_the_reference(fps: int | None, block: int) -> None:
    options = {"inject_sample_info": fps is not None, "num_frame_per_block": max(1, block)}
    model = reference(SkyReelsV2Transformer3DModel, 5, **options)
    x, text = normal(1, 4, 4, 4, 6), normal(1, 7, 12, seed=1)
    timestep = torch.tensor([TIMES[:4]])
    index = None if fps is None else [0 if fps == 16 else 1]
    expected = model(x, timestep, text, enable_diffusion_forcing=True, fps=index).sample
    extra = Extra(fps=fps, causal_block=block)
    close(ours(model)(x, timestep.double() / 1000, text, extra=extra), expected)


@torch.no_grad()
def test_fps_of_two_prompts() -> None:
    """The reference fails for two prompts; each has to come out as it does alone."""
    model = reference(SkyReelsV2Transformer3DModel, 5, inject_sample_info=True)
    dit = ours(model)
    x, text, t = normal(2, 4, 2, 4, 4), normal(2, 3, 12), torch.rand(2, 2)
    both = dit(x, t, text, extra=Extra(fps=24))
    for i in range(2):
        close(both[i : i + 1], dit(x[i : i + 1], t[i : i + 1], text[i : i + 1], extra=Extra(fps=24)), 1e-5)


def tiny_mame(seed: int = 0) -> DiT:
    dit = DiT(
        DiTConfig(
            dim=32,
            layers=2,
            heads=2,
            ffn=48,
            in_channels=4,
            out_channels=4,
            text_dim=12,
            freq_dim=16,
            prediction="x0",
            text_pooled=True,
            text_refiner=True,
            absolute_positions=True,
            position_grid=(2, 3),
            position_frames=4,
        )
    ).eval()
    randomise(dit, seed)
    return dit


def test_every_weight_moves_the_output() -> None:
    dit = tiny_mame()
    mask = torch.ones(2, 5, dtype=torch.bool)
    x = normal(2, 4, 4, 4, 6)
    dit(x, torch.rand(2, 4), normal(2, 5, 12), mask, pooled=normal(2, 12)).square().mean().backward()
    assert [name for name, p in dit.named_parameters() if p.grad is None or not p.grad.abs().max() > 0] == []


@torch.no_grad()
def test_masked_text_is_not_read_and_no_text_is_finite() -> None:
    dit, x, t, pooled = tiny_mame(), normal(1, 4, 2, 4, 6), torch.rand(1, 2), normal(1, 12)
    text, mask = normal(1, 5, 12), torch.tensor([[True, True, True, False, False]])
    other = text.clone()
    other[:, 3:] = 100
    out = dit(x, t, text, mask, pooled=pooled)
    assert torch.equal(out, dit(x, t, other, mask, pooled=pooled))
    close(out, dit(x, t, text[:, :3], mask[:, :3], pooled=pooled), 1e-5)
    nothing = dit(x, t, other, torch.zeros_like(mask), pooled=pooled)
    assert nothing.isfinite().all()
    assert torch.equal(nothing, dit(x, t, text, torch.zeros_like(mask), pooled=pooled))


@pytest.mark.parametrize(("frames", "height", "width"), [(1, 4, 6), (3, 6, 4), (7, 2, 10)])
@torch.no_grad()
def test_any_duration_size_and_aspect(frames: int, height: int, width: int) -> None:
    x = normal(2, 4, frames, height, width)
    out = tiny_mame()(x, torch.rand(2, frames), normal(2, 5, 12), pooled=normal(2, 12))
    assert out.shape == x.shape
    assert out.isfinite().all()


@torch.no_grad()
def test_left_is_not_right_only_with_absolute_positions() -> None:
    """Two equal halves get equal outputs from relative positions at best up to the edge; a uniform picture shows it
    at once.
    """
    dit = tiny_mame()
    assert dit.absolute is not None
    x = torch.ones(1, 4, 1, 4, 6)
    args = (torch.full((1, 1), 0.5), normal(1, 5, 12))
    out = dit(x, *args, pooled=normal(1, 12))
    assert not torch.allclose(out[..., :2], out[..., 4:], atol=1e-2)
    dit.absolute.space.zero_()
    out = dit(x, *args, pooled=normal(1, 12))
    close(out[..., :2], out[..., 4:], 1e-4)


@torch.no_grad()
def test_first_frame_may_be_a_number_or_given_item_by_item_or_frame_by_frame() -> None:
    dit = tiny_mame()
    x, t, text, pooled = normal(2, 4, 2, 4, 6), torch.rand(2, 2), normal(2, 5, 12), normal(2, 12)
    at_one = dit(x, t, text, pooled=pooled, first_frame=1.5)
    mixed = dit(x, t, text, pooled=pooled, first_frame=torch.tensor([1.5, 0.0]))
    close(mixed[:1], at_one[:1], 1e-5)
    close(mixed[1:], dit(x, t, text, pooled=pooled)[1:], 1e-5)
    close(dit(x, t, text, pooled=pooled, first_frame=torch.tensor([[1.5, 2.5]] * 2)), at_one, 1e-5)
    assert not torch.allclose(mixed[1:], at_one[1:], atol=1e-3)


@torch.no_grad()
def test_a_window_knows_where_it_lies_in_the_picture() -> None:
    """Its tokens have the positions that they have in the whole picture, each item of a batch its own."""
    dit = tiny_mame()
    assert dit.absolute is not None
    whole = dit.absolute(torch.arange(2.0)[None], (4, 6)).unflatten(1, (2, 4, 6))
    window = Window(row=torch.tensor([0, 1]), column=torch.tensor([3, 2]), whole=(4, 6))
    piece = dit.absolute(torch.arange(2.0)[None], (3, 2), window).unflatten(1, (2, 3, 2))
    close(piece[0], whole[0, :, :3, 3:5], 1e-6)
    close(piece[1], whole[0, :, 1:, 2:4], 1e-6)
    x, args = normal(1, 4, 2, 4, 6), (torch.rand(1, 2), normal(1, 5, 12))
    all_of_it = Window(row=torch.tensor([0]), column=torch.tensor([0]), whole=(2, 3))
    close(dit(x, *args, pooled=normal(1, 12), window=all_of_it), dit(x, *args, pooled=normal(1, 12)), 1e-5)


@torch.no_grad()
def test_rotary_positions_are_relative() -> None:
    """Without absolute positions a window of a long video is painted alike wherever it stands."""
    model = reference(WanTransformer3DModel, 0)
    dit, x, t, text = ours(model), normal(1, 4, 3, 4, 6), torch.rand(1, 3), normal(1, 5, 12)
    close(dit(x, t, text, first_frame=200.25), dit(x, t, text), 1e-4)


@torch.no_grad()
def test_velocity_of_a_model_that_predicts_the_video() -> None:
    dit, x0, noise, t = tiny_mame(), normal(1, 4, 2, 4, 6), normal(1, 4, 2, 4, 6, seed=9), torch.tensor([[0.8, 0.3]])
    x_t, text, pooled = interpolate(x0, noise, t), normal(1, 5, 12), normal(1, 12)
    video = dit(x_t, t, text, pooled=pooled)
    v = dit.velocity(x_t, t, text, pooled=pooled)
    close(x_t - t[:, None, :, None, None] * v, video, 1e-5)


@torch.no_grad()
def test_four_tasks_in_one_batch_are_as_alone() -> None:
    """Told four texts, with the guidance and the noise of each: no item of a batch sees another."""
    dit, known, noise, text, pooled = (
        tiny_mame(),
        *(normal(4, 4, 5, 4, 6, seed=n) for n in (1, 2)),
        normal(4, 7, 12),
        normal(4, 12),
    )
    boards = [
        canvas.text((1, 4, 5, 4, 6)),
        canvas.image(known[1:2, :, :1], 5),
        canvas.between(known[2:3, :, :2], known[2:3, :, 4:], 2),
        canvas.remix(known[3:4], 0.6),
    ]

    def end(board: Canvas, items: slice, solver: Solver) -> Tensor:
        def told(words: Tensor, whole: Tensor) -> Velocity:
            return lambda x, t: dit.velocity(x, t, words[items], pooled=whole[items])

        velocity = guided(told(text, pooled), told(0 * text, 0 * pooled), 3.0)
        *_, last = sample(velocity, board, noise=noise[items], times=schedule(5, shift=3), solver=solver)
        return last.latents

    together = Canvas(
        latents=torch.cat([board.latents for board in boards]), start=torch.cat([board.start for board in boards])
    )
    for solver in (euler, unipc):
        whole = end(together, slice(0, 4), solver)
        for number, board in enumerate(boards):
            close(end(board, slice(number, number + 1), solver), whole[number : number + 1], 1e-5)


@torch.no_grad()
def test_layout_is_added_without_a_change_to_the_latents() -> None:
    dit = tiny_mame()
    wide = add_layout(dit, 3)
    x, t, text, pooled = normal(1, 4, 2, 4, 6), torch.tensor([[0.8, 0.3]]), normal(1, 5, 12), normal(1, 12)
    out = wide(torch.cat([x, normal(1, 3, 2, 4, 6)], 1), t, text, pooled=pooled)
    close(out[:, :4], dit(x, t, text, pooled=pooled), 1e-6)
    assert float(out[:, 4:].abs().max()) == 0


def test_training_starts_from_closed_gates() -> None:
    dit = DiT(DiTConfig.mame())
    out = dit(normal(1, 195, 1, 4, 4), torch.rand(1, 1), normal(1, 3, 256), pooled=normal(1, 256))
    assert torch.equal(out, torch.zeros_like(out))
    out.sub(1).square().mean().backward()
    assert dit.head.head.weight.grad is not None
    assert dit.head.head.weight.grad.abs().max() > 0


@torch.no_grad()
def test_half_precision_keeps_a_wide_stream() -> None:
    model = reference(WanTransformer3DModel, 0)
    dit, x, t, text = ours(model), normal(1, 4, 2, 4, 6), torch.rand(1, 2), normal(1, 5, 12)
    exact = dit(x, t, text)
    half = dit.cast(torch.bfloat16)(x, t, text)
    assert half.dtype == torch.float32
    assert (half - exact).square().mean().sqrt() < 0.02 * exact.std()


@torch.no_grad()
def test_backends_agree() -> None:
    dit = tiny_mame()
    args = (normal(2, 4, 3, 4, 6), torch.rand(2, 3), normal(2, 5, 12), torch.ones(2, 5, dtype=torch.bool))
    expected = dit(*args, pooled=normal(2, 12))
    dit.attention = "chunked"
    close(dit(*args, pooled=normal(2, 12)), expected, 1e-5)


def test_public_sizes() -> None:
    billions = {"Wan2.1-T2V-1.3B": 1.419, "Wan2.2-TI2V-5B": 5.00, "SkyReels-V2-DF-1.3B-540P": 1.436}
    for name, expected in billions.items():
        with torch.device("meta"):
            count = sum(p.numel() for p in DiT(DiTConfig.wan(name)).parameters())
        assert round(count / 1e9, 3 if expected < 2 else 2) == expected
    assert sum(p.numel() for p in DiT(DiTConfig.mame()).parameters()) < 22.5e6


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SizeError, match="multiple of 2"):
        tiny_mame()(normal(1, 4, 1, 3, 4), torch.rand(1, 1), normal(1, 5, 12), pooled=normal(1, 12))
    with pytest.raises(ValueError, match="pooled"):
        tiny_mame()(normal(1, 4, 1, 4, 4), torch.rand(1, 1), normal(1, 5, 12))
    with pytest.raises(ConfigError, match="even number"):
        DiTConfig(dim=30, layers=1, heads=4, ffn=8)
    with pytest.raises(ConfigError, match="known model"):
        DiTConfig.wan("Wan3")
