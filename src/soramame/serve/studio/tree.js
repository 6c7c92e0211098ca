// The history of a video as a tree: what it came from, what came of it.
import * as api from "./api.js";
import { h } from "./dom.js";
import { facts } from "./clipcard.js";
import { t } from "./i18n.js";

/** What a video was made from. The official field speaks of remixes alone; ours, where it is there, of every kind. */
const parent = (video) => video.source_video_id ?? video.remixed_from_video_id;

/** All videos of the family of one, as nested {video, children}; `all` is the user's list. */
export function family(all, id) {
  const known = new Map(all.map((video) => [video.id, video]));
  let root = known.get(id);
  const seen = new Set();
  while (root && !seen.has(root.id) && known.has(parent(root))) {
    seen.add(root.id);
    root = known.get(parent(root));
  }
  const grow = (video, above) => ({
    video,
    children: all.filter((one) => parent(one) === video.id && !above.has(one.id))
      .sort((a, b) => a.created_at - b.created_at)
      .map((one) => grow(one, new Set([...above, one.id]))),
  });
  return root ? grow(root, new Set([root.id])) : null;
}

/** The tree as nested lists of links to the editor; the one that is open is marked. */
export function drawn(root, id) {
  const item = ({ video, children }) => h("li", {}, leaf(video, video.id === id), children.length ? h("ul", {}, children.map(item)) : null);
  return h("ul", { class: "tree" }, item(root));
}

function leaf(video, here) {
  const still = h("img", { alt: "", width: 64, height: 40, loading: "lazy" });
  if (video.status === "completed") api.media(video.id, "thumbnail").then((url) => { still.src = url; }, () => {});
  const words = h("span", {}, h("span", { class: "said" }, video.prompt ?? video.id), h("span", { class: "soft" }, facts({ seconds: video.seconds, seed: video.seed })),
    here ? h("span", { class: "badge" }, t("edit.here")) : null, video.status === "completed" ? null : h("span", { class: "badge" }, t(`status.${video.status}`)));
  const inside = [still, words];
  return video.status === "completed"
    ? h("a", { class: "leaf", href: `#/editor/${video.id}`, "aria-current": here ? "true" : null }, inside)
    : h("span", { class: "leaf" }, inside);
}
