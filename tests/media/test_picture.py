from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from soramame.errors import MediaError
from soramame.media import Clip, read_picture


def test_transparent_is_white_and_rotation_is_applied(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 4), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (read_picture(tmp_path / "a.png") == 255).all()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 4)).save(tmp_path / "b.jpg", exif=exif)
    assert read_picture(tmp_path / "b.jpg").shape == (8, 4, 3)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 0x8040, np.uint16)).save(tmp_path / "a.png")
    assert (read_picture(tmp_path / "a.png") == 0x80).all()


def test_colours_are_brought_to_srgb(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGB", (4, 4), (200, 30, 60))
    picture.save(tmp_path / "same.png", icc_profile=lab)
    assert np.abs(read_picture(tmp_path / "same.png").astype(int) - (200, 30, 60)).max() <= 1
    picture.save(tmp_path / "nonsense.png", icc_profile=b"nonsense")
    assert (read_picture(tmp_path / "nonsense.png") == (200, 30, 60)).all()


def test_metadata_in_a_gif_comment_is_bytes(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "GIF", comment=json.dumps({"seed": 3}).encode())
    (tmp_path / "a.gif").write_bytes(out.getvalue())
    assert Clip.load(tmp_path / "a.gif").metadata == {"seed": 3}


def test_an_animation_with_times_of_its_own_becomes_constant(tmp_path: Path) -> None:
    images = [Image.new("L", (8, 8), 20 * shade) for shade in range(10)]
    images[0].save(tmp_path / "a.gif", save_all=True, append_images=images[1:], duration=[100] * 9 + [2100])
    clip = Clip.load(tmp_path / "a.gif")
    assert clip.fps == 10
    assert clip.frames[:, 0, 0, 0].tolist() == [20 * shade for shade in range(10)] + [180] * 20
    assert clip.notes == ("made constant at 10 frames a second",)


def test_a_picture_held_for_hours_is_refused(tmp_path: Path) -> None:
    images = [Image.new("L", (8, 8), shade) for shade in range(3)]
    images[0].save(tmp_path / "a.gif", save_all=True, append_images=images[1:], duration=[10, 10, 600_000])
    with pytest.raises(MediaError, match="too long"):
        Clip.load(tmp_path / "a.gif")


def test_what_was_done_to_a_picture_is_said(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGBA", (8, 4), (255, 0, 0, 90)).save(tmp_path / "a.png", exif=exif)
    assert Clip.load(tmp_path / "a.png").notes == ("turned upright", "transparency shown on white")
    Image.fromarray(np.full((4, 4), 0x8040, np.uint16)).save(tmp_path / "b.png")
    assert Clip.load(tmp_path / "b.png").notes == ("16-bit pixels rounded to 8",)
    Image.new("RGBA", (8, 4), (255, 0, 0, 255)).save(tmp_path / "c.png")
    assert Clip.load(tmp_path / "c.png").notes == ()
