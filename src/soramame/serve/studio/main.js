// The shell: header, language and theme, and which view an address shows. Addresses are #/view/part?name=value.
import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { language, setLanguage, store, t } from "./i18n.js";
import * as create from "./create.js";
import * as editor from "./editor.js";
import * as gallery from "./gallery.js";
import * as storyboard from "./storyboard.js";
import * as verify from "./verify.js";

const VIEWS = { gallery, create, storyboard, editor, verify };
const DARK = matchMedia("(prefers-color-scheme: dark)");

let shown = null; // the view that is on the page

/** Go to a view; values of null or "" are left out of the address. */
function go(view, values = {}) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  location.hash = `#/${view}${query.size ? `?${query}` : ""}`;
}

function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, part = ""] = path.split("/");
  return { name: Object.hasOwn(VIEWS, name) ? name : "gallery", part: decoded(part), params: Object.fromEntries(new URLSearchParams(query)) };
}

/** What a part of an address says; nothing if somebody broke it. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

function show({ focus = true } = {}) {
  const { name, part, params } = place();
  shown?.leave?.();
  api.letGo();
  shown = VIEWS[name].view({ go, part, params });
  document.title = `${shown.title} · Soramame`;
  document.getElementById("main").replaceChildren(shown.node);
  frame(name);
  if (focus) {
    scrollTo(0, 0);
    document.querySelector("h1")?.focus({ preventScroll: true });
  }
}

/** Header and footer, in the language that is chosen now. */
function frame(name) {
  document.getElementById("skip").textContent = t("skip");
  const links = Object.keys(VIEWS).map((one) =>
    h("a", { href: `#/${one}`, "aria-current": one === name ? "page" : null }, icon(one), h("span", {}, t(`nav.${one}`))));
  const brand = h("a", { class: "brand", href: "#/gallery" }, h("img", { src: "/studio/bean.svg", alt: "", width: 34, height: 34 }), "Soramame");
  document.getElementById("bar").replaceChildren(h("div", { class: "wrap" }, brand,
    h("nav", { class: "nav", "aria-label": t("nav.label") }, links), h("div", { class: "tools" }, languageSwitch(), themeSwitch())));
  document.getElementById("foot").replaceChildren(h("div", { class: "wrap" }, h("p", {}, t("foot.local")), h("p", {}, t("foot.signed"))));
}

function languageSwitch() {
  const other = language() === "en" ? "ja" : "en";
  return h("button", { class: "button small ghost", id: "language", type: "button", lang: other, onclick: () => {
    setLanguage(other);
    show({ focus: false });
    document.getElementById("language").focus();
  } }, t("language.switch"));
}

function themeSwitch() {
  const dark = () => (document.documentElement.dataset.theme ?? (DARK.matches ? "dark" : "light")) === "dark";
  const button = h("button", { class: "button round ghost", id: "theme", type: "button", onclick: () => {
    const theme = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    store("soramame.theme", theme);
    draw();
  } });
  const draw = () => {
    button.replaceChildren(icon(dark() ? "sun" : "moon"));
    button.setAttribute("aria-label", t(dark() ? "theme.light" : "theme.dark"));
  };
  draw();
  return button;
}

let asking = null; // one question at a time, however many requests were refused

function askForKey() {
  asking ??= new Promise((answer) => {
    const input = h("input", { type: "password", id: "api-key", autocomplete: "off", required: true, "aria-describedby": "key-hint" });
    const done = (value) => { dialog.close(); dialog.remove(); asking = null; answer(value); };
    const dialog = h("dialog", { "aria-labelledby": "key-title", oncancel: () => done(false) },
      h("form", { onsubmit: (event) => { event.preventDefault(); api.setKey(input.value.trim()); done(true); } },
        h("h2", { id: "key-title" }, t("key.title")),
        h("div", { class: "field" }, h("label", { for: "api-key" }, t("key.label")), input, h("p", { class: "soft", id: "key-hint" }, t("key.hint"))),
        h("div", { class: "row" }, h("button", { class: "button main", type: "submit" }, icon("key"), t("key.send")),
          h("button", { class: "button ghost", type: "button", onclick: () => done(false) }, t("key.not_now")))));
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

api.onLocked(askForKey);
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); document.getElementById("main").focus(); });
addEventListener("hashchange", () => show());
DARK.addEventListener("change", () => frame(place().name));
show({ focus: false });
