// The gallery: rows that scroll sideways, the samples that ship and what the user has made.
import * as api from "./api.js";
import { clipCard, facts } from "./clipcard.js";
import { announce, calm, h, icon, uid } from "./dom.js";
import { said, t } from "./i18n.js";
import { scene } from "./scene.js";
import { sentence } from "./problems.js";

export function view({ go }) {
  const rows = h("div", { class: "rows" });
  const mine = h("div");
  const node = h("div", {}, hero(go), h("div", { class: "wrap view" }, mine, rows));
  fill(rows, mine, go);
  return { node, title: t("gallery.title") };
}

function hero(go) {
  const prompt = h("input", { type: "text", "aria-label": t("gallery.ask"), placeholder: t("gallery.example"), autocomplete: "off" });
  const form = h("form", { class: "ask", onsubmit: (event) => { event.preventDefault(); go("create", { prompt: prompt.value.trim() }); } },
    prompt, h("button", { class: "button main big" }, icon("create"), t("gallery.make")));
  return h("section", { class: "hero", "aria-labelledby": "page-title" }, scene(),
    h("div", { class: "wrap words" }, h("h1", { id: "page-title", tabindex: "-1" }, t("gallery.headline")), h("p", { class: "lead" }, t("gallery.lead")), form));
}

async function fill(rows, mine, go) {
  const own = api.videos().then((list) => { if (list.data.length) mine.append(row(t("gallery.mine"), list.data.map((one) => ownCard(one, go)))); });
  const shipped = api.samples().then((list) => rows.append(...list.map((one) => row(said(one.title), one.clips.map((clip) => sampleCard(clip, go))))));
  for (const part of await Promise.allSettled([own, shipped])) {
    if (part.status === "rejected") rows.append(h("p", { class: "note bad" }, sentence(part.reason)));
  }
}

/** A heading, cards beside one another, and buttons that scroll them where a mouse has no wheel for it. */
function row(title, cards) {
  const id = uid("row");
  const strip = h("ul", { class: "strip", role: "list" }, cards.map((card) => h("li", {}, card)));
  const step = (way) => strip.scrollBy({ left: way * strip.clientWidth * 0.8, behavior: calm() ? "auto" : "smooth" });
  const back = h("button", { class: "button round ghost", type: "button", "aria-label": t("gallery.back", { title }), onclick: () => step(-1) }, icon("left"));
  const on = h("button", { class: "button round ghost", type: "button", "aria-label": t("gallery.on", { title }), onclick: () => step(1) }, icon("right"));
  const look = () => {
    back.disabled = strip.scrollLeft < 4;
    on.disabled = strip.scrollLeft + strip.clientWidth > strip.scrollWidth - 4;
    back.hidden = on.hidden = back.disabled && on.disabled;
  };
  strip.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(strip);
  return h("section", { class: "gallery-row", "aria-labelledby": id },
    h("div", { class: "row apart" }, h("h2", { id }, title), h("div", { class: "row" }, back, on)), strip);
}

function sampleCard(clip, go) {
  const use = h("button", { class: "button small", type: "button", onclick: () => go("create", { prompt: said(clip.prompt), seed: clip.seed, size: clip.size, seconds: clip.seconds }) },
    icon("create"), t("gallery.use"), h("span", { class: "unseen" }, `: ${said(clip.shows)}`));
  return clipCard(clip, { actions: [use], label: said(clip.shows) });
}

function ownCard(video, go) {
  const named = (words) => [words, h("span", { class: "unseen" }, `: ${video.prompt ?? video.id}`)];
  const use = h("button", { class: "button small", type: "button", onclick: () => go("create", { prompt: video.prompt, seed: video.seed, size: video.size, seconds: video.seconds }) },
    icon("create"), named(t("gallery.use")));
  const away = h("button", { class: "button small ghost danger", type: "button", "aria-label": `${t("gallery.remove")}: ${video.prompt ?? video.id}`, title: t("gallery.remove"), onclick: () => remove(video, away) }, icon("trash"));
  if (video.status !== "completed") {
    const state = h("p", { class: "state" }, t(`status.${video.status}`), video.status === "in_progress" ? ` ${video.progress} %` : "");
    const follow = h("a", { class: "button small", href: `#/create?follow=${video.id}` }, icon("play"), named(t("gallery.follow")));
    return h("article", { class: "card waiting" }, h("div", { class: "play empty" }, state),
      h("div", { class: "under" }, h("p", { class: "prompt" }, video.prompt), video.error ? h("p", { class: "soft" }, sentence(video.error)) : null,
        h("p", { class: "soft facts" }, facts(video)), h("div", { class: "row" }, video.status === "failed" ? [use, away] : follow)));
  }
  const open = h("a", { class: "button small", href: `#/editor/${video.id}` }, icon("editor"), named(t("gallery.open")));
  const card = clipCard({ ...video, prompt: video.prompt ?? "", load: () => api.media(video.id) }, { actions: [open, use, away] });
  api.media(video.id, "thumbnail").then((url) => { card.querySelector("video").poster = url; }, () => {});
  return card;
}

async function remove(video, button) {
  if (!confirm(t("gallery.sure"))) return;
  try {
    await api.remove(video.id);
    const item = button.closest("li");
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    next?.querySelector("a, button")?.focus();
    announce(t("gallery.removed"));
  } catch (error) {
    announce(sentence(error));
    button.after(h("span", { class: "soft" }, sentence(error)));
  }
}
