// Tabs: arrow keys move among them, each shows its panel.
import { h, icon, uid } from "./dom.js";

/** list: [{name, label, sign, panel, onshow?, onhide?}]. */
export function tabs(label, list) {
  const ids = list.map(() => uid("tab"));
  const buttons = list.map((one, i) => h("button", {
    class: "tab", type: "button", role: "tab", id: ids[i], "aria-controls": `${ids[i]}-panel`, "data-tab": one.name, onclick: () => choose(i),
  }, icon(one.sign), h("span", {}, one.label)));
  const panels = list.map((one, i) => h("div", { class: "panel", role: "tabpanel", id: `${ids[i]}-panel`, "aria-labelledby": ids[i] }, one.panel));
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: move }, buttons);
  let at = -1;

  function choose(to) {
    if (to === at) return;
    list[at]?.onhide?.();
    at = to;
    buttons.forEach((one, i) => {
      one.setAttribute("aria-selected", String(i === at));
      one.tabIndex = i === at ? 0 : -1;
      panels[i].hidden = i !== at;
    });
    list[at].onshow?.();
  }

  function move(event) {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose((to + list.length) % list.length);
    buttons[at].focus();
  }

  choose(0);
  return { node: h("div", { class: "tabbed" }, bar, panels) };
}
