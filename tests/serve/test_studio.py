"""The studio in a real browser, against a server of canned clips: what a user does, from the first key to the finished video."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from soramame.prompt.storyboard import parse_storyboard
from tests.serve.browser import DESK, NEEDS_CHROMIUM, PHONE, SOON, Studio, chromium, until
from tests.serve.fake_studio import STUDIO, Fake, Frames, Running, paper_clips, write_mp4

pytestmark = NEEDS_CHROMIUM
VIEWS = ("gallery", "create", "storyboard", "editor", "editor/video_0001", "verify")
KEYS = r"\b(?:nav|gallery|create|stage|board|edit|verify|problem|facts)\.[a-z_]+\b"
"""Names of sentences, which nobody should see."""
TRUSTED = {
    "type": "c2pa",
    "outcome": "detected",
    "validation_state": "trusted",
    "issuer": "Soramame of a desk",
    "model": "mame",
}
ABSENT = {"type": "c2pa", "outcome": "not_detected", "validation_state": "not_present"}
MARK = {"type": "watermark", "outcome": "detected", "confidence": 0.98, "payload": "0100c0ffee"}
NO_MARK = {"type": "watermark", "outcome": "not_detected"}
LIKELY = {"type": "detector", "outcome": "detected", "score": 0.93}
SOURCES = [
    {
        "title": "first.mp4",
        "state": "trusted",
        "ingredients": [{"title": "beach.png", "state": "none", "ingredients": []}],
    }
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def canned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, Frames]]]:
    return tmp_path_factory.mktemp("clips"), paper_clips()


@pytest.fixture
def fake(canned: tuple[Path, list[tuple[str, Frames]]]) -> Fake:
    return Fake(folder=canned[0], clips=canned[1], pace=0.6)


@pytest.fixture
def address(fake: Fake) -> Iterator[str]:
    with Running(fake) as address:
        yield address


@pytest.fixture
def studio(browser: Browser, address: str) -> Iterator[Studio]:
    studio = Studio(browser, address)
    yield studio
    studio.context.close()
    assert studio.wrong == []


def playing(page: Page) -> int:
    return int(page.evaluate("[...document.querySelectorAll('video')].filter(film => !film.paused).length"))


def axe_violations(page: Page) -> list[str]:
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


# Every view, for everybody.


@pytest.mark.parametrize("look", ["light", "dark on a phone", "japanese on a phone"])
def test_every_view_is_accessible_and_fits(browser: Browser, fake: Fake, address: str, look: str) -> None:
    fake.add("a red ball rolls", 2)
    fake.add("a blue ball rolls", 2, parent="video_0000")
    options: dict[str, Any] = {"color_scheme": "dark" if "dark" in look else "light", "bypass_csp": True}
    options |= {"viewport": PHONE if "phone" in look else DESK, "locale": "ja-JP" if "japanese" in look else "en-US"}
    studio = Studio(browser, address, **options)
    for view in VIEWS:
        page = studio.open(view)
        page.wait_for_timeout(300)
        assert axe_violations(page) == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        assert page.locator("html").get_attribute("lang") == ("ja" if "japanese" in look else "en")
        assert re.findall(KEYS, page.locator("body").inner_text()) == [], view
        studio.leave()
    studio.context.close()
    assert not studio.wrong


def test_both_languages_say_everything() -> None:
    def keys(name: str) -> list[str]:
        return re.findall(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)?)":', (STUDIO / f"i18n/{name}.js").read_text(encoding="utf-8"))

    assert len(keys("en")) > 150
    assert sorted(keys("en")) == sorted(keys("ja"))
    assert len(set(keys("en"))) == len(keys("en"))


def test_modules_are_short_and_ask_nobody_else() -> None:
    for path in STUDIO.rglob("*"):
        if path.suffix in (".js", ".css", ".html"):
            text = path.read_text(encoding="utf-8")
            assert len(text.splitlines()) < 400, path
            assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == [], path


def test_language_and_theme_are_switched_and_kept(studio: Studio) -> None:
    page = studio.open("create")
    page.get_by_role("button", name="日本語").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("つくる")
    page.get_by_role("button", name="暗い表示にする").click()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", background)[:3])) < 200
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("つくる")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


# Gallery.


def test_a_sample_plays_while_it_is_pointed_at_or_has_the_focus(studio: Studio) -> None:
    page = studio.open("gallery")
    card = page.locator(".card").first
    expect(card.locator(".prompt")).to_have_text("a red sun sets over green hills of paper")
    expect(card.locator(".facts")).to_have_text("2.1 s · 256×160 · mame · seed 0")
    card.hover()
    expect(card).to_have_class(re.compile("playing"))
    page.mouse.move(2, 2)
    expect(card).not_to_have_class(re.compile("playing"))
    page.get_by_role("button", name="Samples: scroll on").focus()
    page.keyboard.press("Tab")
    until(page, "[...document.querySelectorAll('video')].some(film => !film.paused)")


def test_with_reduced_motion_a_sample_plays_only_when_asked(browser: Browser, address: str) -> None:
    studio = Studio(browser, address, reduced_motion="reduce")
    page = studio.open("gallery")
    page.locator(".card").first.hover()
    page.wait_for_timeout(300)
    assert playing(page) == 0
    page.locator(".card .play").first.click()
    until(page, "[...document.querySelectorAll('video')].some(film => !film.paused)")
    studio.context.close()


def test_a_row_scrolls_sideways(browser: Browser, address: str) -> None:
    studio = Studio(browser, address, viewport=PHONE)
    page = studio.open("gallery")
    page.get_by_role("button", name="Samples: scroll on").click()
    until(page, "document.querySelector('.strip').scrollLeft > 100")
    studio.context.close()


def test_the_prompt_of_a_sample_is_used(studio: Studio) -> None:
    page = studio.open("gallery")
    page.get_by_role("button", name="Use this prompt").nth(1).click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a white cloud drifts over the sea at noon")
    page.get_by_text("Fine settings").click()
    expect(page.get_by_label("Seed")).to_have_value("1")


def test_own_videos_are_shown_and_deleted(studio: Studio, fake: Fake) -> None:
    fake.add("a video of mine", 1)
    fake.add("one that failed", 1, status="failed", error={"code": "moderation_blocked", "message": "Category: test."})
    page = studio.open("gallery")
    expect(page.get_by_role("heading", name="Yours")).to_be_visible()
    expect(page.get_by_text("The rules of this server do not allow it. Category: test.")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete: a video of mine").click()
    expect(page.get_by_text("a video of mine", exact=True)).to_have_count(0)
    assert [job.wire["prompt"] for job in fake.jobs.values()] == ["one that failed"]


# Create.


def test_a_prompt_becomes_a_video_that_clears_up_out_of_the_noise(studio: Studio, fake: Fake) -> None:
    fake.pace = 2.0
    page = studio.open("create")
    page.get_by_label("Prompt", exact=True).fill("five wolf pups play")
    page.get_by_role("button", name="Make it longer").click()
    longer = page.get_by_label("Longer prompt")
    expect(longer).to_have_value(re.compile("^Five wolf pups play. It is late"))
    longer.fill("Five wolf pups play in the snow at dusk.")
    page.get_by_label("160×256").check()
    page.get_by_label("Length").fill("6")
    page.get_by_role("button", name="Make the video").click()
    expect(page.get_by_text("Number 2 in the queue").first).to_be_visible()
    expect(page.locator("canvas.noise")).to_be_visible()
    expect(page.get_by_alt_text("The video as it is so far").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Step \d+ of 12$"))).to_be_visible()
    expect(page.locator(".frame video")).to_be_visible()
    expect(page.locator("#said")).to_have_text("The video is done.")
    path, fields = fake.asked[-1]
    assert path == "videos"
    told = {
        "prompt": "Five wolf pups play in the snow at dusk.",
        "size": "160x256",
        "seconds": "6",
        "expand": "off",
        "model": "mame",
    }
    assert fields == told
    page.get_by_role("link", name="Go on in the editor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Editor")


def test_a_job_is_cancelled(studio: Studio, fake: Fake) -> None:
    fake.pace = 30
    page = studio.open("create")
    page.get_by_label("Prompt", exact=True).fill("a ball")
    page.get_by_role("button", name="Make the video").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".frame .note")).to_have_text("Cancelled.")
    expect(page.get_by_role("button", name="Make the video")).to_be_enabled()


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        ("", "Say what happens first: the prompt is empty."),
        ("refused", "size: 1x1 is smaller than 64x64."),
        ("forbidden", "The rules of this server do not allow it. Category: test."),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(studio: Studio, prompt: str, sentence: str) -> None:
    page = studio.open("create")
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Make the video").click()
    expect(page.locator(".note.bad")).to_have_text(sentence)


def test_a_server_that_is_gone_is_said(browser: Browser, fake: Fake) -> None:
    with Running(fake) as address:
        studio = Studio(browser, address)
        page = studio.open("create")
    page.get_by_label("Prompt", exact=True).fill("a ball")
    page.get_by_role("button", name="Make the video").click()
    expect(page.locator(".note.bad")).to_have_text("The server cannot be reached. Is it running?")
    studio.context.close()


def test_a_picture_starts_to_move_and_a_clip_goes_on(studio: Studio, fake: Fake, tmp_path: Path) -> None:
    picture, clip = tmp_path / "start.png", tmp_path / "日本.mp4"
    Image.fromarray(fake.clips[0][1][0]).save(picture)
    write_mp4(clip, fake.clips[0][1])
    page = studio.open("create")
    page.get_by_label("Prompt", exact=True).fill("it moves")
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Make the video").click()
    expect(page.locator(".frame video")).to_be_visible()
    assert fake.asked[-1][0] == "videos"
    assert fake.asked[-1][1]["input_reference"]["data"] == picture.read_bytes()
    page.get_by_role("button", name="Take it away").click()
    page.locator("input[type=file]").set_input_files(clip)
    expect(page.get_by_label("It goes on")).to_be_checked()
    page.get_by_role("button", name="Make the video").click()
    expect(page.locator(".frame .preview").first).to_be_visible()
    assert fake.asked[-1][0] == "videos/extensions"
    assert fake.asked[-1][1]["video"]["filename"] == "日本.mp4"


def test_a_file_is_dropped(studio: Studio, fake: Fake) -> None:
    page = studio.open("create")
    dropped = """() => { const data = new DataTransfer(); data.items.add(new File(["x"], "wolf.png", {type: "image/png"}));
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true})); }"""
    page.evaluate(dropped)
    expect(page.get_by_alt_text("wolf.png")).to_be_attached()
    expect(page.locator("#said")).to_have_text("wolf.png is there.")


def test_a_server_with_keys_asks_for_one(studio: Studio, fake: Fake) -> None:
    fake.key = "sk-bean"
    fake.add("behind a key", 1)
    page = studio.open("gallery")
    page.get_by_label("API key").fill("sk-bean")
    page.get_by_role("button", name="Use it").click()
    card = page.locator(".card", has_text="behind a key")
    card.hover()
    expect(card).to_have_class(re.compile("playing"))
    assert card.locator("video").get_attribute("src", timeout=SOON).startswith("blob:")  # type: ignore[union-attr]


BLOBS = """window.blobs = new Set();
const [make, drop] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
URL.createObjectURL = (one) => { const url = make(one); blobs.add(url); return url; };
URL.revokeObjectURL = (url) => { blobs.delete(url); drop(url); };"""


def test_what_was_fetched_with_a_key_is_let_go_with_its_view(studio: Studio, fake: Fake) -> None:
    fake.key, fake.pace = "sk-bean", 2.0
    fake.add("behind a key", 1)
    studio.page.add_init_script(BLOBS)
    page = studio.open("gallery")
    page.get_by_label("API key").fill("sk-bean")
    page.get_by_role("button", name="Use it").click()
    page.locator(".card", has_text="behind a key").hover()
    until(page, "blobs.size >= 2")  # its picture and itself
    page.evaluate("location.hash = '#/create'")
    until(page, "blobs.size === 0")
    page.get_by_label("Prompt", exact=True).fill("five wolf pups play")
    page.get_by_role("button", name="Make the video").click()
    expect(page.locator(".frame video")).to_be_visible()
    until(page, "blobs.size <= 2")  # the video, and the last of its previews
    page.evaluate("location.hash = '#/verify'")
    until(page, "blobs.size === 0")


@pytest.mark.parametrize("address_of", ["editor/%E0%A4%A", "%", "toString/x", "create?prompt=%E0"])
def test_a_broken_address_is_a_page_all_the_same(studio: Studio, address_of: str) -> None:
    expect(studio.open(address_of).locator("h1")).to_be_visible()


# Storyboard.


def test_a_storyboard_is_laid_out_and_made(studio: Studio, fake: Fake, tmp_path: Path) -> None:
    picture = tmp_path / "beach.png"
    Image.fromarray(fake.clips[1][1][0]).save(picture)
    page = studio.open("storyboard")
    page.get_by_role("button", name="Make the film").click()
    expect(page.locator(".note.bad")).to_have_text("Shot 1 says nothing yet.")
    page.get_by_role("button", name="Add a character").click()
    page.get_by_label("Character 1: Name").fill("mira")
    page.get_by_label("Character 1: Look").fill('a woman in a "red" dress')
    page.get_by_label("What is seen from its beginning").click()
    page.get_by_role("button", name="Insert mira").click()
    page.get_by_label("What is seen from its beginning").press_sequentially(" walks")
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_label("What is seen from then on").fill("{mira} turns around")
    page.locator(".cardmark").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Add a shot").click()
    page.get_by_label("What is seen from its beginning").fill("a dog runs to {mia}")
    page.get_by_label("Dissolve").check()
    page.get_by_role("button", name="Picture", exact=True).click()
    page.locator(".inner input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Make the film").click()
    expect(page.locator(".note.bad")).to_have_text("Shot 2 names mia, who is not among the characters.")
    page.locator(".shot").nth(1).click()
    page.get_by_label("What is seen from its beginning").fill("a dog runs to {mira}")
    page.get_by_role("button", name="Make the film").click()
    expect(page.locator(".stage .frame video")).to_be_visible()
    path, fields = fake.asked[-1]
    assert path == "videos/storyboards"
    assert fields["files"][0]["data"] == picture.read_bytes()
    name = fields["files"][0]["filename"]
    (tmp_path / name).write_bytes(picture.read_bytes())
    board = parse_storyboard(fields["storyboard"], name="film.toml", folder=tmp_path)
    assert [shot.transition for shot in board.shots] == ["cut", "dissolve"]
    assert tomllib.loads(fields["storyboard"])["shots"][0]["cards"] == [{"at": 2.25, "prompt": "{mira} turns around"}]
    assert [card.image for card in board.shots[1].cards if card.image] == [tmp_path / name]
    assert 'a woman in a "red" dress walks' in board.shots[0].prompt_at(0)


def test_a_card_is_dragged_along_its_shot(studio: Studio) -> None:
    page = studio.open("storyboard")
    page.get_by_role("button", name="Text", exact=True).click()
    box = page.locator(".cardmark").bounding_box()
    lane = page.locator(".lane > div").bounding_box()
    assert box is not None
    assert lane is not None
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 16 + lane["width"] / 4, box["y"] + 16, steps=4)
    page.mouse.up()
    expect(page.get_by_role("button", name="Card at 3 s, Text")).to_be_visible()


def test_the_storyboard_is_saved_as_toml(studio: Studio) -> None:
    page = studio.open("storyboard")
    page.get_by_label("Title").fill('雪の\t映画 \\ "quoted"')
    page.get_by_label("What is seen from its beginning").fill("a dog")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as film.toml").click()
    told = tomllib.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert told["title"] == '雪の 映画 \\ "quoted"'
    assert told["shots"] == [{"seconds": 4.0, "prompt": "a dog"}]


# Editor.


@pytest.fixture
def editor(studio: Studio, fake: Fake) -> Page:
    fake.add("a red ball rolls", 2)
    fake.add("the sea at noon", 1)
    page = studio.open("editor/video_0000")
    until(page, "document.querySelectorAll('.film canvas').length === 8")
    return page


def made(page: Page, fake: Fake, path: str) -> dict[str, Any]:
    """What was asked once the result is shown."""
    expect(page.locator(".beside .stage video")).to_be_visible()
    assert fake.asked[-1][0] == path
    return fake.asked[-1][1]


def test_an_end_is_dragged_outward_and_the_video_goes_on(editor: Page, fake: Fake) -> None:
    editor.locator(".timeline").scroll_into_view_if_needed()
    grip = editor.get_by_role("slider", name="End").bounding_box()
    track = editor.locator(".track").bounding_box()
    assert grip is not None
    assert track is not None
    editor.mouse.move(grip["x"] + 12, grip["y"] + 20)
    editor.mouse.down()
    editor.mouse.move(grip["x"] + 12 + track["width"] / 5, grip["y"] + 20, steps=6)
    editor.mouse.up()
    said = editor.get_by_role("slider", name="End").get_attribute("aria-valuetext") or ""
    seconds = re.fullmatch(r"([\d.]+) s more", said)
    assert seconds is not None, (said, grip, track)
    assert 0.5 <= float(seconds[1]) <= 4
    editor.get_by_label("What happens in the new part").fill("it stops")
    editor.get_by_role("button", name="Make it so").click()
    fields = made(editor, fake, "videos/extensions")
    assert fields == {"video[id]": "video_0000", "seconds": seconds[1], "prompt": "it stops"}
    expect(editor.locator(".tree .leaf")).to_have_count(2)


def test_ends_are_moved_with_the_keyboard_cut_first_then_begin_earlier(editor: Page, fake: Fake) -> None:
    editor.get_by_role("slider", name="End").focus()
    for _ in range(2):
        editor.keyboard.press("ArrowLeft")
    editor.get_by_role("slider", name="Beginning").focus()
    for _ in range(4):
        editor.keyboard.press("ArrowLeft")
    editor.get_by_role("button", name="Make it so").click()
    expect(editor.locator(".tree .leaf")).to_have_count(3, timeout=SOON)
    (cut, first), (extend, second) = fake.asked[-2:]
    assert (cut, extend) == ("videos/cuts", "videos/extensions")
    assert first["video[id]"] == "video_0000"
    assert float(first["start"]) == 0
    assert float(first["end"]) == pytest.approx(17 / 8 - 0.5, abs=0.05)
    assert second == {"video[id]": "video_0002", "seconds": "1", "backward": "true"}


def test_nothing_is_sent_before_an_end_is_moved(editor: Page, fake: Fake) -> None:
    editor.get_by_role("button", name="Make it so").click()
    expect(editor.locator(".note.bad")).to_have_text("Move an end first.")
    assert not fake.asked


def test_loop_blend_and_remix(editor: Page, fake: Fake) -> None:
    editor.get_by_role("tab", name="Length").focus()
    editor.keyboard.press("ArrowRight")
    editor.get_by_role("button", name="Make a loop").click()
    assert made(editor, fake, "videos/loops") == {"video[id]": "video_0000", "seconds": "2"}
    editor.get_by_role("tab", name="Blend").click()
    editor.get_by_label("The other video").select_option("video_0001")
    editor.locator(".panel:visible button.main").click()
    until(editor, "document.querySelector('.stage .status').hidden === false")
    assert made(editor, fake, "videos/blends") == {
        "video[id]": "video_0000",
        "second[id]": "video_0001",
        "seconds": "2",
    }
    editor.get_by_role("tab", name="Remix").click()
    expect(editor.get_by_label("Prompt", exact=True).locator("visible=true")).to_have_value("a red ball rolls")
    editor.locator(".panel:visible textarea").fill("a blue ball rolls")
    editor.locator(".panel:visible").get_by_label("Strength").fill("0.3")
    expect(editor.locator(".panel:visible")).to_contain_text("0.3: most of it stays")
    editor.locator(".panel:visible button.main").click()
    until(editor, "document.querySelector('.stage .status').hidden === false")
    assert made(editor, fake, "videos/video_0000/remix") == {"prompt": "a blue ball rolls", "strength": 0.3}


def test_a_place_is_painted_over_with_brush_and_keys(editor: Page, fake: Fake) -> None:
    editor.get_by_role("tab", name="Paint in").click()
    editor.locator(".panel:visible button.main").click()
    expect(editor.locator(".note.bad")).to_have_text("Paint over a place first.")
    editor.evaluate("scrollTo(0, 0)")
    box = editor.locator("canvas.mask").bounding_box()
    assert box is not None
    editor.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    editor.mouse.down()
    editor.mouse.move(box["x"] + box["width"] * 0.30, box["y"] + box["height"] * 0.5, steps=3)
    editor.mouse.up()
    editor.locator("canvas.mask").focus()
    for _ in range(8):
        editor.keyboard.press("ArrowRight")
    editor.keyboard.press(" ")
    editor.locator(".panel:visible textarea").fill("a bench")
    editor.locator(".panel:visible button.main").click()
    fields = made(editor, fake, "videos/inpaints")
    mask = np.asarray(Image.open(BytesIO(fields["mask"]["data"])).convert("L"))
    assert mask.shape == (160, 256)
    assert mask[80, int(256 * 0.27)] == 255
    assert mask[80, int(256 * 0.30) + 64] == 255
    assert mask[10, 10] == 0
    assert fields["prompt"] == "a bench"


def test_the_history_is_a_tree_that_leads_to_every_version(studio: Studio, fake: Fake) -> None:
    root = fake.add("first", 0)
    child = fake.add("second", 1, parent=root)
    fake.add("third", 2, parent=child)
    fake.add("other branch", 3, parent=root)
    fake.add("a stranger", 3)
    page = studio.open(f"editor/{child}")
    tree = page.locator(".tree").first
    expect(tree.locator(".said")).to_have_text(["first", "second", "third", "other branch"])
    expect(tree.locator("[aria-current]")).to_contain_text("second")
    tree.get_by_role("link", name="third").click()
    expect(page.locator(".about .prompt")).to_have_text("third")


# Verify.


VERDICTS: list[tuple[list[dict[str, Any]], str]] = [
    ([TRUSTED, MARK, LIKELY], "Made here, and unchanged"),
    ([TRUSTED, NO_MARK], "Signed, and unchanged"),
    ([TRUSTED | {"validation_state": "valid"}, NO_MARK], "Unchanged since an unknown signer signed it"),
    ([TRUSTED | {"validation_state": "invalid"}, NO_MARK], "Changed, or its credentials are not its own"),
    ([TRUSTED | {"validation_state": "invalid"}, MARK], "Made here, and changed since"),
    ([ABSENT, MARK], "Made here; its credentials are gone"),
    ([ABSENT, NO_MARK, LIKELY], "Probably made by a model"),
    ([ABSENT, NO_MARK, LIKELY | {"outcome": "not_detected", "score": 0.1}], "Nothing is known of it"),
    ([ABSENT, MARK], "Made here; its credentials are gone"),
    ([ABSENT], "Nothing is known of it"),
    ([TRUSTED, MARK, {"type": "verdict", "outcome": "parts of different clips"}], "Parts of different clips"),
]


def test_verdicts_in_plain_words(studio: Studio, fake: Fake) -> None:
    page, file = studio.open("verify"), fake.folder / "0.mp4"
    for results, verdict in VERDICTS:
        fake.findings = results
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".verdict h2")).to_have_text(verdict)
        expect(page.locator(".verdict h2")).to_be_focused()
        assert page.locator(".finding").count() == 3
        assert fake.asked[-1][1]["file"]["data"] == file.read_bytes()


def test_where_a_file_came_from_is_a_tree(browser: Browser, fake: Fake, address: str) -> None:
    fake.findings = [
        TRUSTED | {"ingredients": SOURCES, "recipe": {"task": "extend", "prompt": "a ball", "seed": 7}},
        MARK,
    ]
    studio = Studio(browser, address, bypass_csp=True)
    page = studio.open("verify")
    page.locator("input[type=file]").set_input_files(fake.folder / "0.mp4")
    expect(page.locator(".tree .leaf")).to_have_text(
        ["this file trusted", "first.mp4 trusted", "beach.png no credentials"]
    )
    expect(page.locator(".facts-list")).to_contain_text("Soramame of a desk")
    assert axe_violations(page) == []
    studio.context.close()
