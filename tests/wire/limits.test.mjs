/*
 * Limits.  In each test a hostile client tries to exhaust one of them, while a
 * well-behaved publisher and its subscribers exchange events: they must lose
 * none, and what stops the client is counted.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { brokerGroup, open } from './lib/broker.mjs';
import { CONTINUATION, TEXT } from './lib/frame.mjs';
import { declare } from './lib/hostile.mjs';
import { ask, assertRefusal } from './lib/http.mjs';
import { SECRET, backEnd, oroTicket, page } from './lib/oro.mjs';
import { upgradeRequest } from './lib/websocket.mjs';

const CHILD = JSON.stringify([process.execPath,
  fileURLToPath(new URL('lib/child.mjs', import.meta.url))]);
const HASH = '$2y$13$abcdefghijklmnopqrstuv';

/* Whoever sends X-Forwarded-For is where it says. */
const CONFIG = `
trusted_proxies: 127.0.0.1
anonymous: yes
tickets: { oro: { secret_file: secret, users: users.yml } }
handlers:
  open: { type: broadcast, subscribe: anyone, publish: anyone }
  kept: { type: broadcast, subscribe: anyone, publish: anyone, retain: true }
  child: { type: exec, call: anyone, command: ${CHILD} }
limits:
  sessions_address: 6
  sessions_user: 2
  prefixes: 10
  topic_length: 4KiB
  memory_session: 512KiB
  requests: 50
  rate: 3000
  rate_burst: 2000
  retained: 1MiB
`;

const FILES = { 'secret': `${SECRET}\n`,
  'users.yml': `ann: { password: "${HASH}", id: 1, roles: [] }\n` };

const ROUTES = `
child: { channel: child, handler: { callback: child } }
kept: { channel: 'kept/{x}', handler: { callback: kept },
  requirements: { x: .+ } }
open: { channel: '{any}', handler: { callback: open },
  requirements: { any: .+ } }
`;

const from = (address) => ({ headers: { 'X-Forwarded-For': address } });

async function stats(t) {
  return (await open(t, 'control')).result('wampd.stats');
}

/* A session of its own over a WebSocket that is asked to do harm. */
const hostile = (t, address = '203.0.113.1') => open(t, 'ws', from(address));

/* How many sessions that client has, by the broker's list. */
async function sessionOf(t, peer) {
  const all = await (await open(t, 'control')).result('wampd.sessions');

  return all.find(({ session }) => session === peer.id);
}

brokerGroup('limits', 'small', { config: CONFIG, routes: ROUTES,
  files: FILES }, (test) => {
  declare(test, 'L1 sessions of one address', async (t) => {
    const request = (address) => upgradeRequest(t.fixture, from(address));

    for (let i = 0; i < 6; i++)
      await hostile(t, '203.0.113.9');
    const got = await ask(t, 'ws', request('203.0.113.9'));
    assertRefusal(got, '429 Too Many Requests',
      { fields: { 'retry-after': '10' } });
    assert.equal((await stats(t)).refused_full_address, 1);
    await t.fixture.logged(/203\.0\.113\.9.* limits\.sessions_address is 6/);
    await (await hostile(t, '203.0.113.10')).sync();
  });

  declare(test, 'L2 sessions of one user', async (t) => {
    const ann = () => page(oroTicket({ user: 'ann', password: HASH }));
    const first = await open(t, 'ws', ann());

    await open(t, 'ws', ann());
    assertRefusal(await ask(t, 'ws', upgradeRequest(t.fixture, ann())),
      '429 Too Many Requests', { fields: { 'retry-after': '10' } });
    assert.equal((await stats(t)).refused_full_user, 1);
    await first.close();
    await (await open(t, 'ws', ann())).sync();
    for (let i = 0; i < 4; i++)
      await open(t, 'ws', backEnd());
  });

  declare(test, 'L3 prefixes', async (t) => {
    const peer = await hostile(t);

    for (let i = 0; i <= 10; i++)
      peer.send([1, `p${i}`, 'http://example.com/']);
    await peer.expectViolation(1007);
    assert.equal((await stats(t)).limited_prefixes, 1);
  });

  declare(test, 'L4 the length of a topic', async (t) => {
    const peer = await hostile(t);

    peer.send([5, 'x'.repeat(4096)]);
    await peer.sync();
    peer.send([5, 'x'.repeat(4097)]);
    await peer.expectViolation(1007);
    assert.equal((await stats(t)).limited_topic_length, 1);
  });

  declare(test, 'L5 the memory of a session', async (t) => {
    const peer = await hostile(t);

    for (let i = 0; i < 500; i++)
      peer.send([5, `${i}`.padEnd(4000, 'x')]);
    await peer.sync();
    const { subscriptions } = await sessionOf(t, peer);
    assert.ok(subscriptions > 30 && subscriptions < 60, subscriptions);
    assert.equal((await stats(t)).limited_memory, 500 - subscriptions);
    await t.fixture.logged(new RegExp(
      `session=${peer.id} subscribe .*limits\\.memory_session is 524288`));
  });

  declare(test, 'L6 calls that a program has not answered', async (t) => {
    const peer = await hostile(t);
    const other = await open(t, 'ws', from('203.0.113.2'));
    const before = (await stats(t)).limited_requests;

    for (let i = 0; i < 500; i++)
      peer.send([2, `c${i}`, 'child', { hold: `h${i}` }]);
    /* The program answers others, and they are many enough to fill what it
     * reads if it was only the hostile one's. */
    for (let i = 0; i < 100; i++)
      await other.result('child', { answer: { result: [i] } });
    assert.equal((await sessionOf(t, peer)).paused, true);
    assert.ok((await stats(t)).limited_requests > before);
    await peer.vanish();
  });

  declare(test, 'L7 the rate of messages', async (t) => {
    const peer = await hostile(t);
    const before = await stats(t);

    for (let i = 0; i < 6000; i++)
      peer.send([6, 'nothing']);
    const since = Date.now();
    await peer.sync();
    /* 4000 messages too many, at 3000 a second. */
    assert.ok(Date.now() - since > 1000, 'it is slowed down');
    assert.ok((await stats(t)).limited_rate > before.limited_rate);
    await t.fixture.logged(
      new RegExp(`session=${peer.id} is slowed down: limits\\.rate is 3000`));
  });

  declare(test, 'L8 retained events', async (t) => {
    const peer = await hostile(t);
    const other = await open(t, 'ws', from('203.0.113.2'));
    const text = 'x'.repeat(10000);
    const kept = async (one, name) => {
      for (let i = 0; i < 200; i++)
        one.send([7, `kept/${t.topic}/${name}/${i}`, text]);
      return (await one.result('wampd.barrier')).accepted;
    };

    const first = await kept(peer, 'a');
    assert.ok(first > 40 && first <= 52, `${first} are half of all`);
    assert.ok(await kept(other, 'b') > 20, 'another still has room');
    assert.equal(await kept(await hostile(t), 'c'), 0,
      'the first has none when it comes back');
    assert.ok((await stats(t)).limited_retained > 200);
  });
});

/* ---- what all sessions share ---- */

const SHARED = `
trusted_proxies: 127.0.0.1
come_back: code
limits:
  topics: 300
  memory: 1MiB
  queues: 4MiB
handlers:
  open: { type: broadcast, subscribe: anyone, publish: anyone }
`;

brokerGroup('limits', 'shared', { config: SHARED,
  routes: ROUTES.slice(ROUTES.indexOf('open')) }, (test) => {
  declare(test, 'L9 all topics', async (t) => {
    const peer = await hostile(t);
    const others = [];

    for (let i = 0; i < 20; i++)
      others.push(await open(t, 'ws', from(`198.51.100.${i}`)));
    for (let i = 0; i < 1000; i++)
      peer.send([5, `${t.topic}/${i}`]);
    await peer.sync();
    assert.ok((await stats(t)).limited_topics > 700);
    /* The hostile one must go, so that there is room for the others. */
    others[0].send([5, `${t.topic}/mine`]);
    await others[0].sync();
    await peer.expectViolation(1008);
    assert.equal((await sessionOf(t, others[0])).subscriptions, 1);
  });

  declare(test, 'L10 the memory of all sessions', async (t) => {
    const peers = [];

    for (let i = 0; i < 4; i++)
      peers.push(await hostile(t));
    for (const peer of peers)
      for (let i = 0; i < 60; i++)
        peer.send([1, `${i}`.padEnd(8000, 'x'), 'y'.repeat(8000)]);
    const ends = peers.map((peer) => peer.closed());
    assert.equal((await Promise.any(ends)).code, 1008);
    assert.ok((await stats(t)).sessions_evicted >= 1);
    await t.fixture.logged(/limits\.memory is reached/);
  });

  declare(test, 'L11 messages that do not end', async (t) => {
    const peers = [];

    for (let i = 0; i < 8; i++)
      peers.push(await hostile(t));
    for (const peer of peers) {
      peer.frame(TEXT, `[7,"${t.topic}","`, { fin: false });
      for (let i = 0; i < 9; i++)
        peer.frame(CONTINUATION, 'x'.repeat(100000), { fin: false });
    }
    const ends = peers.map((peer) => peer.closed());
    assert.equal((await Promise.any(ends)).code, 1013);
    await t.fixture.logged(/no room for its message: limits\.queues/);
  });
});
