// Storyboard: the film's facts, its characters, the reel, and what is chosen on it.
import * as api from "./api.js";
import { newBoard, newCard, newShot, problem, toToml, total } from "./board.js";
import { drop } from "./drop.js";
import { announce, clamp, h, icon, save } from "./dom.js";
import { chips, field, slider, text } from "./fields.js";
import { number, t } from "./i18n.js";
import { sentence } from "./problems.js";
import { label, reel } from "./reel.js";
import { stage } from "./stage.js";

let board = newBoard(); // kept while other views are shown; files cannot be kept longer

export function view() {
  const chosen = { shot: board.shots[0], card: null };
  const live = stage({ empty: h("div", { class: "hint" }, h("img", { src: "/studio/bean.svg", alt: "", width: 72, height: 72 }), h("p", {}, t("board.waiting"))),
    onstate: (state) => { make.disabled = state === "busy"; } });
  const reelPlace = h("div");
  const inspector = h("div");
  const people = h("div", { class: "field" });
  const sum = h("p", { class: "told" });
  const told = h("div", { role: "alert" });
  const make = h("button", { class: "button main big", type: "button", onclick: send }, icon("storyboard"), t("board.make"));

  function drawReel() {
    reelPlace.replaceChildren(reel(board, chosen, { pick, moved: (card) => { if (card === chosen.card) drawInspector(); drawSum(); } }));
    drawSum();
  }

  function drawSum() {
    sum.textContent = t("board.total", { seconds: number(total(board)) });
  }

  function drawInspector() {
    inspector.replaceChildren(chosen.card ? cardFields() : shotFields());
  }

  function draw() { drawReel(); drawInspector(); }

  /** Choose a shot, or a card of it; the focus stays on what was chosen. */
  function pick(shot, card) {
    Object.assign(chosen, { shot, card });
    draw();
    reelPlace.querySelector(card ? `[data-card="${card.id}"]` : `[data-shot="${shot.id}"]`)?.focus();
  }

  function shotFields() {
    const shot = chosen.shot;
    const at = board.shots.indexOf(shot);
    const prompt = text(t("board.prompt"), { rows: 3, value: shot.prompt, oninput: (event) => { shot.prompt = event.target.value; drawReel(); } });
    const length = slider(t("board.seconds"), { min: 1, max: 20, step: 0.5, value: shot.seconds, words: (value) => t("facts.seconds", { seconds: number(value) }), oninput: (value) => {
      shot.seconds = value;
      for (const card of shot.cards) card.at = clamp(card.at, 0, value - 0.25);
      drawReel();
    } });
    const camera = text(t("board.camera"), { value: shot.camera, hint: t("board.camera_hint"), oninput: (event) => { shot.camera = event.target.value; } });
    const join = at ? chips(t("board.transition"), ["cut", "dissolve"].map((value) => ({ value, label: t(`board.${value}`) })),
      { value: shot.transition, onchange: (value) => { shot.transition = value; drawReel(); } }) : null;
    const tool = (sign, words, act, off, kind = "") => h("button", { class: `button small ${kind}`, type: "button", disabled: off, onclick: act }, icon(sign), words);
    return h("section", { class: "inner", "aria-label": t("board.shot", { number: at + 1 }) },
      h("h3", {}, t("board.shot", { number: at + 1 })), prompt.node, inserts(prompt, (words) => { shot.prompt = words; }), length.node, camera.node, join?.node ?? null,
      h("div", { class: "row" }, h("span", { class: "soft" }, t("board.add")), ["text", "picture", "clip"].map((kind) => tool(kind, t(`board.add_${kind}`), () => addCard(kind), false))),
      h("div", { class: "row" }, tool("left", t("board.earlier"), () => swap(at, at - 1), at === 0), tool("right", t("board.later"), () => swap(at, at + 1), at === board.shots.length - 1),
        tool("trash", t("board.remove_shot"), removeShot, board.shots.length === 1, "danger")));
  }

  function cardFields() {
    const { shot, card } = chosen;
    const at = h("input", { type: "number", min: 0, max: shot.seconds, step: 0.25, inputmode: "decimal", onchange: () => {
      card.at = clamp(Number(at.value) || 0, 0, shot.seconds - 0.25);
      drawReel();
    } });
    at.value = card.at;
    const prompt = text(t("board.card_prompt"), { rows: 2, value: card.prompt, oninput: (event) => { card.prompt = event.target.value; } });
    return h("section", { class: "inner", "aria-label": label(card) }, h("h3", {}, label(card)), h("p", { class: "soft" }, t("board.card_hint")),
      field(t("board.at"), at), card.kind === "text" ? null : filePart(card), prompt.node, inserts(prompt, (words) => { card.prompt = words; }),
      h("div", { class: "row" }, h("button", { class: "button small danger", type: "button", onclick: () => {
        shot.cards = shot.cards.filter((one) => one !== card);
        pick(shot, null);
      } }, icon("trash"), t("board.remove_card"))));
  }

  function filePart(card) {
    if (!card.file) return drop({ label: t(`board.choose_${card.kind}`), hint: t(`board.drop_${card.kind}`), accept: card.kind === "clip" ? "video/*" : "image/*",
      onfile: (file) => { card.file = file; } }).node;
    return h("div", { class: "row" }, icon(card.kind), h("span", {}, card.file.name), h("button", { class: "button small", type: "button", onclick: () => { card.file = null; drawInspector(); } }, icon("close"), t("drop.away")));
  }

  /** Buttons that put a character's name into a prompt. */
  function inserts(prompt, keep) {
    const named = board.characters.filter((who) => who.name);
    return named.length ? h("div", { class: "row" }, named.map((who) => h("button", { class: "button small", type: "button", "aria-label": t("board.insert", { name: who.name }), onclick: () => {
      const area = prompt.control;
      area.setRangeText(`{${who.name}}`, area.selectionStart, area.selectionEnd, "end");
      keep(area.value);
      area.focus();
      drawReel();
    } }, `{${who.name}}`))) : null;
  }

  function addCard(kind) {
    const { shot } = chosen;
    const taken = new Set(shot.cards.map((card) => card.at));
    let at = kind === "text" ? shot.seconds / 2 : 0;
    while (taken.has(at) && at < shot.seconds - 0.5) at += 0.5;
    const card = newCard(kind, at);
    shot.cards.push(card);
    pick(shot, card);
  }

  function addShot() {
    const shot = newShot();
    board.shots.push(shot);
    pick(shot, null);
    inspector.querySelector("textarea").focus();
  }

  function swap(from, to) {
    const [shot] = board.shots.splice(from, 1);
    board.shots.splice(to, 0, shot);
    pick(shot, null);
  }

  function removeShot() {
    const at = board.shots.indexOf(chosen.shot);
    board.shots.splice(at, 1);
    pick(board.shots[Math.max(0, at - 1)], null);
  }

  function drawPeople() {
    people.replaceChildren(...board.characters.map((who, i) => {
      const name = text(t("board.character_name"), { value: who.name, "aria-label": `${t("board.character", { number: i + 1 })}: ${t("board.character_name")}`,
        oninput: (event) => { who.name = event.target.value.trim(); }, onchange: drawInspector });
      const look = text(t("board.look"), { value: who.look, "aria-label": `${t("board.character", { number: i + 1 })}: ${t("board.look")}`, oninput: (event) => { who.look = event.target.value; } });
      const away = h("button", { class: "button round ghost danger", type: "button", "aria-label": t("board.remove_character", { name: who.name || i + 1 }), onclick: () => {
        board.characters.splice(i, 1);
        drawPeople();
        drawInspector();
        people.lastElementChild.focus();
      } }, icon("trash"));
      return h("div", { class: "who" }, name.node, look.node, away);
    }), h("button", { class: "button small", type: "button", onclick: () => {
      board.characters.push({ name: "", look: "" });
      drawPeople();
      people.querySelector(".who:last-of-type input")?.focus();
    } }, icon("plus"), t("board.add_character")));
  }

  async function send() {
    const wrong = problem(board);
    told.replaceChildren(...(wrong ? [h("p", { class: "note bad" }, wrong)] : []));
    if (wrong) return;
    make.disabled = true;
    try {
      const { text: storyboard, files } = toToml(board);
      const video = await api.storyboard({ storyboard, files });
      announce(t("create.sent"));
      live.node.scrollIntoView({ block: "nearest" });
      await live.follow(video);
    } catch (error) {
      told.replaceChildren(h("p", { class: "note bad" }, sentence(error)));
    } finally {
      make.disabled = false;
    }
  }

  const fact = (words, name, rest = {}) => text(words, { value: board[name], oninput: (event) => { board[name] = event.target.value; }, ...rest }).node;
  draw();
  drawPeople();
  const left = h("div", { class: "view-part" },
    h("section", { class: "sheet" }, h("div", { class: "row apart" }, h("h2", {}, t("board.timeline")), sum), reelPlace,
      h("div", { class: "row" }, h("button", { class: "button small", type: "button", onclick: addShot }, icon("plus"), t("board.add_shot"))), inspector),
    h("section", { class: "sheet" }, h("h2", {}, t("board.characters")), h("p", { class: "soft" }, t("board.characters_hint")), people),
    h("section", { class: "sheet" }, h("h2", {}, t("board.film")),
      h("div", { class: "pair" }, fact(t("board.name"), "title", { placeholder: t("board.untitled") }), fact(t("board.style"), "style", { hint: t("board.style_hint") }),
        fact(t("board.size"), "size"), fact(t("board.seed"), "seed", { inputmode: "numeric" }))),
    told, h("div", { class: "row" }, make, h("button", { class: "button", type: "button", onclick: () => save(new Blob([toToml(board).text], { type: "application/toml" }), "film.toml") }, icon("save"), t("board.save"))));
  const node = h("div", { class: "wrap view" }, h("div", {}, h("h1", { tabindex: "-1" }, t("board.title")), h("p", { class: "lead" }, t("board.lead"))),
    h("div", { class: "board" }, left, live.node));
  return { node, title: t("board.title"), leave: live.leave };
}
