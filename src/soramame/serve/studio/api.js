// The server, as functions. Only this module knows addresses. The studio lies at /studio/, the API at /v1/ beside it.
import { store, stored, language } from "./i18n.js";

const ROOT = new URL("../", import.meta.url);
const KEY = "soramame.key";
const LATER = 400; // milliseconds before a broken stream of events is taken up again, and until what nobody shows any more is let go

const address = (path) => new URL(`v1/${path}`, ROOT);

/** What the server said no to: a sentence, its code, the field it is about, the HTTP status. */
export class ApiError extends Error {
  constructor(status, { message, code = null, param = null } = {}) {
    super(message || `HTTP ${status}`);
    Object.assign(this, { status, code, param });
  }
}

export const key = () => stored(KEY) ?? "";
export const setKey = (value) => store(KEY, value || null);
let askForKey = async () => false;
/** What to do on 401: a function that asks the user, and resolves to true if there is a new key to try. */
export const onLocked = (ask) => { askForKey = ask; };

async function send(path, { method = "GET", body, headers = {}, signal } = {}) {
  const told = { "Accept-Language": language(), ...headers, ...(key() ? { Authorization: `Bearer ${key()}` } : {}) };
  let answer;
  try {
    answer = await fetch(address(path), { method, body, headers: told, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "unreachable" });
  }
  if (answer.status === 401 && await askForKey()) return send(path, { method, body, headers, signal });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function refusal(answer) {
  try {
    return new ApiError(answer.status, (await answer.json()).error);
  } catch {
    return new ApiError(answer.status);
  }
}

const json = async (...call) => (await send(...call)).json();
const post = (path, fields) => json(path, { method: "POST", body: form(fields) });
const postJson = (path, body) =>
  json(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

/** Multipart fields: files as files, {id} as `name[id]`, what is empty left out. */
function form(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one instanceof Blob) body.append(name, one, one.name ?? "upload");
      else if (typeof one === "object") body.append(`${name}[id]`, one.id);
      else body.append(name, String(one));
    }
  }
  return body;
}

// Making. A source is a File or {id: "video_…"}; every one of these gives a Video that is queued.

/** fields: prompt, model, size, seconds, seed, steps, guidance, negative, input_reference, expand */
export const create = (fields) => post("videos", fields);
/** fields: video, prompt, seconds, backward, seed */
export const extend = (fields) => post("videos/extensions", fields);
/** fields: video, prompt, strength, seed */
export const edit = (fields) => post("videos/edits", fields);
export const remix = (id, fields) => postJson(`videos/${encodeURIComponent(id)}/remix`, fields);
/** fields: video, prompt, seconds, seed */
export const loop = (fields) => post("videos/loops", fields);
/** fields: video, second, prompt, seconds, strength, seed */
export const blend = (fields) => post("videos/blends", fields);
/** fields: video, second or missing ("12-30"), prompt, seconds, seed */
export const fill = (fields) => post("videos/fills", fields);
/** fields: video, mask (picture, white is painted), prompt, strength, seed */
export const inpaint = (fields) => post("videos/inpaints", fields);
/** fields: video, start, end (seconds): the frames between, and nothing painted */
export const cut = (fields) => post("videos/cuts", fields);
/** fields: storyboard (TOML text), files (the pictures and clips that it names) */
export const storyboard = (fields) => post("videos/storyboards", fields);

// Looking.

export const video = (id, signal) => json(`videos/${encodeURIComponent(id)}`, { signal });
export const videos = ({ after = "", limit = 100 } = {}) => json(`videos?limit=${limit}&order=desc${after ? `&after=${after}` : ""}`);
export const cancel = (id) => json(`videos/${encodeURIComponent(id)}/cancel`, { method: "POST" });
export const remove = (id) => json(`videos/${encodeURIComponent(id)}`, { method: "DELETE" });
export const models = () => json("models");
export const expand = (prompt, seed, signal) =>
  json("prompts/expansions", { method: "POST", body: JSON.stringify({ prompt, seed }), headers: { "Content-Type": "application/json" }, signal });
export const verify = (file) => post("content_provenance_checks", { file });

/** The gallery that ships: {rows: [{title, clips: [{video, poster, prompt, shows, model, seed, seconds, size}]}]}. */
export async function samples() {
  const where = new URL("samples.json", import.meta.url);
  const answer = await fetch(where);
  if (!answer.ok) throw new ApiError(answer.status);
  const { rows } = await answer.json();
  const at = (path) => path && new URL(path, where).href;
  return rows.map((row) => ({ ...row, clips: row.clips.map((clip) => ({ ...clip, video: at(clip.video), poster: at(clip.poster) })) }));
}

const kept = new Map(); // contents that were fetched with a key, by path, as long as a view shows them
const seen = new Map(); // the preview that each job shows, if it was fetched with a key

/** An address that <video> and <img> can load. They cannot send a key, so with one the content is fetched first. */
export async function media(id, variant = "video") {
  const path = `videos/${encodeURIComponent(id)}/content${variant === "video" ? "" : `?variant=${variant}`}`;
  if (!key()) return address(path).href;
  if (!kept.has(path)) kept.set(path, send(path).then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob)));
  kept.get(path).catch(() => kept.delete(path));
  return kept.get(path);
}

/** The newest preview of a running job, as an address. The one before it is let go: what shows it has loaded it. */
export async function preview(id, count) {
  const path = `videos/${encodeURIComponent(id)}/preview?n=${count}`;
  if (!key()) return address(path).href;
  const url = URL.createObjectURL(await (await send(path)).blob());
  dropPreview(id);
  seen.set(id, url);
  return url;
}

/** Let go of what was fetched, as soon as what is being loaded from it has been. */
export const revoke = (url) => setTimeout(() => URL.revokeObjectURL(url), LATER);

function dropPreview(id) {
  if (seen.has(id)) revoke(seen.get(id));
  seen.delete(id);
}

/** Let go of everything that was fetched for a view that is gone: a page may be open for days. */
export function letGo() {
  for (const url of kept.values()) url.then(revoke, () => {});
  kept.clear();
  for (const id of [...seen.keys()]) dropPreview(id);
}

/**
 * What happens to a job until it is done: yields {kind: "progress" | "preview" | "done", ...data}.
 * A broken connection is taken up again; where it stays broken, the last error is thrown.
 */
export async function* events(id, signal) {
  for (let tries = 0; tries < 8;) {
    try {
      const answer = await send(`videos/${encodeURIComponent(id)}/events`, { headers: { Accept: "text/event-stream" }, signal });
      for await (const event of stream(answer.body)) {
        tries = 0;
        yield event;
        if (event.kind === "done") return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error.status >= 400 && error.status < 500) throw error;
    }
    if (signal?.aborted) return;
    tries += 1;
    await new Promise((go) => setTimeout(go, LATER * tries));
  }
  throw new ApiError(0, { code: "unreachable" });
}

/** Server-sent events out of a body of bytes. EventSource would do, but it cannot send a key. */
async function* stream(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parsed(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(block) {
  let kind = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) kind = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { kind, ...JSON.parse(data.join("\n")) } : null;
}
