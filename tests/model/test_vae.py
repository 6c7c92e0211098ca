"""The VAE equals the reference implementation, and a streamed clip equals the whole one."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import AutoencoderKLWan
from torch import Tensor

from soramame.errors import ConfigError, DurationError, SizeError
from soramame.model.transform import BlockTransform
from soramame.model.vae import VAE, EncoderState, VAEConfig
from soramame.nn.streaming import State
from soramame.train.clips import HELD_OUT, ClipForm, render_frames, to_pixels
from soramame.weights.keymaps import OURS_ONLY, inverse, vae_config, vae_name
from soramame.weights.store import load_model
from soramame.world.sample import Curriculum

FORMS = ("wan21", "wan22")


def randomise(module: torch.nn.Module, seed: int) -> None:
    """Every parameter has to move the output: none is left at zero or one."""
    generator = torch.Generator().manual_seed(seed)
    for name, p in module.named_parameters():
        noise = torch.randn(p.shape, generator=generator)
        matrix = p.ndim > 1 and not name.endswith("gamma")
        p.data = noise * p[0].numel() ** -0.5 if matrix else p.data + 0.3 * noise


def reference(form: str) -> Any:
    """A tiny random model of diffusers, which has no types."""
    two = {"is_residual": True, "patch_size": 2, "in_channels": 12, "out_channels": 12, "decoder_base_dim": 8}
    family: Any = AutoencoderKLWan
    model = family(
        base_dim=6 if form == "wan21" else 4,
        z_dim=5,
        dim_mult=[1, 2, 4, 4],
        num_res_blocks=2,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1, -0.2, 0.3, 0.0, 0.5],
        latents_std=[1.5, 0.5, 2.0, 1.0, 0.7],
        **(two if form == "wan22" else {}),
    ).eval()
    randomise(model, 0)
    return model


def ours(model: Any) -> VAE:
    config = vae_config(dict(model.config))
    vae = VAE(config).eval()
    names = inverse((n for n in vae.state_dict() if n not in OURS_ONLY), lambda n: vae_name(n, "diffusers", config))
    state = {names[name]: value for name, value in model.state_dict().items()}
    missing, unexpected = vae.load_state_dict(state, strict=False)
    assert sorted(missing) == sorted(OURS_ONLY)
    assert not unexpected
    return vae


def clip(frames: int, height: int = 32, width: int = 48, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, frames, height, width, generator=torch.Generator().manual_seed(frames)) * 2 - 1


def close(a: Tensor, b: Tensor, tolerance: float = 2e-5) -> None:
    assert a.shape == b.shape
    assert (a - b).abs().max() <= tolerance * b.abs().max()


@pytest.fixture(scope="module", params=FORMS)
def pair(request: pytest.FixtureRequest) -> tuple[Any, VAE]:
    model = reference(request.param)
    return model, ours(model)


@pytest.fixture(scope="module", params=[*FORMS, "mame"])
def vae(request: pytest.FixtureRequest) -> VAE:
    if request.param != "mame":
        return ours(reference(request.param))
    model = VAE(VAEConfig.mame()).eval()
    randomise(model, 1)
    assert model.transform is not None
    model.transform.fit(torch.randn(200, 4, 768, generator=torch.Generator().manual_seed(2)))
    return model


def encode_streamed(vae: VAE, pixels: Tensor, cuts: list[int]) -> Tensor:
    state: EncoderState | None = None
    out = []
    for chunk in torch.split(pixels, cuts, 2):
        latents, state = vae.encode_chunk(chunk, state)
        if latents is not None:
            out.append(latents)
    return torch.cat(out, 2)


def decode_streamed(vae: VAE, latents: Tensor, cuts: list[int]) -> Tensor:
    state: State | None = None
    out = []
    for chunk in torch.split(latents, cuts, 2):
        pixels, state = vae.decode_chunk(chunk, state, clamp=False)
        out.append(pixels)
    return torch.cat(out, 2)


@pytest.mark.parametrize("frames", [1, 5, 9])
@torch.no_grad()
def test_encode_equals_the_reference(pair: tuple[Any, VAE], frames: int) -> None:
    model, vae = pair
    pixels = clip(frames, batch=2)
    posterior = model.encode(pixels).latent_dist
    mean, logvar = vae.encode_moments(pixels)
    close(mean, posterior.mean)
    close(logvar, posterior.logvar)
    shift = torch.tensor(model.config.latents_mean).view(1, -1, 1, 1, 1)
    scale = torch.tensor(model.config.latents_std).view(1, -1, 1, 1, 1)
    close(vae.encode(pixels), (posterior.mode() - shift) / scale)


@pytest.mark.parametrize("frames", [1, 2, 3])
@torch.no_grad()
def test_decode_equals_the_reference(pair: tuple[Any, VAE], frames: int) -> None:
    model, vae = pair
    z = torch.randn(2, 5, frames, 3, 2, generator=torch.Generator().manual_seed(frames)) * 0.3
    expected = model.decode(z).sample
    assert (expected.abs() < 1).float().mean() > 0.1, "a picture that is all clamped would prove nothing"
    close(vae.decode(vae.normalise(z)), expected)


def test_every_weight_moves_the_output(vae: VAE) -> None:
    pixels, z = clip(5), torch.randn(1, vae.config.latent_channels, 2, 2, 3)
    total = vae.decode_raw(z).square().sum()
    if vae.transform is None:
        mean, logvar = vae.encode_moments(pixels)
        total = total + mean.square().sum() + logvar.sum()
    torch.autograd.backward(total)
    still = [name for name, p in vae.named_parameters() if p.grad is None or not p.grad.abs().max() > 0]
    assert still == []
    vae.zero_grad(set_to_none=True)


@pytest.mark.parametrize("cuts", [[1, 4, 4, 4], [13], [5, 8], [3, 4, 2, 1, 3], [1] * 13])
@torch.no_grad()
def test_encoding_in_chunks_is_encoding_the_whole(vae: VAE, cuts: list[int]) -> None:
    pixels = clip(13)
    close(encode_streamed(vae, pixels, cuts), vae.encode(pixels), 1e-5)


@pytest.mark.parametrize("cuts", [[1, 1, 1, 1], [4], [1, 3], [2, 1, 1]])
@torch.no_grad()
def test_decoding_in_chunks_is_decoding_the_whole(vae: VAE, cuts: list[int]) -> None:
    latents = torch.randn(1, vae.config.latent_channels, 4, 2, 3, generator=torch.Generator().manual_seed(0))
    whole = vae.decode(latents, clamp=False)
    assert whole.shape[2] == 13
    close(decode_streamed(vae, latents, cuts), whole, 1e-5)


@torch.no_grad()
def test_a_state_is_a_value(vae: VAE) -> None:
    """The same state may be used twice, so that a clip can go on in two ways; its size does not grow with the clip."""
    first, left, right = (torch.randn(1, vae.config.latent_channels, 1, 2, 2) for _ in range(3))
    _, state = vae.decode_chunk(first, None)
    kept = [part.clone() for part in state]
    a, after = vae.decode_chunk(left, state)
    vae.decode_chunk(right, state)
    again, _ = vae.decode_chunk(left, state)
    assert torch.equal(a, again)
    assert all(torch.equal(p, q) for p, q in zip(kept, state, strict=True))
    assert [p.shape for p in after] == [p.shape for p in state]


@torch.no_grad()
def test_the_future_does_not_reach_back(vae: VAE) -> None:
    pixels = clip(9)
    changed = pixels.clone()
    changed[:, :, 5:] = 0
    before, after = vae.encode(pixels), vae.encode(changed)
    close(after[:, :, :2], before[:, :, :2], 1e-5)
    assert not torch.allclose(after[:, :, 2], before[:, :, 2], atol=1e-3)


def test_mame_fits_its_budget() -> None:
    vae = VAE(VAEConfig.mame())
    assert sum(p.numel() for p in vae.parameters()) + sum(b.numel() for b in vae.buffers()) <= 3e6
    assert (vae.config.space_stride, vae.config.time_stride) == (16, 4)
    with torch.no_grad():
        assert vae.encode(clip(5, 160, 256)).shape == (1, 192, 2, 10, 16)


def test_public_sizes() -> None:
    with torch.device("meta"):
        sizes = [sum(p.numel() for p in VAE(config()).parameters()) for config in (VAEConfig.wan21, VAEConfig.wan22)]
    assert [round(size / 1e6) for size in sizes] == [127, 705]


def test_a_new_decoder_is_the_inverse_of_its_transform() -> None:
    vae = VAE(VAEConfig.mame()).eval()
    assert vae.transform is not None
    base = torch.randn(30, 768, generator=torch.Generator().manual_seed(0)) * 0.2
    mix = torch.randn(9, 2, 2, 30, generator=torch.Generator().manual_seed(1))
    mix[1:] = mix[1::4].repeat_interleave(4, 0)  # still from one latent frame to the next
    vae.transform.fit((torch.randn(400, 1, 30, generator=torch.Generator().manual_seed(2)) @ base).expand(-1, 4, -1))
    blocks = (mix @ base).reshape(9, 2, 2, 3, 16, 16)
    pixels = blocks.permute(3, 0, 1, 4, 2, 5).reshape(1, 3, 9, 32, 32)
    with torch.no_grad():
        latents = vae.encode(pixels)
        close(vae.decode_raw(vae.denormalise(latents)), pixels, 1e-3)
        close(latents[:, :112, 1:2], vae.encode(pixels[:, :, 1:2])[:, :112], 1e-3)
    assert float(latents[:, 112:, 0].abs().max()) == 0, "a first frame has nothing that moves"


def test_blocks_that_follow_one_another_do_not_jump() -> None:
    """What the bundled transform drops of a slow pan makes it move in jerks, four frames at a time, unless they are joined."""
    vae = load_model("mame").vae.eval()
    pan = render_frames(HELD_OUT + 4, ClipForm(), Curriculum.mame())
    pixels = to_pixels(pan)[None]
    with torch.no_grad():
        latents = vae.encode(pixels)
        raw, joined = vae.decode_raw(vae.denormalise(latents)), vae.decode(latents, clamp=False)
    change = [video.diff(dim=2).abs().mean((0, 1, 3, 4))[1:] for video in (pixels, raw, joined)]
    true, steps, smooth = (float(one[3::4].median() / one[torch.arange(31) % 4 != 3].median()) for one in change)
    assert true < 1.05
    assert steps > 1.8
    assert smooth < 1.3
    assert torch.equal(joined[:, :, :1], raw[:, :, :1]), "a first frame stays as it is"
    assert (joined - pixels).square().mean() < 1.02 * (raw - pixels).square().mean()


def test_a_change_of_the_picture_is_no_step() -> None:
    transform = BlockTransform(112, 80, edge=16, frames=4)
    pixels = torch.zeros(1, 3, 9, 32, 32)
    pixels[:, :, 5:] = 1.0
    joined = transform.join(pixels)
    assert (joined - pixels).abs().max() <= 12 / 127.5 + 1e-6


def test_a_transform_keeps_more_with_more_components() -> None:
    blocks = torch.rand(300, 4, 768, generator=torch.Generator().manual_seed(3)).cumsum(2) / 300
    lost = []
    for still, moving in ((8, 4), (32, 16), (128, 64)):
        transform = BlockTransform(still, moving, edge=16, frames=4)
        transform.fit(blocks)
        pixels = blocks.reshape(300, 4, 3, 16, 16).transpose(1, 2)
        back = transform.decode(transform.encode(pixels, first=False), first=False)
        lost.append(float((back - pixels).square().mean()))
    assert lost[0] > 1.5 * lost[1] > 1.5 * lost[2]
    with pytest.raises(ConfigError, match="make up latent_channels"):
        VAEConfig(
            latent_channels=8, encoder_widths=(), decoder_widths=(8, 8, 8), temporal=(True, True), transform=(4, 2)
        )


def test_what_does_not_fit_is_refused() -> None:
    vae = VAE(VAEConfig.mame())
    with pytest.raises(SizeError, match="multiples of 16"):
        vae.encode(clip(1, 32, 40))
    with pytest.raises(DurationError):
        vae.encode(clip(4, 16, 16))
    with pytest.raises(ConfigError, match="needs 3"):
        VAEConfig(latent_channels=4, encoder_widths=(8, 8), decoder_widths=(8, 8, 8), temporal=(True, True))
    with pytest.raises(ConfigError, match="come out even"):
        VAEConfig(
            latent_channels=4, encoder_widths=(8, 8, 24), decoder_widths=(8, 8, 8), temporal=(True, True), residual=True
        )
