"""A server heeds what was asked of another one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from soramame.errors import ConfigError
from soramame.serve import renewal
from soramame.serve.app import make
from soramame.serve.heed import Heed
from soramame.serve.run import Place
from soramame.serve.service import Settings
from tests.serve.test_http import keyfile, who

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx` with", "ignore::DeprecationWarning")


def test_a_key_that_is_revoked_at_one_server_is_refused_by_all(
    place: Place, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soramame.serve.heed.EVERY", 3600.0)
    keys = keyfile(tmp_path, admin="true")
    settings = Settings(database=place.database, storage=place.storage, model=str(tiny), keys=keys)
    with TestClient(make(settings)) as first, TestClient(make(settings)) as second:
        heed = Heed(second.app.state.service)  # type: ignore[attr-defined]
        assert not heed.once()
        whole = keys.read_text()
        keys.write_text("[[key]]" + whole.split("[[key]]")[1])
        assert first.post("/v1/admin/reload", headers=who("one")).status_code == 202
        assert first.get("/v1/models", headers=who("two")).status_code == 401
        assert second.get("/v1/models", headers=who("two")).status_code == 200
        assert heed.once()
        assert not heed.once()
        assert second.get("/v1/models", headers=who("two")).status_code == 401
        assert second.get("/v1/models", headers=who("one")).status_code == 200
        renewal.ask(second.app.state.service.store)  # type: ignore[attr-defined]
        keys.write_text("nonsense")
        for _ in range(2):  # it is tried until it can be read
            with pytest.raises(ConfigError):
                heed.once()
        assert second.get("/v1/models", headers=who("one")).status_code == 200
        keys.write_text(whole)
        assert heed.once()
        assert second.get("/v1/models", headers=who("two")).status_code == 200


def test_the_server_looks_by_itself(place: Place, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soramame.serve.heed.EVERY", 0.05)
    keys = keyfile(tmp_path)
    app = make(Settings(database=place.database, storage=place.storage, model=str(tiny), keys=keys))
    with TestClient(app) as http:
        keys.write_text("[[key]]" + keys.read_text().split("[[key]]")[1])
        renewal.ask(app.state.service.store)
        end = time.monotonic() + 30
        while http.get("/v1/models", headers=who("two")).status_code == 200:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert http.get("/v1/models", headers=who("one")).status_code == 200
