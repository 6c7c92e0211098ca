// A storyboard as data: what it says, what is wrong with it, and its TOML, the same that `soramame storyboard` reads.
import { number, t } from "./i18n.js";

export const LONGEST = 60;
export const APART = 0.125; // seconds between two cards, at least
let count = 0;
const id = () => ++count;

export const newCard = (kind, at) => ({ id: id(), kind, at, prompt: "", file: null });
export const newShot = () => ({ id: id(), seconds: 4, prompt: "", camera: "", transition: "cut", cards: [] });
export const newBoard = () => ({ title: "", size: "256x160", seed: 7, style: "paper cutout style", characters: [], shots: [newShot()] });

export const total = (board) => board.shots.reduce((sum, shot) => sum + shot.seconds, 0);

/** What keeps the board from being a film, as a sentence; null if nothing does. */
export function problem(board) {
  if (total(board) > LONGEST) return t("board.too_long", { seconds: number(total(board)) });
  if (board.characters.some((who) => !/^[\p{L}\p{N}_-]+$/u.test(who.name))) return t("board.bad_name");
  for (const [i, shot] of board.shots.entries()) {
    const told = { number: i + 1 };
    if (!shot.prompt.trim() && !shot.cards.some((card) => card.at === 0 && card.prompt.trim())) return t("board.no_prompt", told);
    if (shot.cards.some((card) => (card.kind === "text" ? !card.prompt.trim() : !card.file))) return t("board.no_file", told);
    const times = shot.cards.map((card) => card.at).sort((a, b) => a - b);
    if (times.some((at, k) => k && at - times[k - 1] < APART)) return t("board.close_cards", told);
    const who = unknown(board, [shot.prompt, shot.camera, ...shot.cards.map((card) => card.prompt)].join(" "));
    if (who) return t("board.unknown", { ...told, who });
  }
  return null;
}

function unknown(board, words) {
  const names = new Set(board.characters.map((who) => who.name));
  return [...words.matchAll(/\{([^{}]*)\}/g)].map((found) => found[1]).find((name) => !names.has(name)) ?? null;
}

const quoted = (words) => JSON.stringify(words.replace(/\s+/g, " ").trim());
const key = (name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name));
const float = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** {text, files}: the storyboard, and the pictures and clips that it names. */
export function toToml(board) {
  const lines = [];
  const files = [];
  const say = (name, value) => { if (value) lines.push(`${name} = ${quoted(value)}`); };
  say("title", board.title);
  say("size", board.size);
  if (board.seed !== "") lines.push(`seed = ${Math.trunc(Number(board.seed)) || 0}`);
  say("style", board.style);
  for (const who of board.characters) lines.push("", `[characters.${key(who.name)}]`, `look = ${quoted(who.look)}`);
  for (const [i, shot] of board.shots.entries()) {
    lines.push("", "[[shots]]", `seconds = ${float(shot.seconds)}`);
    say("prompt", shot.prompt);
    say("camera", shot.camera);
    if (i && shot.transition === "dissolve") say("transition", "dissolve");
    for (const card of [...shot.cards].sort((a, b) => a.at - b.at)) {
      lines.push("", "[[shots.cards]]", `at = ${float(card.at)}`);
      say("prompt", card.prompt);
      if (card.kind !== "text" && card.file) say(card.kind === "clip" ? "clip" : "image", name(card.file, files));
    }
  }
  return { text: `${lines.join("\n").trim()}\n`, files };
}

/** A name that no other file of the board has; the file is kept under it. */
function name(file, files) {
  const ending = /\.[A-Za-z0-9]{1,5}$/.exec(file.name)?.[0].toLowerCase() ?? "";
  const own = `card-${files.length + 1}${ending}`;
  files.push(new File([file], own, { type: file.type }));
  return own;
}
