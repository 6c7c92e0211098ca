"""Files by key, in a folder, in fsspec's memory, and in a store that speaks S3 (moto)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]
import pytest

from soramame.errors import ConfigError, OutputError
from soramame.serve import storage as storages
from soramame.serve.storage import DRAFTS, FORGOTTEN, Storage, StorageGoneError
from tests.serve.objects import Objects

FILES = ("folder", "memory", "s3")
KEY = "videos/video_a/1/clip.mp4"
S3 = pytest.mark.parametrize("address", ["s3"], indirect=True)


@pytest.fixture
def storage(address: str) -> Storage:
    return Storage(address)


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


@pytest.mark.parametrize(
    ("first", "last"), [(0, 0), (0, 2_999_999), (1 << 20, 1 << 20), ((1 << 20) - 1, 1 << 21), (2_999_990, 2_999_999)]
)
def test_parts_begin_and_end_where_they_are_asked_to(storage: Storage, tmp_path: Path, first: int, last: int) -> None:
    data = bytes(range(251)) * 12_000
    put(storage, tmp_path, KEY, data)
    assert b"".join(storage.pieces(KEY, first, last)) == data[first : last + 1]
    assert list(storage.pieces(KEY, 0, -1)) == []


@pytest.mark.parametrize("address", ["folder", "s3"], indirect=True)
def test_a_file_is_seen_whole_by_who_reads_it_while_it_is_replaced(storage: Storage, tmp_path: Path) -> None:
    whole = {bytes([n]) * (200_000 + n): n for n in range(2)}
    files = []
    for data, n in whole.items():
        files.append(tmp_path / f"source{n}")
        files[-1].write_bytes(data)
    storage.put(files[0], KEY)
    ending, seen = threading.Event(), list[bytes]()

    def reading() -> None:
        while not ending.is_set():
            seen.append(storage.read(KEY))

    reader = threading.Thread(target=reading)
    reader.start()
    for n in range(30):
        storage.put(files[n % 2], KEY)
    ending.set()
    reader.join()
    assert len(seen) > 1
    assert set(seen) <= set(whole)


def test_a_folder_is_removed_and_not_those_whose_names_begin_like_it(storage: Storage, tmp_path: Path) -> None:
    put(storage, tmp_path, KEY, b"x")
    put(storage, tmp_path, "videos/video_ab/1/clip.mp4", b"y")
    storage.delete("videos/video_a")
    assert storage.size(KEY) is None
    assert storage.size("videos/video_ab/1/clip.mp4") == 1


def test_a_file_is_removed_by_many_at_once(storage: Storage, tmp_path: Path) -> None:
    for _ in range(5):
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


ELSEWHERE = """
import sys, pathlib
from soramame.serve.storage import Storage
storage = Storage(sys.argv[1])
storage.delete(sys.argv[2])
storage.put(pathlib.Path(sys.argv[4]), sys.argv[3])
"""


@S3
def test_what_another_process_did_meanwhile_is_seen(storage: Storage, address: str, tmp_path: Path) -> None:
    """The driver remembers what was in a folder unless it is told not to."""
    put(storage, tmp_path, KEY, b"old")
    storage._files.ls(storage._files._parent(storage._path(KEY)))
    storage._files.find(storage._root)
    fresh = KEY.replace("clip", "fresh")
    (tmp_path / "new").write_bytes(b"new one")
    told = [sys.executable, "-c", ELSEWHERE, address, KEY, fresh, str(tmp_path / "new")]
    subprocess.run(told, check=True, timeout=60)
    assert storage.size(KEY) is None
    assert storage.size(fresh) == len(b"new one")


@S3
def test_a_store_that_is_gone_for_a_while_is_told_of_and_is_there_again_behind_it(
    storage: Storage, objects: Objects, tmp_path: Path
) -> None:
    put(storage, tmp_path, KEY, b"data")
    asked = (
        lambda: storage.size(KEY),
        lambda: storage.read(KEY),
        lambda: storage.put(tmp_path / "source", KEY),
        lambda: storage.copy(KEY, "inputs"),
        lambda: storage.delete(KEY),
        lambda: storage.fetch(KEY, tmp_path / "again"),
        lambda: list(storage.pieces(KEY, 0, 3)),
    )
    with objects.gone():
        began = time.monotonic()
        for one in asked:
            with pytest.raises(StorageGoneError, match="no answer") as raised:
                one()
            assert "127.0.0.1" not in str(raised.value)
        assert time.monotonic() - began < 30
    assert storage.read(KEY) == b"data"


@S3
def test_a_part_of_a_large_file_costs_no_more_than_it_has(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, tmp_path, KEY, bytes(5 << 20))
    got, cat = list[int](), storage._files.cat_file

    def counted(*told: Any, **how: Any) -> bytes:
        data: bytes = cat(*told, **how)
        got.append(len(data))
        return data

    monkeypatch.setattr(storage._files, "cat_file", counted)
    monkeypatch.setattr(storage._files, "open", None)  # would read ahead
    assert len(b"".join(storage.pieces(KEY, 10, 19))) == 10
    assert got == [10]
    assert sum(map(len, storage.pieces(KEY, 0, (5 << 20) - 1))) == 5 << 20
    assert max(got) == storages.OBJECTS_PIECE


@S3
def test_what_one_may_not_do_is_told_with_where_to_look(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*told: object, **how: object) -> None:
        raise PermissionError("Access Denied")

    monkeypatch.setattr(storage._files, "put_file", refused)
    with pytest.raises(OutputError, match="credentials"):
        put(storage, tmp_path, KEY, b"x")


@S3
def test_a_bucket_that_there_is_not_is_told(address: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="bucket does not exist"):
        put(Storage("s3://nobodys-bucket/files"), tmp_path, KEY, b"x")


@pytest.mark.parametrize(
    ("url", "module", "way"),
    [("s3://bucket/files", "s3fs", r"pip install 'soramame\[s3\]'"), ("gs://bucket/files", "gcsfs", "install it")],
)
def test_a_driver_that_is_not_there_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, url: str, module: str, way: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    found = sys.modules["fsspec.registry"]._registry
    monkeypatch.delitem(found, url.partition(":")[0], raising=False)
    with pytest.raises(ConfigError, match=way):
        Storage(url)


def test_an_address_that_nothing_opens() -> None:
    assert "nonsense" not in fsspec.available_protocols()
    with pytest.raises(ConfigError, match="cannot be used"):
        Storage("nonsense://x")
