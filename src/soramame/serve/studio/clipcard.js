// A clip on a card: it plays while it is pointed at or has the focus; the whole prompt stands under it.
import { h, icon, calm } from "./dom.js";
import { number, said, t } from "./i18n.js";

/** clip: {video or load() → address, poster, prompt, shows?, model, seed, seconds, size}; actions: elements under the prompt. */
export function clipCard(clip, { actions = [], heading = "h3", label = "" } = {}) {
  const [width, height] = (clip.size ?? "256x160").split("x").map(Number);
  const film = h("video", {
    muted: true, loop: true, playsinline: true, preload: "none", poster: clip.poster, width, height, tabindex: "-1", "aria-hidden": "true",
  });
  const button = h("button", { class: "play", type: "button", "aria-pressed": "false" }, film, h("span", { class: "sign" }, icon("play")));
  const prompt = said(clip.prompt);
  button.setAttribute("aria-label", t("card.play", { prompt: label || prompt }));
  const card = h("article", { class: "card", style: null }, button,
    h("div", { class: "under" },
      clip.shows ? h(heading, { class: "shows" }, said(clip.shows)) : null,
      h("p", { class: "prompt" }, prompt),
      h("p", { class: "soft facts" }, facts(clip)),
      h("div", { class: "row" }, actions)));
  card.style.setProperty("--shape", width / height);

  let pinned = false; // started by a click, so that leaving does not stop it
  let wanted = false; // whether it should play by the time it is there
  const start = async () => {
    wanted = true;
    try {
      if (!film.src) film.src = clip.video ?? await clip.load();
      if (!wanted) return;
      await film.play();
      card.classList.add("playing");
    } catch { /* left before it began, or gone: the poster stays */ }
  };
  const stop = () => { wanted = false; film.pause(); card.classList.remove("playing"); };
  card.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && !calm() && start());
  card.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && !pinned && stop());
  card.addEventListener("focusin", () => !calm() && button.matches(":focus-visible") && start());
  card.addEventListener("focusout", (event) => !card.contains(event.relatedTarget) && !pinned && stop());
  button.addEventListener("click", () => {
    pinned = !pinned;
    button.setAttribute("aria-pressed", String(pinned));
    if (pinned) start(); else stop();
  });
  return card;
}

/** "4 s · 256×160 · mame · seed 7": what is known of them. */
export function facts(clip) {
  return [
    clip.seconds && t("facts.seconds", { seconds: number(Number(clip.seconds)) }),
    clip.size?.replace("x", "×"), clip.model,
    clip.seed !== undefined && clip.seed !== null && t("facts.seed", { seed: clip.seed }),
  ].filter(Boolean).join(" · ");
}
