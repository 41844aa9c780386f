/*
 * Who is closed, and what its client makes of it: by the rule of AutobahnJS
 * 0.8, which Oro's pages use, on npm ws, a WebSocket nobody here wrote.  A page
 * that takes the end for goodbye hears nothing more until it is loaded again.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';
import { WebSocket } from './lib/npm.mjs';

const FILLER = 'x'.repeat(8000);
const LIMITS = `keepalive: 0
limits: { queue: 128KiB, stall: 200ms, message: 64KiB }
`;
const FULL = `limits: { sessions: 1 }
`;

/* AutobahnJS 0.8.2, onclose: what onhangup is called with.  Oro's own client
 * connects again for all but CONNECTION_CLOSED. */
function hangupOf({ wasClean, code }) {
  return wasClean ? `CONNECTION_CLOSED, WS-${code}` : 'CONNECTION_LOST';
}

/* A page: what it is told first, and in the end. */
async function openPage(t) {
  const { host, port } = t.fixture;
  const socket = new WebSocket(`ws://${host}:${port}/`, 'wamp');
  const page = { socket };

  page.hangup = new Promise((resolve) => {
    socket.onclose = (event) => resolve(hangupOf(event));
  });
  socket.onerror = () => {};
  const welcome = new Promise((resolve) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data));
  });
  await Promise.race([welcome, page.hangup]);
  t.defer(() => {
    socket.terminate();
    return page.hangup;
  });
  page.id = (await Promise.race([welcome, page.hangup]))[1];
  return page;
}

async function kick(t) {
  const page = await openPage(t);

  await (await open(t, 'control')).result('wampd.kick', page.id);
  return page.hangup;
}

async function refuseOneMore(t) {
  await openPage(t);
  return (await openPage(t)).hangup;
}

async function stopReading(t) {
  const page = await openPage(t);
  const admin = await open(t, 'control');
  const before = (await admin.result('wampd.stats')).sessions_overflowed;

  page.socket.send(JSON.stringify([5, t.topic]));
  page.socket.send(JSON.stringify([2, 'i', 'wampd.barrier']));
  await new Promise((resolve) => {
    page.socket.onmessage = resolve;
  });
  page.socket.pause();
  do
    for (let n = 0; n < 16; n++)
      await admin.result('wampd.publish', t.topic, FILLER);
  while ((await admin.result('wampd.stats')).sessions_overflowed === before);
  page.socket.resume();
  return page.hangup;
}

async function say(t, data) {
  const page = await openPage(t);

  page.socket.send(data, { binary: false });
  return page.hangup;
}

/* What happens, and the code for it: who breaks the protocol should not come
 * back to do it again. */
const SHOULD_COME_BACK = [
  ['an administrator closes it', kick, 1008],
  ['it does not read', stopReading, 1008],
];
const SHOULD_NOT = [
  ['it sends no message', (t) => say(t, 'Hello World!'), 1007],
  ['it sends no UTF-8', (t) => say(t, Buffer.of(0x22, 0xff, 0x22)), 1007],
  ['it sends too much',
    (t) => say(t, JSON.stringify([7, t.topic, 'x'.repeat(70000)])), 1009],
];

const WAYS = [
  ['oro', '', true],
  ['spec', 'compat: spec\n', false],
  ['oro, code', 'come_back: code\n', false],
  ['spec, drop', 'compat: spec\ncome_back: drop\n', true],
];

for (const [way, config, drops] of WAYS)
  brokerGroup('coming back', way, { config: LIMITS + config }, (test) => {
    for (const [what, doIt, code] of SHOULD_COME_BACK)
      test(`${what}: the page ${drops ? 'connects again' : 'is told'}`,
        async (t) => {
          assert.equal(await doIt(t), drops ? 'CONNECTION_LOST' :
            `CONNECTION_CLOSED, WS-${code}`);
        });
    for (const [what, doIt, code] of SHOULD_NOT)
      test(`${what}: the page is told`, async (t) => {
        assert.equal(await doIt(t), `CONNECTION_CLOSED, WS-${code}`);
      });
  });

for (const [way, config, drops] of WAYS)
  brokerGroup('coming back, full', way, { config: FULL + config }, (test) => {
    test(`it is one too many: the page ${
      drops ? 'connects again' : 'is told'}`, async (t) => {
      assert.equal(await refuseOneMore(t), drops ? 'CONNECTION_LOST' :
        'CONNECTION_CLOSED, WS-1013');
    });
  });
