// The official JavaScript client, unmodified, against a server: `node client.mjs SCENARIO BASE_URL [KEY]`.
// A scenario that does not hold ends with an error; one that holds says so in a line, which the test reads.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';

const [name, baseURL, apiKey = 'none'] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const HOW = { size: '128x64', seconds: '1', steps: 1, seed: 3 };

async function poll(id) {
  for (;;) {
    const { data: video, response } = await client.videos.retrieve(id).withResponse();
    if (video.status !== 'queued' && video.status !== 'in_progress') return video;
    assert.ok(Number(response.headers.get('openai-poll-after-ms')) >= 250);
    await sleep(50);
  }
}

async function made(more = {}) {
  const video = await poll((await client.videos.create({ prompt: 'a dog', ...HOW, ...more })).id);
  assert.equal(video.status, 'completed', JSON.stringify(video.error));
  return video;
}

const picture = () => readFile('picture.png');
const clip = async (called = 'made.mp4') => toFile(await readFile('made.mp4'), called, { type: 'video/mp4' });

async function collected(page) {
  const found = [];
  for await (const one of page) found.push(one.id);
  return found;
}

async function refused(promise, kind, more = {}) {
  const error = await promise.then(() => assert.fail('it was not refused'), (error) => error);
  assert.equal(error.constructor, kind, String(error));
  for (const [field, value] of Object.entries(more)) assert.equal(error[field], value, `${field} of ${error}`);
  assert.match(error.requestID, /^req_/);
  return error;
}

const scenarios = {
  async creates() {
    const video = await made({ model: 'sora-2' });
    assert.deepEqual(
      [video.object, video.progress, video.error, video.model, video.size, video.seconds, video.prompt],
      ['video', 100, null, 'tiny', '128x64', '1.125', 'a dog'],
    );
    const url = `data:image/png;base64,${(await picture()).toString('base64')}`;
    await made({ input_reference: await toFile(await picture(), '日本.png', { type: 'image/png' }) });
    await made({ input_reference: { image_url: url } });
    await refused(client.videos.create({ prompt: 'a dog', input_reference: await toFile(Buffer.from('none'), 'a.png') }),
      OpenAI.BadRequestError, { param: 'input_reference' });
  },

  async downloads() {
    const { id } = await made();
    const starts = { video: [4, 'ftyp'], thumbnail: [8, 'WEBP'], spritesheet: [0, '\xff\xd8\xff'] };
    const types = { video: 'video/mp4', thumbnail: 'image/webp', spritesheet: 'image/jpeg' };
    for (const [variant, [at, letters]] of Object.entries(starts)) {
      const answer = await client.videos.downloadContent(id, { variant });
      assert.equal(answer.headers.get('content-type'), types[variant]);
      const data = Buffer.from(await answer.arrayBuffer());
      assert.equal(data.toString('latin1', at, at + letters.length), letters);
      assert.equal(data.length, Number(answer.headers.get('content-length')));
    }
    const whole = Buffer.from(await (await client.videos.downloadContent(id)).arrayBuffer());
    const part = await client.videos.downloadContent(id, {}, { headers: { range: 'bytes=4-7' } });
    assert.equal(part.status, 206);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(4, 8));
  },

  async changes() {
    const first = await made();
    const remixed = await client.videos.remix(first.id, { prompt: 'snow' });
    assert.equal(remixed.remixed_from_video_id, first.id);
    const started = [
      remixed,
      await client.videos.edit({ prompt: 'snow', video: { id: first.id } }),
      await client.videos.edit({ prompt: 'snow', video: await clip() }),
      await client.videos.extend({ prompt: 'snow', seconds: '1', video: { id: first.id }, steps: 1 }),
      await client.videos.extend({ prompt: 'snow', seconds: '1', video: await clip('日本.mp4'), steps: 1 }),
    ];
    const done = await Promise.all(started.map(({ id }) => poll(id)));
    assert.deepEqual(done.map(({ status }) => status), Array(5).fill('completed'));
    assert.equal(done[4].seconds, '2.125'); // the whole, not what was added
  },

  async lists() {
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push((await client.videos.create({ prompt: `a dog ${n}`, ...HOW })).id);
    const newest = [...ids].reverse();
    const page = await client.videos.list({ limit: 2 });
    assert.deepEqual(page.data.map(({ id }) => id), newest.slice(0, 2));
    assert.ok(page.hasNextPage());
    assert.deepEqual((await page.getNextPage()).data.map(({ id }) => id), newest.slice(2, 4));
    assert.deepEqual(await collected(client.videos.list({ limit: 2 })), newest);
    assert.deepEqual(await collected(client.videos.list({ limit: 2, order: 'asc', after: ids[1] })), ids.slice(2));
    assert.deepEqual(await collected(client.videos.list({ limit: 0 })), []);
    await poll(ids[0]);
    assert.deepEqual(await client.videos.delete(ids[0]), { id: ids[0], object: 'video.deleted', deleted: true });
    for (const call of ['retrieve', 'delete', 'downloadContent']) {
      await refused(client.videos[call](ids[0]), OpenAI.NotFoundError, { code: 'video_not_found' });
    }
  },

  async characters() {
    const character = await client.videos.createCharacter({ name: 'Taro', video: await clip() });
    assert.deepEqual(await client.videos.getCharacter(character.id), character);
    assert.equal(character.name, 'Taro');
    await made({ characters: [{ id: character.id }] });
    await refused(client.videos.getCharacter('char_none'), OpenAI.NotFoundError);
  },

  async beside() {
    assert.deepEqual(await collected(client.models.list()), ['tiny']);
    assert.equal((await client.models.retrieve('sora-2')).id, 'tiny');
    await refused(client.models.retrieve('another'), OpenAI.NotFoundError);
    const { results } = await client.moderations.create({ input: ['a dog runs in the snow', 'a naked child'] });
    assert.deepEqual(results.map(({ flagged }) => flagged), [false, true]);
    assert.ok(results[1].categories['sexual/minors']);
  },

  async webhooks() {
    const heard = [];
    const listening = createServer(async (request, response) => {
      const pieces = [];
      for await (const piece of request) pieces.push(piece);
      heard.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.end();
    });
    await new Promise((done) => listening.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${listening.address().port}/hook`;
    const hook = await client.webhooks.create({ name: 'mine', url, event_types: ['video.completed', 'video.failed'] });
    assert.deepEqual(await collected(client.webhooks.list()), [hook.id]);
    assert.equal((await client.webhooks.update(hook.id, { name: 'ours' })).name, 'ours');
    assert.equal((await client.webhooks.retrieve(hook.id)).name, 'ours');
    const { signing_secret: secret } = await client.webhooks.rotateSecret(hook.id);
    assert.notEqual(secret, hook.signing_secret);
    assert.ok((await client.webhooks.test(hook.id, { event_type: 'video.failed' })).success);
    const video = await made();
    while (heard.length < 2) await sleep(20);
    const kinds = heard.map(async ({ body, headers }) => await client.webhooks.unwrap(body, headers, secret));
    const [tried, told] = await Promise.all(kinds);
    assert.equal(tried.type, 'video.failed');
    assert.deepEqual([told.object, told.type, told.data.id], ['event', 'video.completed', video.id]);
    const { body, headers } = heard[1];
    for (const forged of [[body.replace(video.id, 'video_another'), secret], [body, hook.signing_secret]]) {
      await assert.rejects(client.webhooks.unwrap(forged[0], headers, forged[1]), OpenAI.InvalidWebhookSignatureError);
    }
    assert.ok((await client.webhooks.delete(hook.id)).deleted);
    listening.close();
  },

  // With a key of two videos a minute.
  async refusals() {
    const stranger = new OpenAI({ baseURL, apiKey: 'another', maxRetries: 0 });
    await refused(stranger.videos.list(), OpenAI.AuthenticationError, { status: 401, code: 'invalid_api_key' });
    await refused(client.videos.retrieve('a b?'), OpenAI.NotFoundError, { status: 404, code: 'video_not_found' });
    await refused(client.videos.create({ prompt: '' }), OpenAI.BadRequestError, { status: 400, param: 'prompt' });
    const nonsense = client.videos.create({ prompt: 'a dog', nonsense: 1 });
    await refused(nonsense, OpenAI.BadRequestError, { code: 'unknown_parameter', param: 'nonsense' });
    for (let n = 0; n < 2; n++) await client.videos.create({ prompt: 'a dog', ...HOW });
    const many = await refused(client.videos.create({ prompt: 'a dog' }), OpenAI.RateLimitError, { status: 429 });
    assert.ok(Number(many.headers.get('retry-after')) > 0);
  },
};

await scenarios[name]();
console.log(`${name} holds`);
