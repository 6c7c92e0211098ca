// Verify: drop any video, and read what its credentials, its watermark and the detector say.
import * as api from "./api.js";
import { drop, isVideo } from "./drop.js";
import { announce, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { sentence } from "./problems.js";
import * as words from "./words.js";

const SIGNS = { good: "check", warn: "question", bad: "close" };

export function view() {
  const result = h("div", { class: "view-part" });
  const zone = drop({ label: t("verify.choose"), hint: t("verify.drop"), accept: "video/*,image/*", show: false, onfile: (file) => file && look(file) });
  let url = null;
  let turn = 0;

  async function look(file) {
    const mine = ++turn;
    forget();
    result.replaceChildren(h("p", { class: "note" }, t("verify.busy", { name: file.name })));
    announce(t("verify.busy", { name: file.name }));
    try {
      const told = await api.verify(file);
      if (mine !== turn) return;
      url = URL.createObjectURL(file);
      result.replaceChildren(...report(file, url, told.results));
      const heading = result.querySelector("h2");
      heading.focus({ preventScroll: true });
      result.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (mine !== turn) return;
      result.replaceChildren(h("p", { class: "note bad", role: "alert" }, sentence(error)));
    }
  }

  function forget() {
    if (url) api.revoke(url);
    url = null;
  }

  const node = h("div", { class: "wrap view verify" },
    h("div", {}, h("h1", { tabindex: "-1" }, t("verify.title")), h("p", { class: "lead" }, t("verify.lead"))), zone.node, result);
  return { node, title: t("verify.title"), leave: forget };
}

function report(file, url, results) {
  const { mood, key } = words.verdict(results);
  const shown = isVideo(file)
    ? h("video", { src: url, controls: true, muted: true, loop: true, playsinline: true, "aria-label": file.name })
    : h("img", { src: url, alt: file.name });
  const told = words.facts(results);
  return [
    h("section", { class: `sheet verdict ${mood}` }, h("span", { class: "seal" }, icon(SIGNS[mood])),
      h("h2", { tabindex: "-1" }, t(`verdict.${key}`)), h("p", {}, t(`verdict.${key}_why`))),
    h("div", { class: "thirds" }, words.findings(results).map((one) =>
      h("section", { class: `sheet finding ${one.mood}` }, h("h3", {}, one.title), one.lines.map((line) => h("p", {}, line))))),
    h("div", { class: "looked" }, h("div", {}, shown, h("p", { class: "soft" }, file.name)), h("div", { class: "view-part" },
      told.length ? h("section", { class: "sheet" }, h("h2", {}, t("verify.facts")),
        h("dl", { class: "facts-list" }, told.map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]))) : null,
      h("section", { class: "sheet" }, h("h2", {}, t("verify.tree")), tree(results)))),
  ];
}

/** The file, what it was made from, and what that was made from, as nested lists. */
function tree(results) {
  const found = results.find((one) => one.type === "c2pa") ?? {};
  const below = found.ingredients ?? [];
  if (!below.length) return h("p", {}, t("verify.no_tree"));
  return h("ul", { class: "tree" }, h("li", {}, leaf(t("verify.this"), found.validation_state), branch(below)));
}

const branch = (list) => (list.length ? h("ul", {}, list.map((one) => h("li", {}, leaf(one.title, one.state), branch(one.ingredients ?? [])))) : null);

const leaf = (title, state) => h("span", { class: "leaf" }, h("strong", {}, title), h("span", { class: "soft" }, ` ${words.state(state)}`));
