// What a check found, in words that a person understands. Pure functions of the server's answer.
import { number, t } from "./i18n.js";

const of = (results, type) => results.find((one) => one.type === type);

const VERDICTS = { // as soramame.safety.verify words them
  "made here, unchanged": "ours", "signed by someone who is trusted, unchanged": "signed", "unchanged since an unknown signer signed it": "stranger",
  "made here, changed since": "changed", "parts of different clips": "spliced", "made here; its credentials are gone": "marked",
  "changed, or its credentials are not its own": "tampered", "nothing is known": "nothing", "not checked": "unchecked",
};
const MOODS = { ours: "good", signed: "good", changed: "bad", tampered: "bad", spliced: "bad" };

/** Everything as one sentence: {mood: "good" | "warn" | "bad", key} for verdict.{key} and verdict.{key}_why. */
export function verdict(results) {
  let key = VERDICTS[of(results, "verdict")?.outcome] ?? judged(results);
  if (key === "nothing" && of(results, "detector")?.outcome === "detected") key = "likely";
  return { mood: MOODS[key] ?? "warn", key };
}

/** Where the server gives no verdict of its own. */
function judged(results) {
  const state = of(results, "c2pa")?.validation_state ?? "not_present";
  const marked = of(results, "watermark")?.outcome === "detected";
  if (state === "trusted") return marked ? "ours" : "signed";
  if (state === "valid") return "stranger";
  if (state === "invalid") return marked ? "changed" : "tampered";
  return marked ? "marked" : "nothing";
}

/** Of each of the three: {title, mood, lines}. */
export function findings(results) {
  return [credentials(of(results, "c2pa")), watermark(of(results, "watermark")), detector(of(results, "detector"))];
}

function credentials(found) {
  const state = found?.validation_state ?? "not_present";
  const mood = { trusted: "good", valid: "warn", invalid: "bad" }[state] ?? "";
  const lines = [t(`c2pa.${state}`, { who: found?.issuer || t("c2pa.nobody") })];
  if (found?.reason && state === "invalid") lines.push(found.reason);
  return { title: t("c2pa.title"), mood, lines };
}

function watermark(found) {
  if (!found || found.unread) return { title: t("mark.title"), mood: "", lines: [found?.unread || t("mark.unread")] };
  if (found.outcome !== "detected") return { title: t("mark.title"), mood: "", lines: [t("mark.no")] };
  const sure = found.confidence === undefined ? [] : [t("mark.sure", { percent: percent(found.confidence) })];
  return { title: t("mark.title"), mood: "good", lines: [t("mark.yes"), ...sure] };
}

function detector(found) {
  if (!found) return { title: t("detector.title"), mood: "", lines: [t("detector.none")] };
  if (found.outcome === "not_asked") return { title: t("detector.title"), mood: "", lines: [t("detector.unasked")] };
  if (found.outcome === "unsure") return { title: t("detector.title"), mood: "", lines: [t("detector.unsure"), ...(found.reason ? [found.reason] : [])] };
  const yes = found.outcome === "detected";
  const score = found.score === undefined || found.score === null ? [] : [t("detector.score", { score: number(found.score, 2) })];
  return { title: t("detector.title"), mood: yes ? "good" : "", lines: [t(yes ? "detector.yes" : "detector.no"), ...score] };
}

const percent = (part) => `${number(100 * part, 0)} %`;

/** How it was made, as [name, value] pairs; only what the credentials say. */
export function facts(results) {
  const found = of(results, "c2pa") ?? {};
  const recipe = found.recipe ?? {};
  const told = {
    issuer: found.issuer, model: found.model ?? recipe.model, generated_at: found.generated_at && moment(found.generated_at), task: recipe.task ?? found.task,
    prompt: recipe.prompt, seed: recipe.seed, payload: of(results, "watermark")?.payload ?? of(results, "watermark")?.payloads?.join(", "),
  };
  return Object.entries(told).filter(([, value]) => value !== undefined && value !== null && value !== "").map(([name, value]) => [t(`fact.${name}`), value]);
}

const moment = (text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toLocaleString(document.documentElement.lang));

/** The word for the state of a source: the engine's words and the API's mean the same. */
export function state(name) {
  const known = { trusted: "trusted", valid: "valid", "valid but unknown signer": "valid", invalid: "invalid", tampered: "invalid" };
  return t(`state.${known[name] ?? "none"}`);
}
