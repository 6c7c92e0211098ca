"""Files by key, in a folder and in a store of objects."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec  # type: ignore[import-untyped]
import pytest

from soramame.errors import ConfigError, OutputError
from soramame.serve.storage import DRAFTS, FORGOTTEN, Storage

KEY = "videos/video_a/1/clip.mp4"


@pytest.fixture(params=["folder", "objects"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "files") if request.param == "folder" else f"memory://{tmp_path.name}/files")


def put(storage: Storage, folder: Path, key: str, data: bytes) -> None:
    (folder / "source").write_bytes(data)
    storage.put(folder / "source", key)


def test_what_is_put_comes_back_whole_and_in_parts(storage: Storage, tmp_path: Path) -> None:
    data = os.urandom(1 << 19)
    put(storage, tmp_path, KEY, data)
    assert storage.size(KEY) == len(data)
    assert storage.read(KEY) == data
    assert storage.fetch(KEY, tmp_path / "again").read_bytes() == data
    assert b"".join(storage.pieces(KEY, 5, 300_000)) == data[5:300_001]
    put(storage, tmp_path, KEY, b"new")
    assert storage.read(KEY) == b"new"
    copy = storage.copy(KEY, "inputs")
    storage.delete("videos/video_a")
    assert storage.size(KEY) is None
    assert storage.read(copy) == b"new"


def test_what_is_not_there(storage: Storage, tmp_path: Path) -> None:
    storage.delete(KEY)
    assert storage.size(KEY) is None
    with pytest.raises(OutputError, match="not there"):
        storage.fetch(KEY, tmp_path / "x")
    with pytest.raises(OutputError, match="not there"):
        storage.copy(KEY, "inputs")


@pytest.mark.parametrize(
    "key", ["", "../x/y", "videos/../../x", "/etc/passwd", "videos/a\0", "videos//a", DRAFTS + "/a"]
)
def test_keys_that_are_none(storage: Storage, tmp_path: Path, key: str) -> None:
    with pytest.raises(OutputError, match="not a key"):
        put(storage, tmp_path, key, b"")
    with pytest.raises(OutputError, match="not a key"):
        storage.delete(key)


def test_a_file_is_removed_by_many_at_once(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "files"))
    for _ in range(20):
        put(storage, tmp_path, KEY, b"x")
        with ThreadPoolExecutor(8) as many:
            list(many.map(storage.delete, ["videos/video_a"] * 8))
        assert storage.size(KEY) is None


def test_what_somebody_left_behind_who_was_killed_is_removed(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "files"))
    put(storage, tmp_path, KEY, b"x")
    drafts = tmp_path / "files" / DRAFTS
    assert list(drafts.iterdir()) == []
    (drafts / "old").write_bytes(b"half")
    (drafts / "new").write_bytes(b"half")
    late = time.time() - FORGOTTEN - 1
    os.utime(drafts / "old", (late, late))
    storage.tidy()
    assert [one.name for one in drafts.iterdir()] == ["new"]
    assert storage.read(KEY) == b"x"


def test_a_disk_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*told: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        put(Storage(str(tmp_path / "files")), tmp_path, KEY, b"x")
    assert not [one for one in (tmp_path / "files").rglob("*") if one.is_file()]


def test_a_copy_without_room_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage(str(tmp_path / "files"))
    put(storage, tmp_path, KEY, b"whole")

    def full(source: str, target: str, **how: object) -> None:
        Path(target).write_bytes(b"wh")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(storage._files), "cp_file", lambda self, *told, **how: full(*told, **how))
    with pytest.raises(OutputError, match="No space left"):
        storage.copy(KEY, "inputs")
    assert [one.name for one in (tmp_path / "files").rglob("*") if one.is_file()] == ["clip.mp4"]


def test_an_address_that_nothing_opens() -> None:
    assert "nonsense" not in fsspec.available_protocols()
    with pytest.raises(ConfigError, match="cannot be used"):
        Storage("nonsense://x")
