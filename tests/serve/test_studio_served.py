"""The studio's views on what the real server tells them: samples, prompts made long, cuts and their history, where a file is from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from soramame.engine import Soramame
from soramame.prompt.expand import expand
from soramame.safety.policy import Policy
from soramame.serve.run import Place
from soramame.serve.samples import INDEX, STUDIO
from soramame.serve.service import Settings
from soramame.serve.worker import Painter
from tests.engine.clips import moving
from tests.serve.browser import NEEDS_CHROMIUM, SOON, Studio, chromium, until
from tests.serve.served import painting, serving

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.filterwarnings("ignore::DeprecationWarning"), pytest.mark.timeout(600)]


@pytest.fixture
def settings(place: Place, tiny: Path) -> Settings:
    return Settings(database=place.database, storage=place.storage, model=str(tiny))


@pytest.fixture
def studio(settings: Settings) -> Iterator[Studio]:
    with serving(settings) as server, chromium() as browser:
        studio = Studio(browser, server.url)
        yield studio
        studio.context.close()
        assert studio.wrong == []


def test_the_samples_that_ship_play_under_their_prompts(studio: Studio) -> None:
    told = [clip for row in json.loads((STUDIO / INDEX).read_text(encoding="utf-8"))["rows"] for clip in row["clips"]]
    page = studio.open("gallery")
    expect(page.locator(".card .prompt")).to_have_text([clip["prompt"] for clip in told])
    page.locator(".card .play").first.click()
    until(page, "document.querySelector('.card video').currentTime > 0.2")
    page.get_by_role("button", name="Use this prompt").first.click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(told[0]["prompt"])


def test_a_prompt_made_long_is_that_of_the_engine(place: Place) -> None:
    with serving(Settings(database=place.database, storage=place.storage)) as server, chromium() as browser:
        studio = Studio(browser, server.url)
        page = studio.open("create")
        page.get_by_label("Prompt", exact=True).fill("a dog runs")
        with page.expect_request("**/prompts/expansions") as asked:
            page.get_by_role("button", name="Make it longer").click()
        seed = json.loads(asked.value.post_data or "")["seed"]
        expect(page.get_by_label("Longer prompt")).to_have_value(expand("a dog runs", seed=seed).text)
        studio.context.close()
        assert studio.wrong == []


def test_an_end_is_cut_off_and_both_are_in_the_history(settings: Settings, painter: Painter) -> None:
    with serving(settings) as server, painting(painter), chromium() as browser:
        asked = {"prompt": "a dog", "size": "128x64", "seconds": 2, "steps": 1, "seed": 3}
        first = httpx.post(f"{server.base}/videos", json=asked).json()["id"]
        studio = Studio(browser, server.url)
        while httpx.get(f"{server.base}/videos/{first}").json()["status"] != "completed":
            studio.page.wait_for_timeout(100)
        page = studio.open(f"editor/{first}")
        page.get_by_role("slider", name="End").focus()
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        page.get_by_role("button", name="Make it so").click()
        expect(page.locator(".tree .leaf")).to_have_count(2, timeout=SOON)
        expect(page.locator(".tree .said").first).to_have_text("a dog")
        part = next(one for one in httpx.get(f"{server.base}/videos").json()["data"] if one["id"] != first)
        assert part["source_video_id"] == first
        assert float(part["seconds"]) < 2.125
        studio.context.close()
        assert studio.wrong == []


def test_a_stripped_and_a_whole_file_in_plain_words(studio: Studio, tiny: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[switches]\nframes = false\n")
    sora = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=Policy.load(policy))
    whole = sora.generate("a dog", seconds=2, seed=5).save(tmp_path / "whole.mp4")
    nothing = moving(9).save(tmp_path / "nothing.mp4")
    page = studio.open("verify")
    page.locator("input[type=file]").set_input_files(whole)
    expect(page.locator(".verdict h2")).to_have_text("Made here, and unchanged")
    expect(page.locator(".finding").nth(2)).to_contain_text("It was not asked")
    expect(page.locator(".facts-list")).to_contain_text("a dog")
    page.locator("input[type=file]").set_input_files(nothing)
    expect(page.locator(".verdict h2")).not_to_have_text("Made here, and unchanged")
    expect(page.locator(".finding").nth(2)).to_contain_text("It")
