// Making elements, icons, and telling screen readers what has happened.

/** An element: h("button", {class: "button", onclick}, "text", child). Properties that start with "on" are listeners; null is left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "muted") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  gallery: "M4 6h16v12H4zM4 14l4-4 4 4 3-3 5 5",
  create: "M12 3l1.800 5.200L19 10l-5.200 1.800L12 17l-1.800-5.200L5 10l5.200-1.800zM19 16v4M17 18h4",
  storyboard: "M3 5h8v6H3zM13 5h8v6h-8zM3 14h5v5H3zM10.500 14h10.500v5H10.500z",
  editor: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  verify: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19",
  moon: "M20 14a8 8 0 11-10-10 7 7 0 0010 10z",
  left: "M15 5l-7 7 7 7", right: "M9 5l7 7-7 7", up: "M5 15l7-7 7 7", down: "M5 9l7 7 7-7",
  play: "M8 5l11 7-11 7z", stop: "M7 7h10v10H7z", close: "M6 6l12 12M18 6L6 18", plus: "M12 5v14M5 12h14",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14", trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  picture: "M4 5h16v14H4zM9 10a1 1 0 100-.01M4 17l5-4 3 3 4-5 4 5", clip: "M4 5h16v14H4zM8 5v14M16 5v14M4 10h4M16 10h4M4 14h4M16 14h4",
  text: "M5 6h14M5 11h14M5 16h9", wand: "M5 19L15 9M17 3v4M15 5h4M20 11v3M18.500 12.500h3M9 4v2M8 5h2",
  loop: "M17 3l3 3-3 3M4 12V9a3 3 0 013-3h13M7 21l-3-3 3-3M20 12v3a3 3 0 01-3 3H4", blend: "M9 5a7 7 0 100 14A7 7 0 009 5zM15 5a7 7 0 110 14 7 7 0 010-14z",
  brush: "M14 10l6-6M4 20c4 0 7-1 7-4 0-2-1-3-3-3-3 0-2 4-4 7zM11 13l3-3 1 1-3 3", cut: "M6 9a3 3 0 100-6 3 3 0 000 6zM6 21a3 3 0 100-6 3 3 0 000 6zM20 4L8.500 15.500M20 20L8.500 8.500",
  check: "M5 12l5 5L19 7", question: "M9 9a3 3 0 114 3c-1 .5-1 1.500-1 2M12 18v.01", key: "M8 16a4 4 0 110-8 4 4 0 010 8zM12 12h9M18 12v3",
};

/** A drawn sign; it says nothing to a screen reader, so the button around it needs a name. */
export function icon(name) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("class", "icon");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  node.append(path);
  return node;
}

let count = 0;
/** An id that no other element of the page has. */
export const uid = (stem = "x") => `${stem}-${++count}`;

/** Say a sentence to screen readers. */
export function announce(text) {
  document.getElementById("said").textContent = text;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** Whether things should keep still. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Save a blob or the file at an address under a name. */
export function save(source, name) {
  const url = typeof source === "string" ? source : URL.createObjectURL(source);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  if (typeof source !== "string") setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
