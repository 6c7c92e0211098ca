// The timeline of a clip: a strip of its frames with two ends. Pulled outward an end makes it longer, pushed inward it cuts.
import { clamp, h } from "./dom.js";
import { number, t } from "./i18n.js";

const TILES = 8;
const MOST = 60; // seconds of a whole video
const REACH = 12; // seconds that an end can be pulled outward
const STEP = 0.25;

/** `film` is the <video> that the strip shows; onchange({start, end}) gives seconds, negative outside the clip. */
export function timeline(film, { onchange = () => {} } = {}) {
  const strip = h("div", { class: "film" });
  const needle = h("div", { class: "needle" });
  const ends = { start: handle("start"), end: handle("end") };
  const track = h("div", { class: "track" }, h("div", { class: "new start" }), strip, h("div", { class: "off start" }), h("div", { class: "off end" }),
    h("div", { class: "new end" }), needle, ends.start, ends.end);
  const node = h("div", { class: "timeline" }, track, h("p", { class: "soft" }, t("edit.timeline_hint")));
  let length = 0;
  const at = { start: 0, end: 0 }; // seconds beyond the clip's own ends: positive is longer, negative is cut

  const span = () => Math.max(length + 2 * Math.min(REACH, Math.max(2, at.start + 1, at.end + 1, length / 3)), 1);
  const room = () => (span() - length) / 2;

  function draw() {
    const whole = span();
    const left = room();
    const put = (element, from, to) => {
      element.style.left = `${(100 * from) / whole}%`;
      element.style.width = `${(100 * Math.max(0, to - from)) / whole}%`;
    };
    put(strip, left, left + length);
    put(track.querySelector(".new.start"), left - Math.max(0, at.start), left);
    put(track.querySelector(".new.end"), left + length, left + length + Math.max(0, at.end));
    put(track.querySelector(".off.start"), left, left + Math.max(0, -at.start));
    put(track.querySelector(".off.end"), left + length - Math.max(0, -at.end), left + length);
    ends.start.style.left = `${(100 * (left - at.start)) / whole}%`;
    ends.end.style.left = `${(100 * (left + length + at.end)) / whole}%`;
    needle.style.left = `${(100 * (left + film.currentTime)) / whole}%`;
    for (const side of ["start", "end"]) {
      ends[side].setAttribute("aria-valuenow", at[side]);
      ends[side].setAttribute("aria-valuemin", -room_in());
      ends[side].setAttribute("aria-valuetext", words(at[side]));
      ends[side].dataset.words = words(at[side]);
    }
  }

  const room_in = () => Math.max(0, length - 0.5);

  function set(side, seconds) {
    const other = side === "start" ? "end" : "start";
    const low = -Math.max(0, length + Math.min(0, at[other]) - 0.5);
    const high = Math.min(REACH, MOST - length - at[other]);
    at[side] = clamp(Math.round(seconds / STEP) * STEP, low, Math.max(0, high));
    draw();
    onchange({ ...at });
  }

  function handle(side) {
    const grip = h("div", {
      class: `grip ${side}`, role: "slider", tabindex: "0", "aria-label": t(`edit.${side}`), "aria-valuemin": -1, "aria-valuemax": REACH, "aria-valuenow": 0,
    });
    const outward = side === "start" ? -1 : 1;
    grip.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -4, PageUp: 4 }[event.key];
      if (by) set(side, at[side] + by * outward * STEP);
      else if (event.key === "Home" || event.key === "End") set(side, 0);
      else return;
      event.preventDefault();
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.focus();
      grip.setPointerCapture(event.pointerId);
      const from = { x: event.clientX, seconds: at[side], scale: span() / track.clientWidth };
      const move = (now) => set(side, from.seconds + outward * (now.clientX - from.x) * from.scale);
      const up = () => { grip.removeEventListener("pointermove", move); };
      grip.addEventListener("pointermove", move);
      grip.addEventListener("pointerup", up, { once: true });
      grip.addEventListener("pointercancel", up, { once: true });
    });
    return grip;
  }

  function words(seconds) {
    if (!seconds) return t("edit.same");
    return t(seconds > 0 ? "edit.longer" : "edit.shorter", { seconds: number(Math.abs(seconds), 2) });
  }

  film.addEventListener("timeupdate", draw);
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    film.currentTime = length * clamp((event.clientX - box.left) / box.width, 0, 1);
  });

  /** Once the film's length is known. */
  function ready() {
    length = film.duration;
    draw();
    tiles(film.src, length).then((list) => strip.replaceChildren(...list), () => {});
  }
  if (film.readyState >= 1) ready();
  else film.addEventListener("loadedmetadata", ready, { once: true });

  return { node, value: () => ({ ...at }), length: () => length, reset() { at.start = at.end = 0; draw(); onchange({ ...at }); } };
}

/** Small pictures of moments of a film, from a second <video> that nobody sees. */
async function tiles(source, length) {
  const hidden = h("video", { src: source, muted: true, preload: "auto" });
  const told = (name) => new Promise((go, stop) => {
    hidden.addEventListener(name, go, { once: true });
    hidden.addEventListener("error", stop, { once: true });
  });
  await told("loadeddata");
  const list = [];
  for (let i = 0; i < TILES; i++) {
    hidden.currentTime = (length * (i + 0.5)) / TILES;
    await told("seeked");
    const canvas = h("canvas", { width: Math.round((80 * hidden.videoWidth) / hidden.videoHeight), height: 80, "aria-hidden": "true" });
    canvas.getContext("2d").drawImage(hidden, 0, 0, canvas.width, canvas.height);
    list.push(canvas);
  }
  hidden.removeAttribute("src");
  return list;
}
