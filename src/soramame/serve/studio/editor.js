// The editor of a clip: the player, the tools, the result as it clears up, the history.
import * as api from "./api.js";
import { facts } from "./clipcard.js";
import { calm, h, icon, save } from "./dom.js";
import { t } from "./i18n.js";
import { sentence } from "./problems.js";
import { stage } from "./stage.js";
import { tabs } from "./tabs.js";
import { timeline } from "./timeline.js";
import * as tools from "./tools.js";
import { drawn, family } from "./tree.js";

export function view({ part, go }) {
  const body = h("div", { class: "view-part" });
  const node = h("div", { class: "wrap view" }, h("div", {}, h("h1", { tabindex: "-1" }, t("edit.title")), h("p", { class: "lead" }, t("edit.lead"))), body);
  const shown = { leave() {} };
  const opened = part ? open(part, body, go, shown) : pick(body);
  opened.catch((error) => body.replaceChildren(h("p", { class: "note bad", role: "alert" }, sentence(error))));
  return { node, title: t("edit.title"), leave: () => shown.leave() };
}

/** No clip in the address: those there are. */
async function pick(body) {
  const list = (await api.videos()).data.filter((one) => one.status === "completed");
  if (!list.length) {
    body.replaceChildren(h("div", { class: "sheet hint" }, h("img", { src: "/studio/bean.svg", alt: "", width: 72, height: 72 }),
      h("p", {}, t("edit.none")), h("a", { class: "button main", href: "#/create" }, icon("create"), t("edit.first"))));
    return;
  }
  body.replaceChildren(h("h2", {}, t("edit.pick")), h("ul", { class: "picks", role: "list" }, list.map((video) => {
    const still = h("img", { alt: "", width: 256, height: 160, loading: "lazy" });
    api.media(video.id, "thumbnail").then((url) => { still.src = url; }, () => {});
    return h("li", {}, h("a", { class: "pick", href: `#/editor/${video.id}` }, still, h("span", {}, video.prompt ?? video.id), h("span", { class: "soft" }, facts(video))));
  })));
}

async function open(id, body, go, shown) {
  const [video, list] = await Promise.all([api.video(id), api.videos()]);
  const source = await api.media(id);
  const film = h("video", { src: source, controls: true, loop: true, muted: true, playsinline: true, autoplay: !calm(), "aria-label": video.prompt ?? id });
  const frame = h("div", { class: "frame" }, film);
  const [width, height] = video.size.split("x").map(Number);
  frame.style.setProperty("--shape", width / height);

  const live = stage({});
  live.node.hidden = true;
  shown.leave = live.leave;
  const problem = h("div", { role: "alert" });
  const history = h("section", { class: "sheet" });
  const remember = (all) => {
    const root = family(all, id) ?? { video, children: [] };
    history.replaceChildren(h("h2", {}, t("edit.history")), h("p", { class: "soft" }, t("edit.history_hint")), drawn(root, id));
  };
  remember(list.data);

  /** One change after the other, each of what the one before became; what comes of the last is shown. */
  async function run(...steps) {
    problem.replaceChildren();
    let now = { id };
    try {
      for (const step of steps) {
        const made = await step(now);
        live.node.hidden = false;
        live.node.scrollIntoView({ block: "nearest" });
        now = await live.follow(made);
        remember((await api.videos()).data);
        if (!now) return;
      }
    } catch (error) {
      problem.replaceChildren(h("p", { class: "note bad" }, sentence(error)));
    }
  }

  const line = timeline(film, { onchange: (value) => length.tell(value) });
  const length = tools.lengthTool(video, line, run);
  film.addEventListener("loadedmetadata", () => length.tell(line.value()));
  const others = list.data.filter((one) => one.status === "completed" && one.id !== id);
  const set = tabs(t("edit.tools"), [
    { name: "length", label: t("edit.length"), sign: "cut", ...length },
    { name: "loop", label: t("edit.loop"), sign: "loop", ...tools.loopTool(video, run) },
    { name: "blend", label: t("edit.blend"), sign: "blend", ...tools.blendTool(video, others, run) },
    { name: "remix", label: t("edit.remix"), sign: "wand", ...tools.remixTool(video, run) },
    { name: "inpaint", label: t("edit.inpaint"), sign: "brush", ...tools.inpaintTool(video, film, run) },
  ]);
  const about = h("div", { class: "about" }, h("p", { class: "prompt" }, video.prompt ?? ""), h("p", { class: "soft" }, facts(video)),
    h("div", { class: "row" }, h("button", { class: "button small", type: "button", onclick: () => save(source, `${id}.mp4`) }, icon("save"), t("edit.save")),
      h("button", { class: "button small", type: "button", onclick: () => go("create", { prompt: video.prompt, seed: video.seed, size: video.size }) }, icon("create"), t("edit.use"))));
  body.replaceChildren(h("div", { class: "desk" },
    h("div", { class: "player" }, frame, about, h("div", { class: "sheet" }, set.node, problem)),
    h("div", { class: "beside" }, live.node, history)));
}
