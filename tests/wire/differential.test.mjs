/*
 * The same broker through clients of different making: npm ws, libwebsockets
 * (wamp-sub and wamp-pub), and the tests' own peer, which cuts its frames and
 * writes anywhere.  They publish and call at random, at once, and change their
 * subscriptions; all must get the same events in the same order, byte for byte.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';
import { RSV1, compressed } from './lib/deflate.mjs';
import { CONTINUATION, PING, TEXT, encodeFrame } from './lib/frame.mjs';
import { openNpm } from './lib/npm.mjs';
import { Random, SEED } from './lib/random.mjs';
import { ToolPub, ToolSub } from './lib/tools.mjs';

const LIMIT_SECONDS = 120;
const ROUNDS = 5;
const MESSAGES = 12;			/* per round and client, at most */

/* Nobody is slow here. */
const CONFIG = `keepalive: 0
limits: { queue: 64MiB, stall: 1h, stall_window: 2h }
`;

/* ---- what is said ---- */

/* Sizes of messages around which something changes: the forms of lengths, the
 * smallest message that is compressed, a record of TLS, one read of the
 * broker. */
const EDGES = [125, 126, 128, 1024, 4096, 16384, 65535, 65536];
const RARE_EDGES = [131072, 262144];

const ALPHABETS = ['x', 'abcdefghij {}[]:,', '0123456789abcdef',
  '\u00e9\u00fc\u00df', '\u20ac\u4e2d\u6587', '\u{1f600}\u{10ffff}',
  ['\\u00e9', '\\n', '\\"', '\\ud83d\\ude00', '\\/', '/']];

/* A string in JSON, in quotes, of that many bytes; at least 2. */
function fill(random, bytes) {
  const letters = [...random.pick(ALPHABETS)];
  const parts = [];
  let left = bytes - 2;

  for (;;) {
    const letter = random.pick(letters);
    left -= Buffer.byteLength(letter);
    if (left < 0)
      break;
    parts.push(letter);
  }
  return `"${parts.join('')}${'x'.repeat(
    bytes - 2 - Buffer.byteLength(parts.join('')))}"`;
}

function sizeOf(random) {
  const kind = random.int(20);

  if (kind === 0)
    return random.pick(RARE_EDGES) + random.between(-3, 3);
  return kind < 8 ? random.int(300) : random.pick(EDGES) +
    random.between(-3, 3);
}

/* An event that tells who has sent it, and that makes its PUBLISH or EVENT
 * message just as long as wanted. */
function eventOf(random, topic, from, n) {
  const mark = `[${from},${n},12345678901234567890,1.50e+3,`;
  const envelope = `[8,"${topic}",${mark}]]`;
  const size = sizeOf(random) - Buffer.byteLength(envelope);

  return `${mark}${fill(random, Math.max(size, 2))}]`;
}

/* ---- who says it ---- */

/* The frames of a message: whole or in fragments, with pings between. */
function framesOf(random, text, deflate) {
  const packs = deflate && random.int(2) === 0;
  const bytes = packs ? compressed(text, { level: random.int(10) }) :
    Buffer.from(text);
  const cuts = Array.from({ length: random.pick([0, 0, 1, 2, 5]) },
    () => random.int(bytes.length + 1)).sort((a, b) => a - b);
  const frames = [];

  [...cuts, bytes.length].forEach((end, i) => {
    frames.push(encodeFrame(i === 0 ? TEXT : CONTINUATION,
      bytes.subarray(i === 0 ? 0 : cuts[i - 1], end),
      { fin: i === cuts.length, rsv: packs && i === 0 ? RSV1 : 0 }));
    if (random.int(4) === 0)
      frames.push(encodeFrame(PING, `${i}`));
  });
  return frames;
}

/* Write messages with the tests' peer: cut anywhere, or all at once. */
function sayRaw(random, peer, messages, deflate) {
  const bytes = Buffer.concat(messages.flatMap((text) =>
    framesOf(random, text, deflate)));

  for (let at = 0, end; at < bytes.length; at = end) {
    end = at + random.pick([1, 7, 200, 16384, 100000, bytes.length]);
    peer.wire.write(bytes.subarray(at, end));
  }
}

function sayNpm(random, peer, messages) {
  for (const text of messages) {
    const letters = [...text];
    const cut = random.int(letters.length);

    if (random.int(3) > 0) {
      peer.sendText(text);
    } else {
      peer.sendText(letters.slice(0, cut).join(''), { fin: false });
      peer.sendText(letters.slice(cut).join(''));
    }
  }
}

/* A session that publishes, calls and subscribes. */
class Client {
  topics = new Set();
  #calls = 0;

  constructor(name, peer, say) {
    this.name = name;
    this.peer = peer;
    this.say = say;
  }

  /* Be subscribed to those alone, from now on. */
  async subscribe(topics) {
    for (const topic of this.topics)
      if (!topics.has(topic))
        this.peer.send([6, topic]);
    for (const topic of topics)
      this.peer.send([5, topic]);
    this.topics = topics;
    assert.deepEqual(await this.peer.sync(), [], `${this.name}: nothing more`);
  }

  /* A call, and its answer. */
  call(random) {
    const id = `${this.name}-${++this.#calls}`;
    const args = `1,${fill(random, Math.max(sizeOf(random), 2))}`;

    return [`[2,"${id}","wampd.echo",${args}]`, `[3,"${id}",[${args}]]`];
  }

  /* As many messages as there must be: { events, answers }. */
  async receive(events, answers) {
    const got = { events: [], answers: [] };

    while (got.events.length + got.answers.length < events + answers) {
      const text = await this.peer.receive();
      (text.startsWith('[8,') ? got.events : got.answers).push(text);
    }
    return got;
  }
}

/* What the tests' peer is, in its four ways: the others cannot be told to be
 * plain or compressed per message. */
function openClients(t, transportOf, deflate, random) {
  return Promise.all([
    ['raw', (at) => open(t, at), (peer, texts) => sayRaw(random, peer, texts)],
    ['raw, deflate', (at) => open(t, at, { deflate: true }),
      (peer, texts) => sayRaw(random, peer, texts, deflate)],
    ['npm', (at) => openNpm(t, at), (peer, texts) =>
      sayNpm(random, peer, texts)],
    ['npm, deflate', (at) => openNpm(t, at, { threshold: random.int(200) }),
      (peer, texts) => sayNpm(random, peer, texts)],
  ].map(async ([name, connect, say]) => {
    const peer = await connect(transportOf());
    return new Client(name, peer, (texts) => say(peer, texts));
  }));
}

/* ---- the test ---- */

class Differential {
  constructor(t, random, transports, deflate) {
    this.random = random;
    this.t = t;
    this.deflate = deflate;
    this.transportOf = () => random.pick(transports);
    this.topics = ['a', '\u00e9/\u20ac', `c/${'x'.repeat(100)}`].map((end) =>
      `${t.topic}/${end}`);
  }

  async start() {
    this.clients = await openClients(this.t, this.transportOf, this.deflate,
      this.random);
    /* It gets all events, and tells in what order. */
    this.sub = await ToolSub.open(this.t, this.transportOf(), this.topics);
    this.pubs = this.topics.map((topic) =>
      new ToolPub(this.t, this.transportOf(), topic));
    for (const pub of this.pubs)
      pub.ended.then(() =>
        this.sub.lines.end(new Error('wamp-pub has ended')));
    this.published = new Map();
  }

  /* A new event of that publisher. */
  event(topic, from) {
    const events = this.published.get(from) ?? [];
    const event = eventOf(this.random, topic, from, events.length);

    events.push(`${topic}\t${event}`);
    this.published.set(from, events);
    this.count++;
    return event;
  }

  /* Everyone says something at once.  Returns the answers due to each
   * client. */
  say() {
    const { random } = this;
    const some = (make) =>
      Array.from({ length: random.int(MESSAGES + 1) }, make);

    this.pubs.forEach((pub, i) => some(() =>
      pub.publish(this.event(this.topics[i], i))));
    return this.clients.map((client, i) => {
      const answers = [];
      client.say(some(() => {
        if (random.int(4) === 0) {
          const [call, answer] = client.call(random);
          answers.push(answer);
          return call;
        }
        const topic = random.pick(this.topics);
        return `[7,"${topic}",${this.event(topic, this.pubs.length + i)}]`;
      }));
      return answers;
    });
  }

  async round() {
    const { random } = this;

    for (const client of this.clients)
      await client.subscribe(new Set(this.topics.filter(() =>
        random.int(4) > 0)));
    this.count = 0;
    const answers = this.say();
    const lines = [];
    while (lines.length < this.count)
      lines.push(await this.sub.lines.next());
    this.order.push(...lines);
    for (const [i, client] of this.clients.entries())
      await this.compare(client, lines, answers[i]);
  }

  async compare(client, lines, answers) {
    const wanted = lines.map((line) => line.split('\t'))
      .filter(([topic]) => client.topics.has(topic))
      .map(([topic, event]) => `[8,"${topic}",${event}]`);
    const got = await client.receive(wanted.length, answers.length);

    assert.ok(got.events.every((text, i) => text === wanted[i]),
      `${client.name}: another event, or another order`);
    assert.deepEqual(got.answers, answers, client.name);
  }

  async run() {
    this.order = [];
    await this.start();
    for (let i = 0; i < ROUNDS; i++)
      await this.round();
    for (const client of this.clients)
      await client.subscribe(new Set());
    for (const pub of this.pubs)
      await pub.close();
    for (const { name, peer: { compressed: n = 0 } } of this.clients)
      assert.equal(n > 0, this.deflate && name === 'raw, deflate', name);
    /* Each publisher's events came in its order. */
    for (const [from, events] of this.published)
      assert.deepEqual(this.order.filter((line) =>
        line.split('\t')[1].startsWith(`[${from},`)), events);
  }
}

for (const deflate of [false, true])
  brokerGroup('differential', deflate ? 'deflate' : 'plain', { tls: true,
    config: `${CONFIG}websocket: { deflate: ${deflate} }\n` }, (test) => {
    for (const transports of [['ws'], ['wss'], ['ws', 'wss']])
      test(`all clients agree, ${transports.join(' and ')}`, async (t) => {
        t.note(`WAMP_SEED=${SEED}`);
        await new Differential(t, new Random(SEED), transports, deflate)
          .run();
      }, LIMIT_SECONDS);
  });
