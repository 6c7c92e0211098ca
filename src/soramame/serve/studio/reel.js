// The reel of a storyboard: shots side by side, as wide as they are long, with their cards on a lane below.
import { clamp, h, icon } from "./dom.js";
import { APART } from "./board.js";
import { number, t } from "./i18n.js";

const STEP = 0.25;
export const SIGN = { text: "text", picture: "picture", clip: "clip" };
export const label = (card) => t("board.card", { at: number(card.at, 2), kind: t(`board.${card.kind}`) });

/** chosen: {shot, card}; pick(shot, card) chooses; moved() is called while a card is moved. */
export function reel(board, chosen, { pick, moved }) {
  return h("ol", { class: "reel", "aria-label": t("board.shots") }, board.shots.map((shot, i) => {
    const item = h("li", {}, block(shot, i), h("div", { class: "lane" }, h("div", {}, shot.cards.map((card) => mark(shot, card)))));
    item.style.setProperty("--seconds", shot.seconds);
    return item;
  }));

  function block(shot, i) {
    const words = shot.prompt || shot.cards.find((card) => card.at === 0)?.prompt || t("board.empty");
    const joined = i ? t(`board.${shot.transition}`) : "";
    return h("button", {
      class: "shot", type: "button", "data-shot": shot.id, "aria-pressed": String(shot === chosen.shot && !chosen.card), onclick: () => pick(shot, null),
    }, h("strong", {}, t("board.shot", { number: i + 1 }), h("span", {}, t("facts.seconds", { seconds: number(shot.seconds) }))),
    h("span", { class: "what" }, words), joined ? h("span", { class: "soft join" }, joined) : null);
  }

  function mark(shot, card) {
    const button = h("button", {
      class: "cardmark", type: "button", "data-card": card.id, "aria-pressed": String(card === chosen.card), "aria-label": label(card), title: label(card),
      onclick: () => pick(shot, card),
    }, icon(SIGN[card.kind]));
    const put = () => { button.style.left = `${(100 * card.at) / shot.seconds}%`; button.setAttribute("aria-label", label(card)); };
    const set = (at) => {
      card.at = clamp(Math.round(at / STEP) * STEP, 0, Math.max(0, shot.seconds - APART));
      put();
      moved(card);
    };
    button.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!by) return;
      event.preventDefault();
      set(card.at + by);
    });
    button.addEventListener("pointerdown", (event) => {
      const from = { x: event.clientX, at: card.at };
      button.setPointerCapture(event.pointerId);
      const move = (now) => set(from.at + ((now.clientX - from.x) * shot.seconds) / button.parentElement.clientWidth);
      const up = () => button.removeEventListener("pointermove", move);
      button.addEventListener("pointermove", move);
      button.addEventListener("pointerup", up, { once: true });
      button.addEventListener("pointercancel", up, { once: true });
    });
    put();
    return button;
  }
}
