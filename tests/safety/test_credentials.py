from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from c2pa import Reader
from hypothesis import given
from hypothesis import strategies as st

from soramame.safety.credentials import credentials, verdict
from soramame.safety.identity import Identity
from soramame.safety.provenance import State
from tests.safety.signed import made


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity.create(tmp_path_factory.mktemp("me") / "trust")


CODES = [
    "signingCredential.trusted",
    "signingCredential.untrusted",
    "signingCredential.expired",
    "claimSignature.validated",
    "claimSignature.mismatch",
    "claimSignature.insideValidity",
    "assertion.bmffHash.match",
    "assertion.dataHash.match",
    "assertion.dataHash.mismatch",
    "assertion.hashedURI.match",
    "a code of the future",
]


@given(st.frozensets(st.sampled_from(CODES)), st.frozensets(st.sampled_from(CODES)), st.booleans())
def test_trust_needs_every_check_to_have_passed(passed: frozenset[str], failed: frozenset[str], sound: bool) -> None:
    state, what = verdict((passed, failed), sound=sound)
    bound = {"assertion.bmffHash.match", "assertion.dataHash.match"} & passed
    whole = sound and "claimSignature.validated" in passed and bound and not failed - {"signingCredential.untrusted"}
    assert (state in (State.TRUSTED, State.UNKNOWN)) == bool(whole)
    if state is State.TRUSTED:
        assert "signingCredential.trusted" in passed
        assert not failed
    assert bool(what) == (state is State.TAMPERED)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def report(me: Identity, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("report")
    path = made(folder / "b.mp4", me, made(folder / "a.mp4", me), task="extend", watermark="00")
    with path.open("rb") as data:
        told: dict[str, Any] = json.loads(Reader("video/mp4", data).json())
    return told


@given(data=st.data())
def test_a_report_of_any_shape_is_read(report: dict[str, Any], data: st.DataObject) -> None:
    """Any part of what the library tells may be anything: it was written by a stranger."""
    told = copy.deepcopy(report)
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            places.append((value, key))
            walk(value[key])

    walk(told)
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(anything)
    assert credentials(told).state is not State.TRUSTED  # it was not trusted to begin with
    json.dumps(credentials(told).as_json())


def test_sources_in_a_circle_and_without_end_are_cut(report: dict[str, Any]) -> None:
    told = copy.deepcopy(report)
    label = told["active_manifest"]
    manifest = told["manifests"][label]
    manifest["ingredients"] = [{**manifest["ingredients"][0], "active_manifest": label}]
    assert credentials(told).ingredients[0].ingredients == ()
    manifest["ingredients"] = manifest["ingredients"] * 100_000
    assert len(credentials(told).ingredients) == 200
