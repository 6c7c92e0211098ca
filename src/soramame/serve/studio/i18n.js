// English and Japanese. t("create.submit"), t("stage.step", {step: 3, steps: 20}).
import { en } from "./i18n/en.js";
import { ja } from "./i18n/ja.js";

const LANGUAGES = { en, ja };
const KEY = "soramame.language";

function first() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked in LANGUAGES) return asked;
  const kept = stored(KEY);
  if (kept in LANGUAGES) return kept;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

let current = first();
document.documentElement.lang = current;

export const language = () => current;

export function setLanguage(name) {
  current = name;
  document.documentElement.lang = name;
  store(KEY, name);
}

/** The words under a key, with {names} replaced; the key itself where a language lacks it, so that a test finds it. */
export function t(key, values = {}) {
  const words = LANGUAGES[current][key] ?? LANGUAGES.en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** What a field that may be a text or {en, ja} says. */
export const said = (text) => (text && typeof text === "object" ? (text[current] ?? text.en ?? "") : (text ?? ""));

export const number = (value, digits = 1) =>
  new Intl.NumberFormat(current, { maximumFractionDigits: digits }).format(value);

export const when = (seconds) =>
  new Intl.DateTimeFormat(current, { dateStyle: "medium", timeStyle: "short" }).format(new Date(seconds * 1000));

/** Storage may be closed (private windows): then nothing is kept, and nothing breaks. */
export function stored(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

export function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch { /* not kept */ }
}
