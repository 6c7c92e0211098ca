// Painting a mask over a frame, with a pointer or with the keyboard. White in the mask is what is painted anew.
import { announce, clamp, h } from "./dom.js";
import { number, t } from "./i18n.js";

const STEP = 8;
const INK = "#e4593f"; // what the mask looks like here; the file has white

/** `film` gives the size; onchange(part of the picture that is painted, 0 to 1). */
export function brush(film, { onchange = () => {} } = {}) {
  const canvas = h("canvas", { class: "mask", tabindex: "0", role: "application", "aria-label": t("edit.canvas") });
  const ring = h("div", { class: "ring-cursor", hidden: true });
  const node = h("div", { class: "brush" }, canvas, ring);
  let pen = null;
  let radius = 16;
  let erasing = false;
  let last = null;
  const spot = { x: 0, y: 0 };

  function ready() {
    canvas.width = film.videoWidth;
    canvas.height = film.videoHeight;
    pen = canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(spot, { x: canvas.width / 2, y: canvas.height / 2 });
  }
  if (film.videoWidth) ready();
  else film.addEventListener("loadedmetadata", ready, { once: true });

  function dab(from, to, rub = erasing) {
    pen.globalCompositeOperation = rub ? "destination-out" : "source-over";
    pen.strokeStyle = INK;
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = 2 * radius;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x + 0.01, to.y);
    pen.stroke();
  }

  function here(event) {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
  }

  function show(point) {
    Object.assign(spot, { x: clamp(point.x, 0, canvas.width), y: clamp(point.y, 0, canvas.height) });
    ring.hidden = false;
    ring.style.left = `${(100 * spot.x) / canvas.width}%`;
    ring.style.top = `${(100 * spot.y) / canvas.height}%`;
    ring.style.width = `${(200 * radius) / canvas.width}%`;
  }

  function part() {
    const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 3; i < data.length; i += 4) count += data[i] > 127;
    return count / (canvas.width * canvas.height);
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = here(event);
    dab(last, last);
  });
  canvas.addEventListener("pointermove", (event) => {
    const point = here(event);
    show(point);
    if (!last) return;
    dab(last, point);
    last = point;
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { last = null; onchange(part()); });
  canvas.addEventListener("pointerleave", () => { ring.hidden = document.activeElement !== canvas; });
  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && show(spot));
  canvas.addEventListener("blur", () => { ring.hidden = true; });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) show({ x: spot.x + STEP * way[0], y: spot.y + STEP * way[1] });
    else if (event.key === " ") told(() => dab(spot, spot, false));
    else if (event.key === "Delete" || event.key === "Backspace") told(() => dab(spot, spot, true));
    else return;
    event.preventDefault();
  });

  function told(act) {
    act();
    announce(t("edit.painted", { percent: number(100 * part(), 0) }));
    onchange(part());
  }

  return {
    node, part,
    size(pixels) { radius = pixels / 2; if (!ring.hidden) show(spot); },
    erase(yes) { erasing = yes; },
    clear() { pen.clearRect(0, 0, canvas.width, canvas.height); onchange(0); },
    /** The mask as a PNG file: white on black, of the video's size. */
    async file() {
      const out = h("canvas", { width: canvas.width, height: canvas.height });
      const ink = out.getContext("2d");
      ink.drawImage(canvas, 0, 0);
      ink.globalCompositeOperation = "source-in";
      ink.fillStyle = "#fff";
      ink.fillRect(0, 0, out.width, out.height);
      ink.globalCompositeOperation = "destination-over";
      ink.fillStyle = "#000";
      ink.fillRect(0, 0, out.width, out.height);
      return new File([await new Promise((go) => out.toBlob(go, "image/png"))], "mask.png", { type: "image/png" });
    },
  };
}
