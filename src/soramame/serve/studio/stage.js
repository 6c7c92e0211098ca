// Where a video comes out of the noise: queue, previews as they come, progress, cancel, and the finished clip.
import * as api from "./api.js";
import { announce, calm, h, icon, save } from "./dom.js";
import { number, t } from "./i18n.js";
import { sentence } from "./problems.js";

const GRAIN = 12; // noise pictures a second

/** `empty`: what stands there before the first job. ondone(video) is called for a completed one. */
export function stage({ empty = null, ondone = () => {}, onstate = () => {} } = {}) {
  const frame = h("div", { class: "frame" }, empty);
  const bar = h("progress", { max: 100, value: 0, "aria-label": t("stage.progress") });
  const told = h("p", { class: "told" });
  const stop = h("button", { class: "button small", type: "button", onclick: cancel }, icon("stop"), t("stage.cancel"));
  const status = h("div", { class: "status", hidden: true }, bar, h("div", { class: "row apart" }, told, stop));
  const after = h("div", { class: "row after" });
  const node = h("section", { class: "stage", "aria-label": t("stage.name") }, frame, status, after);
  let job = null;
  let control = null;
  let noise = null;

  /** Show a job from where it is until it ends; resolves to the finished video, or null if it did not come to be. */
  async function follow(video) {
    leave();
    job = video;
    const mine = control = new AbortController();
    after.replaceChildren();
    status.hidden = false;
    stop.disabled = false;
    bar.value = video.progress ?? 0;
    blank(video.size);
    say(video.status === "queued" ? t("stage.queued") : t("stage.starting"), true);
    onstate("busy");
    try {
      for await (const event of api.events(video.id, mine.signal)) {
        if (mine !== control) return null;
        if (event.kind === "progress") progress(event);
        else if (event.kind === "preview") await shown(event, mine);
        else if (event.kind === "done") return await ended(event.video ?? await api.video(video.id));
      }
    } catch (error) {
      failed(error);
    }
    return null;
  }

  function progress(event) {
    bar.value = event.progress ?? bar.value;
    if (event.queue_position) say(t("stage.position", { position: number(event.queue_position) }), true);
    else if (event.steps) say(t("stage.step", { step: event.step, steps: event.steps }));
  }

  async function shown(event, mine) {
    const picture = new Image();
    picture.alt = t("stage.preview");
    picture.src = await api.preview(job.id, event.number);
    try { await picture.decode(); } catch { return; }
    if (mine !== control) return;
    quiet();
    picture.className = "preview";
    frame.append(picture);
    for (const old of [...frame.children].slice(0, -2)) old.remove();
  }

  async function ended(video) {
    if (video.status !== "completed") { failed(video.error ?? {}); return null; }
    quiet();
    const source = await api.media(video.id);
    const film = h("video", { src: source, controls: true, loop: true, muted: true, playsinline: true, autoplay: !calm(), "aria-label": video.prompt ?? t("stage.video") });
    frame.replaceChildren(film);
    status.hidden = true;
    after.replaceChildren(
      h("a", { class: "button main", href: `#/editor/${video.id}` }, icon("editor"), t("stage.edit")),
      h("button", { class: "button", type: "button", onclick: () => save(source, `${video.id}.mp4`) }, icon("save"), t("stage.save")));
    announce(t("stage.done"));
    onstate("idle");
    ondone(video);
    return video;
  }

  function failed(error) {
    quiet();
    status.hidden = true;
    frame.replaceChildren(h("p", { class: error.code === "cancelled" ? "note" : "note bad" }, sentence(error)));
    announce(sentence(error));
    onstate("idle");
  }

  async function cancel() {
    stop.disabled = true;
    try {
      await api.cancel(job.id);
    } catch (error) {
      stop.disabled = false;
      announce(sentence(error));
    }
  }

  /** Write it, and for what does not change at every step, say it. */
  function say(words, aloud = false) {
    if (aloud && told.textContent !== words) announce(words);
    told.textContent = words;
  }

  /** Noise of the video's shape, as what there is before the first step. */
  function blank(size) {
    quiet();
    const [width, height] = (size ?? "256x160").split("x").map(Number);
    frame.style.setProperty("--shape", width / height);
    const canvas = h("canvas", { width: Math.round(width / 4), height: Math.round(height / 4), class: "noise", "aria-hidden": "true" });
    frame.replaceChildren(canvas);
    grain(canvas);
    if (!calm()) noise = setInterval(() => grain(canvas), 1000 / GRAIN);
  }

  function quiet() {
    clearInterval(noise);
    noise = null;
  }

  function leave() {
    control?.abort();
    control = null;
    quiet();
  }

  return { node, follow, leave, failed, frame };
}

function grain(canvas) {
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < picture.data.length; i += 4) {
    for (let c = 0; c < 3; c++) picture.data[i + c] = 90 + 130 * Math.random();
    picture.data[i + 3] = 255;
  }
  pen.putImageData(picture, 0, 0);
}
