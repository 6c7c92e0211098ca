// A place to drop a file on, or to choose one with the keyboard.
import { revoke } from "./api.js";
import { h, icon, announce } from "./dom.js";
import { t } from "./i18n.js";

const VIDEO = /\.(mp4|webm|mov|mkv|m4v)$/i;
export const isVideo = (file) => file.type.startsWith("video/") || VIDEO.test(file.name);

/** accept: "image/*,video/*"; onfile(file or null). `show` false: the file is not shown in place. */
export function drop({ label, hint, accept, onfile, show = true }) {
  let held = null;
  let url = null;
  const input = h("input", { type: "file", accept, onchange: () => input.files[0] && take(input.files[0]) });
  const choose = h("label", { class: "button small" }, input, icon("plus"), label);
  const inside = h("div", { class: "row" });
  const zone = h("div", { class: "drop" }, inside, h("p", { class: "soft" }, hint));

  function draw() {
    if (url) revoke(url);
    url = null;
    if (!held || !show) { inside.replaceChildren(choose); return; }
    url = URL.createObjectURL(held);
    const shown = isVideo(held)
      ? h("video", { src: url, class: "held", muted: true, loop: true, playsinline: true, controls: true, "aria-label": held.name })
      : h("img", { src: url, class: "held", alt: held.name });
    const away = h("button", { class: "button small", type: "button", onclick: () => { take(null); input.focus(); } }, icon("close"), t("drop.away"));
    inside.replaceChildren(shown, away);
  }

  function take(file) {
    held = file;
    input.value = "";
    draw();
    if (file) announce(t("drop.held", { name: file.name }));
    onfile?.(file);
  }

  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  draw();
  return { node: zone, value: () => held, clear: () => take(null) };
}
