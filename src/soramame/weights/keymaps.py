"""Names of weights in public checkpoints, and what their configurations say, as pure functions.

Two layouts exist: ``original`` (Wan-Video and SkyReels repositories, also ComfyUI files) and ``diffusers``. No tensor
is reshaped, split or transposed on the way (``ChannelNorm`` takes its gamma with or without trailing axes). A
function here gives the foreign name of one of ours; :func:`inverse` turns it around for a set of names, and finds
what would collide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from soramame.errors import WeightsError
from soramame.model.dit_config import DiTConfig
from soramame.model.vae import VAEConfig

Layout = Literal["original", "diffusers"]
Pairs = tuple[tuple[str, str], ...]

OURS_ONLY = ("latent_mean", "latent_std")
"""Buffers of our VAE that public checkpoints keep in their configuration instead."""

COMFY_PREFIX = "model.diffusion_model."

_DIT_TOP: Pairs = (
    ("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
    ("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
    ("time_projection.1", "condition_embedder.time_proj"),
    ("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
    ("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
    ("img_emb.proj.0", "condition_embedder.image_embedder.norm1"),
    ("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
    ("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
    ("img_emb.proj.4", "condition_embedder.image_embedder.norm2"),
    ("img_emb.emb_pos", "condition_embedder.image_embedder.pos_embed"),
    ("fps_projection.0", "fps_projection.net.0.proj"),
    ("fps_projection.2", "fps_projection.net.2"),
    ("head.head", "proj_out"),
    ("head.modulation", "scale_shift_table"),
)
_DIT_BLOCK: Pairs = (
    ("modulation", "scale_shift_table"),
    ("norm3", "norm2"),  # the one norm with weights, before cross-attention, has another number there
    ("ffn.0", "ffn.net.0.proj"),
    ("ffn.2", "ffn.net.2"),
)
_DIT_ATTENTION: Pairs = (
    ("q", "to_q"),
    ("k", "to_k"),
    ("v", "to_v"),
    ("o", "to_out.0"),
    ("k_img", "add_k_proj"),
    ("v_img", "add_v_proj"),
    ("norm_k_img", "norm_added_k"),
)


def _swap(name: str, pairs: Pairs) -> str:
    for ours, theirs in pairs:
        if name == ours or name.startswith(ours + "."):
            return theirs + name[len(ours) :]
    return name


def dit_name(name: str, layout: Layout) -> str:
    """The name of one of our DiT's weights in a public checkpoint. Ours are the original ones."""
    if layout == "original":
        return name
    match = re.fullmatch(r"(blocks\.\d+)\.(.*)", name)
    if match is None:
        return _swap(name, _DIT_TOP)
    block, rest = match.groups()
    for ours, theirs in (("self_attn.", "attn1."), ("cross_attn.", "attn2.")):
        if rest.startswith(ours):
            return f"{block}.{theirs}{_swap(rest.removeprefix(ours), _DIT_ATTENTION)}"
    return f"{block}.{_swap(rest, _DIT_BLOCK)}"


_RESIDUAL: dict[Layout, Pairs] = {
    "original": (
        ("norm1", "residual.0"),
        ("conv1", "residual.2"),
        ("norm2", "residual.3"),
        ("conv2", "residual.6"),
    ),
    "diffusers": (("shortcut", "conv_shortcut"),),
}
_EDGES: Pairs = (("conv_in", "conv1"), ("norm_out", "head.0"), ("conv_out", "head.2"))
_MIDDLE: dict[Layout, dict[str, str]] = {
    "original": {"first": "middle.0", "attention": "middle.1", "second": "middle.2"},
    "diffusers": {
        "first": "mid_block.resnets.0",
        "attention": "mid_block.attentions.0",
        "second": "mid_block.resnets.1",
    },
}
_ENDS: Pairs = (("quant_conv", "conv1"), ("post_quant_conv", "conv2"))


def vae_name(name: str, layout: Layout, config: VAEConfig) -> str:
    """The name of one of our VAE's weights in a public checkpoint (``OURS_ONLY`` have none and come back as they
    are).
    """
    half, _, rest = name.partition(".")
    if half not in ("encoder", "decoder"):
        return _swap(name, _ENDS) if layout == "original" else name
    if match := re.fullmatch(r"middle\.(\w+)\.(.*)", rest):
        part, leaf = match.groups()
        leaf = leaf if part == "attention" else _swap(leaf, _RESIDUAL[layout])
        return f"{half}.{_MIDDLE[layout][part]}.{leaf}"
    if match := re.fullmatch(r"levels\.(\d+)\.(?:blocks\.(\d+)|resample)\.(.*)", rest):
        level, block, leaf = int(match[1]), match[2], match[3]
        leaf = _swap(leaf, (("conv", "resample.1"),) if block is None else _RESIDUAL[layout])
        blocks = config.encoder_blocks if half == "encoder" else config.decoder_blocks
        place = _place(half, level, None if block is None else int(block), blocks, layout, config.residual)
        return f"{half}.{place}.{leaf}"
    return f"{half}.{_swap(rest, _EDGES) if layout == 'original' else rest}"


def _place(half: str, level: int, block: int | None, blocks: int, layout: Layout, residual: bool) -> str:
    """Where a block (None: the resampling behind the blocks) of a level stands in a foreign list of layers."""
    index = blocks if block is None else block
    if layout == "original":
        layers = "downsamples" if half == "encoder" else "upsamples"
        return f"{layers}.{level}.{layers}.{index}" if residual else f"{layers}.{level * (blocks + 1) + index}"
    layers = "down_blocks" if half == "encoder" else "up_blocks"
    if half == "encoder" and not residual:
        return f"{layers}.{level * (blocks + 1) + index}"
    if block is not None:
        return f"{layers}.{level}.resnets.{block}"
    if residual:
        return f"{layers}.{level}.{'downsampler' if half == 'encoder' else 'upsampler'}"
    return f"{layers}.{level}.upsamplers.0"


def inverse(ours: Iterable[str], foreign: Callable[[str], str]) -> dict[str, str]:
    """Foreign name to our name for all of our names; :class:`WeightsError` if two of ours would share one."""
    out: dict[str, str] = {}
    for name in ours:
        other = foreign(name)
        if other in out:
            raise WeightsError(f"{out[other]} and {name} are both called {other} there.")
        out[other] = name
    return out


def layout_of(names: Iterable[str]) -> Layout:
    """Which layout a checkpoint of a DiT or a VAE has, by its names; :class:`WeightsError` if neither."""
    plain = {name.removeprefix(COMFY_PREFIX) for name in names}
    if plain & {"condition_embedder.time_proj.weight", "encoder.conv_in.weight"}:
        return "diffusers"
    if plain & {"time_projection.1.weight", "encoder.conv1.weight"}:
        return "original"
    raise WeightsError("the weights are of no known layout: neither Wan's own nor that of diffusers.")


def dit_config(config: Mapping[str, Any], names: Iterable[str]) -> DiTConfig:
    """Our configuration of a public DiT from its ``config.json`` and the names of its weights.

    The names decide on branches: the original ``config.json`` of Wan 2.2 I2V says ``i2v`` without having the picture
    branch of 2.1.
    """
    plain = {name.removeprefix(COMFY_PREFIX) for name in names}
    layout = layout_of(plain)
    if any(name.startswith("vace_") for name in plain):
        raise WeightsError(
            "VACE checkpoints have a second stack of blocks that is not supported; take a T2V or I2V model."
        )
    has = {
        ours: dit_name(ours, layout) in plain
        for ours in ("img_emb.proj.1.weight", "img_emb.emb_pos", "fps_embedding.weight")
    }
    try:
        shape = _original_shape(config) if layout == "original" else _diffusers_shape(config)
    except KeyError as missing:
        raise WeightsError(f"config.json of the model has no {missing}.") from None
    return DiTConfig(
        **shape,
        image_dim=(config.get("image_dim") or 1280) if has["img_emb.proj.1.weight"] else None,
        image_positions=(config.get("pos_embed_seq_len") or 514) if has["img_emb.emb_pos"] else None,
        fps_embedding=has["fps_embedding.weight"],
    )


def _original_shape(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dim": config["dim"],
        "layers": config["num_layers"],
        "heads": config["num_heads"],
        "ffn": config["ffn_dim"],
        "in_channels": config["in_dim"],
        "out_channels": config["out_dim"],
        "text_dim": config.get("text_dim", 4096),
        "freq_dim": config.get("freq_dim", 256),
        "eps": config.get("eps", 1e-6),
    }


def _diffusers_shape(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dim": config["num_attention_heads"] * config["attention_head_dim"],
        "layers": config["num_layers"],
        "heads": config["num_attention_heads"],
        "ffn": config["ffn_dim"],
        "in_channels": config["in_channels"],
        "out_channels": config.get("out_channels") or config["in_channels"],
        "text_dim": config.get("text_dim", 4096),
        "freq_dim": config.get("freq_dim", 256),
        "patch": tuple(config.get("patch_size", (1, 2, 2))),
        "eps": config.get("eps", 1e-6),
    }


def vae_config(config: Mapping[str, Any]) -> VAEConfig:
    """Our configuration of a public VAE from the ``config.json`` of its diffusers form; unknown keys there are of no
    consequence.

    Original VAE files have no configuration: they are ``VAEConfig.wan21()`` or ``VAEConfig.wan22()``.
    """
    base = config.get("base_dim", 96)
    decoder_base = config.get("decoder_base_dim") or base
    mult = config.get("dim_mult", (1, 2, 4, 4))
    blocks = config.get("num_res_blocks", 2)
    default = VAEConfig.wan21()
    return VAEConfig(
        latent_channels=config.get("z_dim", 16),
        encoder_widths=tuple(base * m for m in mult),
        decoder_widths=tuple(decoder_base * m for m in mult),
        temporal=tuple(config.get("temperal_downsample", (False, True, True))),
        encoder_blocks=blocks,
        decoder_blocks=blocks + 1,
        patch=config.get("patch_size") or 1,
        residual=config.get("is_residual", False),
        latent_mean=tuple(config.get("latents_mean", default.latent_mean)),
        latent_std=tuple(config.get("latents_std", default.latent_std)),
    )
