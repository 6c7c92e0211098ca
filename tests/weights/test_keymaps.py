"""Names of public checkpoints: the facts of a few, and that no two of ours meet in one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from soramame.errors import WeightsError
from soramame.model.dit import DiT, DiTConfig
from soramame.model.vae import VAE, VAEConfig
from soramame.nn.streaming import ChannelNorm
from soramame.weights.keymaps import OURS_ONLY, Layout, dit_config, dit_name, inverse, layout_of, vae_name

LAYOUTS: tuple[Layout, Layout] = ("original", "diffusers")


def names(model: nn.Module) -> list[str]:
    return [name for name in model.state_dict() if name not in OURS_ONLY]


def dit(**branches: object) -> DiT:
    shape = {
        "dim": 12,
        "layers": 2,
        "heads": 2,
        "ffn": 8,
        "text_dim": 4,
        "freq_dim": 4,
        "in_channels": 2,
        "out_channels": 2,
    }
    with torch.device("meta"):
        return DiT(DiTConfig(**shape | branches))  # type: ignore[arg-type]


def vae(form: str) -> VAE:
    with torch.device("meta"):
        return VAE(VAEConfig.wan21() if form == "wan21" else VAEConfig.wan22())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_names_of_a_dit_meet(layout: Layout) -> None:
    ours = names(dit(image_dim=1280, image_positions=514, fps_embedding=True))
    theirs = inverse(ours, lambda name: dit_name(name, layout))
    assert sorted(theirs.values()) == sorted(ours)
    assert layout_of(theirs) == layout
    assert layout_of("model.diffusion_model." + name for name in theirs) == layout


@pytest.mark.parametrize("form", ["wan21", "wan22"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_names_of_a_vae_meet(form: str, layout: Layout) -> None:
    model = vae(form)
    theirs = inverse(names(model), lambda name: vae_name(name, layout, model.config))
    assert len(theirs) == len(names(model))
    assert layout_of(theirs) == layout


@pytest.mark.parametrize(
    ("ours", "diffusers"),
    [
        ("blocks.7.norm3.weight", "blocks.7.norm2.weight"),
        ("blocks.7.modulation", "blocks.7.scale_shift_table"),
        ("blocks.0.self_attn.o.bias", "blocks.0.attn1.to_out.0.bias"),
        ("blocks.0.cross_attn.norm_k.weight", "blocks.0.attn2.norm_k.weight"),
        ("blocks.0.cross_attn.norm_k_img.weight", "blocks.0.attn2.norm_added_k.weight"),
        ("blocks.12.ffn.0.weight", "blocks.12.ffn.net.0.proj.weight"),
        ("head.modulation", "scale_shift_table"),
        ("time_projection.1.bias", "condition_embedder.time_proj.bias"),
        ("patch_embedding.weight", "patch_embedding.weight"),
    ],
)
def test_names_of_the_dit(ours: str, diffusers: str) -> None:
    assert dit_name(ours, "diffusers") == diffusers
    assert dit_name(ours, "original") == ours


@pytest.mark.parametrize(
    ("form", "ours", "original", "diffusers"),
    [
        ("wan21", "quant_conv.weight", "conv1.weight", "quant_conv.weight"),
        ("wan21", "encoder.conv_in.bias", "encoder.conv1.bias", "encoder.conv_in.bias"),
        (
            "wan21",
            "encoder.levels.1.blocks.0.shortcut.weight",
            "encoder.downsamples.3.shortcut.weight",
            "encoder.down_blocks.3.conv_shortcut.weight",
        ),
        (
            "wan21",
            "encoder.levels.1.resample.time_conv.weight",
            "encoder.downsamples.5.time_conv.weight",
            "encoder.down_blocks.5.time_conv.weight",
        ),
        (
            "wan21",
            "decoder.levels.1.blocks.2.conv2.weight",
            "decoder.upsamples.6.residual.6.weight",
            "decoder.up_blocks.1.resnets.2.conv2.weight",
        ),
        (
            "wan21",
            "decoder.levels.1.resample.conv.weight",
            "decoder.upsamples.7.resample.1.weight",
            "decoder.up_blocks.1.upsamplers.0.resample.1.weight",
        ),
        (
            "wan21",
            "decoder.middle.second.norm1.gamma",
            "decoder.middle.2.residual.0.gamma",
            "decoder.mid_block.resnets.1.norm1.gamma",
        ),
        (
            "wan21",
            "encoder.middle.attention.to_qkv.weight",
            "encoder.middle.1.to_qkv.weight",
            "encoder.mid_block.attentions.0.to_qkv.weight",
        ),
        (
            "wan22",
            "encoder.levels.2.resample.conv.weight",
            "encoder.downsamples.2.downsamples.2.resample.1.weight",
            "encoder.down_blocks.2.downsampler.resample.1.weight",
        ),
        (
            "wan22",
            "decoder.levels.0.blocks.1.conv1.weight",
            "decoder.upsamples.0.upsamples.1.residual.2.weight",
            "decoder.up_blocks.0.resnets.1.conv1.weight",
        ),
        ("wan22", "decoder.norm_out.gamma", "decoder.head.0.gamma", "decoder.norm_out.gamma"),
    ],
)
def test_names_of_the_vae(form: str, ours: str, original: str, diffusers: str) -> None:
    model = vae(form)
    assert ours in model.state_dict()
    assert vae_name(ours, "original", model.config) == original
    assert vae_name(ours, "diffusers", model.config) == diffusers


def test_gamma_loads_with_trailing_axes() -> None:
    norm = ChannelNorm(3)
    norm.load_state_dict({"gamma": torch.tensor([1.0, 2.0, 3.0]).view(3, 1, 1, 1)})
    assert norm.gamma.tolist() == [1, 2, 3]


def test_the_weights_decide_on_the_picture_branch() -> None:
    """Wan 2.1 and 2.2 I2V have the same ``config.json``, but only 2.1 reads picture features."""
    config = {
        "dim": 12,
        "num_layers": 2,
        "num_heads": 2,
        "ffn_dim": 8,
        "in_dim": 36,
        "out_dim": 16,
        "model_type": "i2v",
    }
    assert dit_config(config, names(dit())).image_dim is None
    with_branch = dit_config(config, names(dit(image_dim=1280, image_positions=514)))
    assert (with_branch.image_dim, with_branch.image_positions, with_branch.in_channels) == (1280, 514, 36)


def test_what_cannot_be_loaded_is_said() -> None:
    with pytest.raises(WeightsError, match="no known layout"):
        layout_of(["unet.conv.weight"])
    with pytest.raises(WeightsError, match="VACE"):
        dit_config({}, ["time_projection.1.weight", "vace_blocks.0.after_proj.weight"])
    with pytest.raises(WeightsError, match="num_layers"):
        dit_config({"dim": 12}, ["time_projection.1.weight"])
    with pytest.raises(WeightsError, match="both called"):
        inverse(["a", "b"], lambda name: "same")
