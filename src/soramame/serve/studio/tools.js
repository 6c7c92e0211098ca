// The panels of the editor. Each tool gives {panel, …}; run(make) sends a job, and shows it until it is done.
import * as api from "./api.js";
import { brush } from "./brush.js";
import { check, select, slider, text } from "./fields.js";
import { drop } from "./drop.js";
import { h, icon } from "./dom.js";
import { number, t } from "./i18n.js";
import { strengthWords } from "./create.js";

const seconds = (value) => t("facts.seconds", { seconds: number(value, 2) });
const over = (label, value = 2) => slider(label, { min: 0.5, max: 12, step: 0.5, value, words: seconds });
const strengthField = (value = 0.6) => slider(t("edit.strength"), { min: 0.05, max: 1, step: 0.05, value, words: strengthWords });

/** A panel as a form: what it does, its fields, a place for a sentence, its button. */
function panel({ lead, fields, sign, label, act }) {
  const told = h("div", { role: "alert" });
  const button = h("button", { class: "button main", type: "submit" }, icon(sign), label);
  const node = h("form", { class: "tool", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const problem = await act();
    told.replaceChildren(...(problem ? [h("p", { class: "note bad" }, problem)] : []));
  } }, lead ? h("p", { class: "soft" }, lead) : null, fields, told, button);
  return node;
}

/** Longer at either end, or cut: one change after the other, since each is a video of its own. */
export function lengthTool(video, line, run) {
  const prompt = text(t("edit.new_prompt"), { hint: t("edit.new_prompt_hint"), rows: 2 });
  const total = h("p", { class: "told" });
  const reset = h("button", { class: "button ghost", type: "button", onclick: () => line.reset() }, t("edit.reset"));
  const tell = ({ start, end }) => {
    const before = line.length();
    total.textContent = before ? t("edit.total", { before: number(before, 2), after: number(before + start + end, 2) }) : "";
  };
  const node = panel({
    fields: [line.node, h("div", { class: "row apart" }, total, reset), prompt.node], sign: "check", label: t("edit.apply"),
    act: async () => {
      const { start, end } = line.value();
      if (!start && !end) return t("edit.nothing");
      const steps = [];
      const said = prompt.value();
      if (start < 0 || end < 0) steps.push((one) => api.cut({ video: one, start: Math.max(0, -start), end: line.length() + Math.min(0, end) }));
      if (end > 0) steps.push((one) => api.extend({ video: one, seconds: end, prompt: said }));
      if (start > 0) steps.push((one) => api.extend({ video: one, seconds: start, prompt: said, backward: true }));
      await run(...steps);
      return null;
    },
  });
  return { panel: node, tell };
}

export function loopTool(video, run) {
  const length = over(t("edit.over"));
  return { panel: panel({ lead: t("edit.loop_lead"), fields: [length.node], sign: "loop", label: t("edit.make_loop"),
    act: async () => { await run((one) => api.loop({ video: one, seconds: length.value() })); } }) };
}

export function blendTool(video, others, run) {
  const second = select(t("edit.second"), [{ value: "", label: t("edit.second_file") }, ...others.map((one) => ({ value: one.id, label: (one.prompt ?? one.id).slice(0, 80) }))],
    { value: others[0]?.id ?? "", onchange: (id) => { zone.node.hidden = Boolean(id); } });
  const zone = drop({ label: t("create.choose"), hint: t("verify.drop"), accept: "video/*" });
  zone.node.hidden = Boolean(second.value());
  const length = over(t("edit.blend_over"));
  return { panel: panel({ lead: t("edit.blend_lead"), fields: [second.node, zone.node, length.node], sign: "blend", label: t("edit.make_blend"),
    act: async () => {
      const other = second.value() ? { id: second.value() } : zone.value();
      if (!other) return t("edit.no_second");
      await run((one) => api.blend({ video: one, second: other, seconds: length.value() }));
      return null;
    } }) };
}

export function remixTool(video, run) {
  const prompt = text(t("edit.prompt"), { rows: 3, value: video.prompt ?? "" });
  const strength = strengthField();
  return { panel: panel({ lead: t("edit.remix_lead"), fields: [prompt.node, strength.node], sign: "wand", label: t("edit.make_remix"),
    act: async () => {
      if (!prompt.value()) return t("edit.need_prompt");
      await run((one) => api.remix(one.id, { prompt: prompt.value(), strength: strength.value() }));
      return null;
    } }) };
}

/** `film` is the player; the brush lies over it while the tool is shown. */
export function inpaintTool(video, film, run) {
  const prompt = text(t("edit.prompt"), { rows: 2 });
  const strength = strengthField(1);
  const share = h("p", { class: "soft" });
  const mask = brush(film, { onchange: (part) => { share.textContent = t("edit.painted", { percent: number(100 * part, 0) }); } });
  const size = slider(t("edit.brush_size"), { min: 8, max: 96, step: 4, value: 32, words: (value) => t("edit.pixels", { pixels: value }), oninput: mask.size });
  const rub = check(t("edit.eraser"), { onchange: mask.erase });
  const clear = h("button", { class: "button small", type: "button", onclick: mask.clear }, t("edit.clear"));
  mask.size(32);
  const node = panel({ lead: t("edit.inpaint_lead"), fields: [size.node, h("div", { class: "row" }, rub.node, clear), share, prompt.node, strength.node],
    sign: "brush", label: t("edit.make_inpaint"),
    act: async () => {
      if (!mask.part()) return t("edit.no_mask");
      if (!prompt.value()) return t("edit.need_prompt");
      const file = await mask.file();
      await run((one) => api.inpaint({ video: one, mask: file, prompt: prompt.value(), strength: strength.value() }));
      return null;
    } });
  return {
    panel: node,
    onshow() { film.pause(); film.controls = false; film.after(mask.node); },
    onhide() { film.controls = true; mask.node.remove(); },
  };
}
