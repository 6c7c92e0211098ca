// Create: a prompt, perhaps a picture or a clip, a size and a length; and the video clearing up beside it.
import * as api from "./api.js";
import { drop, isVideo } from "./drop.js";
import { announce, h, icon } from "./dom.js";
import { chips, field, select, slider, text } from "./fields.js";
import { number, t } from "./i18n.js";
import { sentence } from "./problems.js";
import { stage } from "./stage.js";

const SIZES = ["256x160", "160x256", "192x192"];
const LONGEST = 60;

export function view({ params }) {
  const live = stage({ empty: waiting(), onstate: (state) => { submit.disabled = state === "busy"; } });
  const problem = h("div", { role: "alert" });
  const prompt = text(t("create.prompt"), { rows: 4, value: params.prompt ?? "", hint: t("create.prompt_hint"), required: true, maxlength: 32000 });
  const longer = expansion(prompt);
  const source = reference();
  const size = sizes(params.size);
  const length = slider(t("create.seconds"), {
    min: 1, max: LONGEST, step: 0.5, value: Number(params.seconds) || 4, words: (value) => t("facts.seconds", { seconds: number(value) }),
  });
  const fine = details(params);
  const submit = h("button", { class: "button main big", type: "submit" }, icon("create"), t("create.submit"));
  const form = h("form", { class: "sheet", novalidate: true, onsubmit: make, "aria-label": t("create.title") },
    prompt.node, longer.node, source.node, size.node, length.node, fine.node, problem, submit);

  async function make(event) {
    event.preventDefault();
    problem.replaceChildren();
    const words = longer.value() || prompt.value();
    if (!words) {
      problem.replaceChildren(h("p", { class: "note bad" }, t("create.empty")));
      prompt.control.focus();
      return;
    }
    submit.disabled = true;
    try {
      const video = await send(words);
      announce(t("create.sent"));
      live.node.scrollIntoView({ block: "nearest" });
      await live.follow(video);
    } catch (error) {
      problem.replaceChildren(h("p", { class: "note bad" }, sentence(error)));
    } finally {
      submit.disabled = false;
    }
  }

  function send(words) {
    const file = source.value();
    const common = { prompt: words, model: fine.model(), seed: fine.seed(), steps: fine.steps(), guidance: fine.guidance(), negative: fine.negative() };
    if (file && isVideo(file)) {
      return source.way() === "extend"
        ? api.extend({ ...common, video: file, seconds: length.value() })
        : api.edit({ ...common, video: file, strength: source.strength() });
    }
    return api.create({ ...common, size: size.value(), seconds: length.value(), input_reference: file, expand: longer.sent() });
  }

  if (params.follow) api.video(params.follow).then((video) => live.follow(video), live.failed);
  const node = h("div", { class: "wrap view" },
    h("div", {}, h("h1", { tabindex: "-1" }, t("create.title")), h("p", { class: "lead" }, t("create.lead"))),
    h("div", { class: "two" }, form, live.node));
  return { node, title: t("create.title"), leave: live.leave };
}

function waiting() {
  return h("div", { class: "hint" }, h("img", { src: "/studio/bean.svg", alt: "", width: 72, height: 72 }), h("p", {}, t("create.waiting")));
}

/** The prompt made long, shown and editable before anything is painted. */
function expansion(prompt) {
  const area = text(t("create.expanded"), { rows: 5, hint: t("create.expanded_hint") });
  area.node.hidden = true;
  const told = h("p", { class: "soft", role: "status" }, t("create.auto"));
  const ask = h("button", { class: "button small", type: "button", onclick: grow }, icon("wand"), t("create.expand"));
  const drop = h("button", { class: "button small ghost", type: "button", hidden: true, onclick: away }, icon("close"), t("create.unexpand"));
  let asked = null;
  let declined = false;

  async function grow() {
    if (!prompt.value()) { prompt.control.focus(); return; }
    ask.disabled = true;
    told.textContent = "";
    try {
      asked = prompt.value();
      declined = false;
      area.control.value = (await api.expand(asked, Math.floor(Math.random() * 2 ** 31))).text;
      area.node.hidden = drop.hidden = false;
      area.control.focus();
    } catch (error) {
      told.textContent = sentence(error);
    } finally {
      ask.disabled = false;
    }
  }

  function away() {
    declined = true;
    area.control.value = "";
    area.node.hidden = drop.hidden = true;
    ask.focus();
  }

  // An expansion of other words than those above it would be a surprise.
  prompt.control.addEventListener("input", () => { told.textContent = asked && !area.node.hidden ? t("create.stale") : ""; });
  return {
    node: h("div", { class: "field" }, h("div", { class: "row" }, ask, drop), told, area.node),
    value: () => (area.node.hidden ? "" : area.value()),
    sent: () => (area.node.hidden && !declined ? null : "off"),
  };
}

/** A picture that the video begins with, or a clip that goes on or is painted over. */
function reference() {
  const way = chips(t("create.way"), [{ value: "extend", label: t("create.way_extend") }, { value: "edit", label: t("create.way_edit") }],
    { value: "extend", onchange: (value) => { strength.node.hidden = value !== "edit"; } });
  const strength = slider(t("edit.strength"), { min: 0.05, max: 1, step: 0.05, value: 0.6, words: strengthWords });
  const more = h("div", { class: "field", hidden: true }, way.node, strength.node);
  strength.node.hidden = true;
  const zone = drop({ label: t("create.choose"), hint: t("create.drop"), accept: "image/*,video/*", onfile: (file) => { more.hidden = !(file && isVideo(file)); } });
  return { node: h("div", { class: "field" }, h("p", { class: "label" }, t("create.source")), zone.node, more), value: zone.value, way: way.value, strength: strength.value };
}

export const strengthWords = (value) =>
  `${number(value, 2)}: ${t(value < 0.35 ? "edit.strength_low" : value < 0.7 ? "edit.strength_mid" : "edit.strength_high")}`;

function sizes(wanted) {
  const all = SIZES.includes(wanted) || !wanted ? SIZES : [wanted, ...SIZES];
  return chips(t("create.size"), all.map((value) => ({ value, label: value.replace("x", "×"), sign: shape(value) })), { value: wanted ?? SIZES[0] });
}

function shape(size) {
  const [width, height] = size.split("x").map(Number);
  const scale = 18 / Math.max(width, height);
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const put = { width: width * scale, height: height * scale, x: 12 - (width * scale) / 2, y: 12 - (height * scale) / 2, rx: 2.5 };
  for (const [name, value] of Object.entries(put)) rect.setAttribute(name, value);
  node.append(rect);
  return node;
}

/** What most people leave alone: model, seed, steps, guidance, negative prompt. */
function details(params) {
  const model = select(t("create.model"), [{ value: "", label: t("create.model_default") }]);
  api.models().then(({ data }) => {
    model.control.replaceChildren(...data.map((one) => h("option", { value: one.id }, one.id)));
  }, () => {});
  const seed = h("input", { type: "number", min: 0, step: 1, inputmode: "numeric", placeholder: t("create.any") });
  seed.value = params.seed ?? "";
  const steps = h("input", { type: "number", min: 1, max: 200, step: 1, inputmode: "numeric", placeholder: t("create.default") });
  const guidance = h("input", { type: "number", min: 0, max: 30, step: 0.5, inputmode: "decimal", placeholder: t("create.default") });
  const negative = text(t("create.negative"));
  const node = h("details", { class: "more" }, h("summary", {}, t("create.more")),
    h("div", { class: "field" },
      h("div", { class: "pair" }, model.node, field(t("create.seed"), seed), field(t("create.steps"), steps), field(t("create.guidance"), guidance)),
      negative.node));
  return { node, model: model.value, seed: () => seed.value, steps: () => steps.value, guidance: () => guidance.value, negative: negative.value };
}
