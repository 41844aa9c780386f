/*
 * Receivers that do not keep up.  Beside each of them neighbours exchange
 * events on another topic, and another receiver of the same topic gets all of
 * them.  Every event is accounted for: what a slow receiver is given in the
 * end is what was sent, in order and without holes, up to where it was closed
 * or to what was dropped and counted.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { brokerGroup, open, openMany } from './lib/broker.mjs';
import { TEXT, encodeFrame } from './lib/frame.mjs';
import { Neighbours } from './lib/neighbours.mjs';
import { WebSocketPeer, upgradeRequest } from './lib/websocket.mjs';
import { ControlPeer } from './lib/control.mjs';
import { Wire } from './lib/wire.mjs';

const LIMIT_SECONDS = 120;
const STUCK = 200;
const SANITIZED = /san/.test(process.env.WAMP_BIN ?? '');
const FILLER = 'x'.repeat(8000);
const QUEUE = 256 * 1024;
const CONFIG = `keepalive: 0
come_back: code
limits: { queue: ${QUEUE}, stall: 300ms }
`;

function declare(test, name, body) {
  test(`slow: ${name}`, async (t) => {
    const neighbours = await Neighbours.start(t);

    await body(t, await open(t, 'control'));
    await neighbours.stop();
  }, LIMIT_SECONDS);
}

async function subscribe(peer, topic) {
  peer.send([5, topic]);
  await peer.sync();
}

/* What has become of a counter of the broker since counterOf(). */
async function counterOf(admin, name) {
  const before = (await admin.result('wampd.stats'))[name];

  return async () => (await admin.result('wampd.stats'))[name] - before;
}

/* Publish numbered events, a few at a time, until there is no need for more;
 * how many that were.  Each time good must have got them all. */
async function publishUntil(publisher, good, topic, enough) {
  let n = 0;

  do {
    const sent = Array.from({ length: 16 }, () => ++n);

    for (const i of sent)
      publisher.send([7, topic, [i, FILLER], true]);
    assert.equal((await publisher.result('wampd.barrier')).accepted, 16);
    assert.deepEqual((await good.events(topic)).map(([i]) => i), sent);
  } while (!await enough());
  return n;
}

/* The numbers of the events that a peer is sent until the end. */
async function numbersOf(peer) {
  await peer.ended;
  return peer.messages.take().map((text) => JSON.parse(text))
    .filter(([type]) => type === 8).map(([, , [n]]) => n);
}

function assertPrefix(numbers, n) {
  assert.ok(numbers.length < n, 'it was closed before the end');
  assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
}

function residentOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');

  return Number(status.match(/VmRSS:\s*(\d+) kB/)[1]) * 1024;
}

/* A peer that reads byte by byte, as many as it has been allowed. */
async function openSipping(t, transport) {
  const { host, port, control } = t.fixture;
  const sip = { bytes: Infinity };
  const onread = {
    buffer: Buffer.alloc(1),
    callback: (length, buffer) => {
      sip.wire.chunks.push(Buffer.from(buffer.subarray(0, length)));
      return --sip.bytes > 0;
    },
  };

  sip.wire = await Wire.open(transport === 'ws' ?
    { host, port, onread } : { path: control, onread });
  sip.peer = transport === 'ws' ? new WebSocketPeer(sip.wire) :
    new ControlPeer(sip.wire);
  t.defer(() => sip.peer.vanish());
  if (transport === 'ws')
    sip.wire.write(upgradeRequest(t.fixture));
  await sip.peer.welcome();
  sip.allow = (bytes) => {
    sip.bytes = bytes;
    sip.wire.socket.resume();
  };
  return sip;
}

/* Read on, to the end: what a WebSocket is told last. */
async function expectGoodbye(peer, transport) {
  if (transport !== 'ws')
    return;
  const { code, payload } = await peer.closed();
  assert.equal(code, 1008);		/* come_back: code */
  assert.equal(payload.subarray(2).toString(), 'too slow: it did not read');
}

async function stopReading(t, admin, transport) {
  const stuck = await open(t, transport);
  const [good, publisher] = await openMany(t, 2, 'ws');
  const overflowed = await counterOf(admin, 'sessions_overflowed');

  await subscribe(stuck, t.topic);
  await subscribe(good, t.topic);
  stuck.wire.socket.pause();
  const n = await publishUntil(publisher, good, t.topic,
    async () => await overflowed() === 1);
  stuck.wire.socket.resume();
  assertPrefix(await numbersOf(stuck), n);
  await expectGoodbye(stuck, transport);
}

async function readByteByByte(t, admin, transport) {
  const sip = await openSipping(t, transport);
  const [good, publisher] = await openMany(t, 2, 'ws');
  const overflowed = await counterOf(admin, 'sessions_overflowed');

  await subscribe(sip.peer, t.topic);
  await subscribe(good, t.topic);
  const n = await publishUntil(publisher, good, t.topic, async () => {
    sip.allow(1);
    return await overflowed() === 1;
  });
  sip.allow(Infinity);
  assertPrefix(await numbersOf(sip.peer), n);
}

/* The broker keeps the events once, and of each session little besides. */
async function stopAtOnce(t, admin, transport) {
  const stuck = await openMany(t, STUCK, transport);
  const [good, publisher] = await openMany(t, 2, 'control');
  const overflowed = await counterOf(admin, 'sessions_overflowed');
  const before = residentOf(t.fixture.pid);
  let most = 0;

  for (const peer of stuck) {
    await subscribe(peer, t.topic);
    peer.wire.socket.pause();
  }
  await subscribe(good, t.topic);
  await publishUntil(publisher, good, t.topic, async () => {
    most = Math.max(most, residentOf(t.fixture.pid));
    return await overflowed() === STUCK;
  });
  t.note(`${most - before} bytes for ${STUCK} stuck sessions`);
  if (!SANITIZED)		/* their memory is another matter */
    assert.ok(most - before < STUCK * QUEUE / 2);
}

/* Two that publish to each other and read nothing wait for each other. */
async function publishToEachOther(t, admin) {
  const peers = [await open(t, 'ws'), await open(t, 'control')];
  const overflowed = await counterOf(admin, 'sessions_overflowed');
  const paused = await counterOf(admin, 'pauses');

  for (const [i, peer] of peers.entries())
    await subscribe(peer, `${t.topic}/${i}`);
  for (const [i, peer] of peers.entries()) {
    peer.wire.socket.pause();
    for (let n = 0; n < 1500; n++)
      peer.send([7, `${t.topic}/${1 - i}`, FILLER]);
  }
  while (await overflowed() === 0)
    assert.ok(await paused() >= 0);
}

/* How a peer that reads nothing may leave: its socket is closed or reset, or it
 * says that it writes no more and stays. */
const WAYS_TO_LEAVE = {
  closed: (socket) => socket.destroy(),
  reset: (socket) => socket.resetAndDestroy(),
  'half closed': (socket) => socket.end(),
};

/* It hears what it publishes, reads nothing, is paused as both, and leaves:
 * others wait for it no longer than for any slow one. */
async function waitForItself(t, admin, transport, leave) {
  const [peer, publisher] = [await open(t, transport), await open(t, 'ws')];
  const isPaused = async () => (await admin.result('wampd.sessions'))
    .find(({ session }) => session === peer.id)?.paused ?? true;

  await subscribe(peer, t.topic);
  peer.wire.socket.pause();
  do
    for (let n = 0; n < 64; n++)
      peer.send([7, t.topic, FILLER]);
  while (!await isPaused());
  leave(peer.wire.socket);
  publisher.send([7, t.topic, 1]);
  assert.equal((await publisher.result('wampd.barrier')).accepted, 1);
  while ((await admin.result('wampd.sessions'))
    .some(({ session }) => session === peer.id))
    await publisher.sync();
}

/* The input that a publisher sent while it was paused lies in buffers below
 * the broker: nothing but its being resumed gets it out of there. */
async function resumeBuffered(t, admin, transport) {
  const [stuck, publisher] = [await open(t, 'control'),
    await open(t, transport)];
  const overflowed = await counterOf(admin, 'sessions_overflowed');
  let n = 0;

  await subscribe(stuck, t.topic);
  stuck.wire.socket.pause();
  do {
    const messages = [`[7,"${t.topic}","${FILLER}"]`,
      `[2,"after-${++n}","wampd.barrier"]`];
    publisher.wire.write(transport === 'ws' ?
      Buffer.concat(messages.map((text) => encodeFrame(TEXT, text))) :
      messages.map((text) => `${text}\n`).join(''));
    const [, , { accepted }] = await publisher.answer(`after-${n}`);
    assert.equal(accepted, 1);
  } while (await overflowed() === 0);
}

brokerGroup('slow', 'disconnect', { config: CONFIG }, (test) => {
  for (const transport of ['ws', 'control']) {
    declare(test, `one that stops is closed alone, ${transport}`,
      (t, admin) => stopReading(t, admin, transport));
    declare(test, `so is one that reads byte by byte, ${transport}`,
      (t, admin) => readByteByByte(t, admin, transport));
    declare(test, `and ${STUCK} that stop at once, ${transport}`,
      (t, admin) => stopAtOnce(t, admin, transport));
    declare(test, `who waits misses nothing when it goes on, ${transport}`,
      (t, admin) => resumeBuffered(t, admin, transport));
    for (const [way, leave] of Object.entries(WAYS_TO_LEAVE))
      if (transport === 'ws' || way !== 'reset')	/* TCP's */
        declare(test, `who waits for itself and is ${way} holds nobody up, ${
          transport}`, (t, admin) => waitForItself(t, admin, transport, leave));
  }
  declare(test, 'two that wait for each other do not for ever',
    publishToEachOther);
});

/* ---- overflow: drop-oldest and drop-newest ---- */

const DROPPING = {
  config: `keepalive: 0
limits: { queue: ${QUEUE}, stall: 300ms }
handlers:
  oldest: { type: broadcast, overflow: drop-oldest, publish: anyone }
  newest: { type: broadcast, overflow: drop-newest, publish: anyone }
  rest: { type: broadcast, publish: anyone }
`,
  routes: `oldest: { channel: "oldest/{n}", handler: oldest }
newest: { channel: "newest/{n}", handler: newest }
rest: { channel: "t/{n}/neighbours", handler: rest }
`,
};

async function dropEvents(t, admin, transport, kind) {
  const topic = `${kind}/${transport}`;
  const stuck = await open(t, transport);
  const [good, publisher] = await openMany(t, 2, 'ws');
  const dropped = await counterOf(admin, 'events_dropped');

  await subscribe(stuck, topic);
  await subscribe(good, topic);
  stuck.wire.socket.pause();
  const n = await publishUntil(publisher, good, topic,
    async () => await dropped() > 100);
  const sessions = await admin.result('wampd.sessions');
  assert.equal(sessions.find(({ session }) => session === stuck.id).dropped,
    await dropped());
  stuck.wire.socket.resume();
  const got = (await stuck.events(topic)).map(([i]) => i);
  assert.equal(got.length + await dropped(), n, 'delivered or counted');
  const gap = got.findIndex((number, i) => number !== i + 1);
  if (kind === 'newest') {
    assert.equal(gap, -1, 'what came last is gone');
  } else {
    const after = got.slice(gap);
    assert.deepEqual(after, after.map((_, i) => n - after.length + i + 1));
  }
  publisher.send([7, topic, [n + 1], true]);
  await publisher.sync();
  assert.deepEqual(await stuck.events(topic), [[n + 1]], 'it goes on');
}

brokerGroup('slow', 'drop', DROPPING, (test) => {
  for (const transport of ['ws', 'control'])
    for (const kind of ['oldest', 'newest'])
      declare(test, `drop-${kind} loses just what it counts, ${transport}`,
        (t, admin) => dropEvents(t, admin, transport, kind));
});

/* ---- limits.queues ---- */

const MIB = 1024 * 1024;

/* Publish until so much waits for the session. */
async function fill(admin, publisher, { id }, topic, bytes) {
  let n = 0;

  for (;;) {
    const sessions = await admin.result('wampd.sessions');
    const one = sessions.find(({ session }) => session === id);
    if (one === undefined || one.queued >= bytes)
      return n;
    publisher.send([7, topic, [++n, FILLER]]);
    await publisher.sync();
  }
}

brokerGroup('slow', 'limits.queues', { config: `keepalive: 0
come_back: code
limits: { queue: 32MiB, queues: 7MiB, stall: 60s }
` }, (test) => {
  declare(test, 'of all queues the largest goes first', async (t, admin) => {
    const stuck = [await open(t, 'ws'), await open(t, 'control'),
      await open(t, 'ws')];
    const publisher = await open(t, 'ws');
    const evicted = await counterOf(admin, 'sessions_evicted');
    const sent = [];

    for (const [i, peer] of stuck.entries()) {
      await subscribe(peer, `${t.topic}/${i}`);
      peer.wire.socket.pause();
    }
    for (const [i, bytes] of [MIB, 2 * MIB].entries())
      sent.push(await fill(admin, publisher, stuck[i], `${t.topic}/${i}`,
        bytes));
    sent.push(await fill(admin, publisher, stuck[2], `${t.topic}/2`,
      Infinity));
    assert.equal(await evicted(), 1);
    for (const peer of stuck)
      peer.wire.socket.resume();
    for (const i of [0, 1])
      assert.deepEqual((await stuck[i].events(`${t.topic}/${i}`))
        .map(([n]) => n), Array.from({ length: sent[i] }, (_, n) => n + 1));
    assertPrefix(await numbersOf(stuck[2]), sent[2]);
    assert.equal((await stuck[2].closed()).code, 1008);
  });
});
