// Form fields with their labels: text, slider, chips, select, check. Each returns {node, value()…}.
import { h, uid } from "./dom.js";

/** A label above a control, with a hint below that screen readers read with it. */
export function field(label, control, hint = "") {
  control.id ||= uid("f");
  const told = hint ? h("p", { class: "soft", id: `${control.id}-hint` }, hint) : null;
  if (told) control.setAttribute("aria-describedby", told.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, told);
}

export function text(label, { value = "", hint = "", rows = 0, oninput, ...rest } = {}) {
  const control = rows ? h("textarea", { rows, oninput, ...rest }) : h("input", { type: "text", oninput, ...rest });
  control.value = value;
  return { node: field(label, control, hint), control, value: () => control.value.trim() };
}

/** A slider whose value is written beside its label; `words` says it for eyes and screen readers. */
export function slider(label, { min, max, step, value, words, oninput = () => {} }) {
  const control = h("input", { type: "range", min, max, step, id: uid("s") });
  control.value = value;
  const shown = h("output", { for: control.id, class: "soft" });
  const tell = () => {
    shown.textContent = words(Number(control.value));
    control.setAttribute("aria-valuetext", shown.textContent);
  };
  control.addEventListener("input", () => { tell(); oninput(Number(control.value)); });
  tell();
  const node = h("div", { class: "field" }, h("div", { class: "row apart" }, h("label", { for: control.id, class: "label" }, label), shown), control);
  return { node, control, value: () => Number(control.value), set(to) { control.value = to; tell(); } };
}

/** One of a few: radio buttons that look like chips. choices: [{value, label, sign?}]. */
export function chips(label, choices, { value, onchange = () => {} } = {}) {
  const name = uid("c");
  const inputs = choices.map((one) =>
    h("input", { type: "radio", name, value: one.value, checked: one.value === value, onchange: () => onchange(one.value) }));
  const node = h("fieldset", { class: "field" }, h("legend", {}, label), h("div", { class: "chips" },
    choices.map((one, i) => h("label", { class: "chip" }, inputs[i], h("span", {}, one.sign ?? null, one.label)))));
  return { node, value: () => inputs.find((one) => one.checked)?.value ?? null };
}

export function select(label, choices, { value, onchange, hint } = {}) {
  const control = h("select", { onchange: () => onchange?.(control.value) },
    choices.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label)));
  return { node: field(label, control, hint), control, value: () => control.value };
}

export function check(label, { checked = false, onchange } = {}) {
  const control = h("input", { type: "checkbox", checked, onchange: () => onchange?.(control.checked) });
  return { node: h("label", { class: "check" }, control, label), control, value: () => control.checked };
}
