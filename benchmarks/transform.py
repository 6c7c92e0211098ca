"""What the fixed transform alone keeps of unseen clips, by its numbers of components: PSNR in dB.

soramame train render --count 512 --folder runs/mame
python benchmarks/transform.py --clips runs/mame/clips 32+16 64+32 80+48 96+64
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from soramame.model.vae import VAE, VAEConfig
from soramame.train.clips import Clips, to_pixels
from soramame.train.vae import fit_transform, psnr


def measure(folder: Path, still: int, moving: int) -> tuple[float, float]:
    """Mean PSNR over held-out clips of all frames and of frame 0."""
    vae = VAE(replace(VAEConfig.mame(), transform=(still, moving), latent_channels=still + moving)).eval()
    fit_transform(vae, Clips(folder))
    held_out = Clips(folder, held_out=True)
    whole, first = [], []
    with torch.inference_mode():
        for number in range(min(12, len(held_out))):
            target = to_pixels(held_out.clip(number))[None]
            video = vae.decode(vae.encode(target))
            whole.append(psnr(video, target))
            first.append(psnr(video[:, :, :1], target[:, :, :1]))
    return sum(whole) / len(whole), sum(first) / len(first)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--clips", type=Path, required=True, help="folder that `soramame train render` has filled")
    parser.add_argument("components", nargs="+", help="still+moving, such as 80+48")
    options = parser.parse_args()
    for components in options.components:
        still, moving = (int(part) for part in components.split("+"))
        whole, first = measure(options.clips, still, moving)
        print(f"{components:>8} {whole:6.2f} dB   frame 0 {first:6.2f} dB")


if __name__ == "__main__":
    main()
