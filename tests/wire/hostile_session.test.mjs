/*
 * Whole sessions of hostile clients, each made by chance from a seed of its
 * own: truncated, interleaved, out of order, huge, slow, half-closed.  And
 * floods from one address.  Beside them a pair exchanges events and loses none;
 * it waits for little of the broker's time, and the broker's memory stays
 * bounded.
 *
 * To play one session again: WAMP_SEED=N WAMP_HOSTILE=1 tests/wire/run 'hostile
 * sessions'.  To play many: WAMP_HOSTILE=100000.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { ControlPeer } from './lib/control.mjs';
import { together } from './lib/hostile.mjs';
import { Neighbours } from './lib/neighbours.mjs';
import { SECRET } from './lib/oro.mjs';
import { SEED } from './lib/random.mjs';
import { CRA_SECRET, JWT_KEY, USER, scriptOf } from './lib/script.mjs';
import { WebSocketPeer, upgradeRequest } from './lib/websocket.mjs';

const SESSIONS = Number(process.env.WAMP_HOSTILE ?? 3000);
const WORKERS = 8;
const FLOOD = 500;		/* connections */
const LIMIT_SECONDS = 300 + SESSIONS / 10;
/* The broker's CPU time during one exchange of the pair, which is a few of its
 * turns.  It does not grow with the load of the machine. */
const DELAY_MAX = 1500;		/* ms */
const GROWTH_MAX = 64;		/* MiB, from a third of the sessions on */
const STATUSES = [0, 101, 400, 401, 403, 404, 405, 408, 413, 414, 417, 421, 426,
  429, 431, 501, 503, 505];

/* Some doors ask for it. */
const HONEST = { Origin: 'http://localhost' };

/* ---- the broker from outside ---- */

/* The processor time of the broker so far, in ms; a tick has 10. */
function cpuOf({ pid }) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');

  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/* Its memory, in MiB. */
function memoryOf({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');

  return Number(status.match(/^VmRSS:\s*(\d+) kB/m)[1]) / 1024;
}

/* Declare a test whose body must not delay the pair. */
function declare(test, name, body) {
  test(name, async (t) => {
    const pair = await Neighbours.start(t, { headers: HONEST,
      clock: () => cpuOf(t.fixture) });

    t.note(`WAMP_SEED=${SEED}`);
    await body(t);
    await pair.stop();
    t.note(`a pair's exchange took ${pair.longest} ms of the broker at most`);
    assert.ok(pair.longest <= DELAY_MAX, 'the pair is not held up');
  }, LIMIT_SECONDS);
}

/* ---- one session ---- */

const API = 'http://api.wamp.ws/procedure#';

function sign(challenge) {
  return createHmac('sha256', CRA_SECRET).update(challenge).digest('base64');
}

class Client {
  #peer;
  #way;
  #welcome = null;
  #paused = false;

  constructor(peer, way) {
    this.#peer = peer;
    this.#way = way;
  }

  get #socket() {
    return this.#peer.wire.socket;
  }

  get isGone() {
    return this.#socket.destroyed;
  }

  write(bytes) {
    this.#peer.wire.write(bytes);
  }

  /* Wait for WELCOME, or for another answer. */
  async hear() {
    this.#welcome = await this.#peer.messages.next().catch(() => null);
  }

  /* Log in by WAMP-CRA, if there is a session; each signature at once. */
  async login(signatures) {
    if (this.#welcome === null || signatures.length === 0)
      return;
    this.#peer.send([2, 'authreq', `${API}authreq`, 'foobar', {}]);
    const answer = await this.#peer.answer('authreq').catch(() => null);
    const calls = { right: [`${API}auth`, sign(answer?.[2] ?? '')],
      wrong: [`${API}auth`, sign('')], again: [`${API}authreq`, 'foobar'] };
    for (const [i, signature] of signatures.entries())
      this.#peer.send([2, `auth${i}`, ...calls[signature]]);
  }

  /* The broker may close the connection meanwhile. */
  async writeSlowly(bytes) {
    for (const byte of bytes) {
      if (this.isGone)
        break;
      this.write(Buffer.of(byte));
      await setImmediate();
    }
  }

  pause() {
    this.#paused = true;
    this.#socket.pause();
  }

  end() {
    this.#socket.end();
  }

  leave(how) {
    if (this.#paused)
      this.#socket.resume();
    if (how === 'leave')
      this.#socket.destroy();
    if (how !== 'finish')
      return this.#peer.vanish();
    if (this.#way !== 'control')
      return this.#peer.wire.finish();
    return this.#finishLine();
  }

  /* A peer of the control socket that says no more may still listen, so the
   * broker does not end the connection. */
  async #finishLine() {
    if (!this.#socket.writableEnded) {
      this.write('\n[2,"probe","wampd.echo"]\n');
      await this.#peer.answer('probe').catch(() => {});
    }
    return this.#peer.vanish();
  }

  /* What the broker has said is right, whatever it answered.  Returns whether
   * there was a session. */
  async check() {
    const { response, messages } = this.#peer;

    await this.#peer.ended;
    const [{ status }] = [...response?.take() ?? [], { status: 0 }];
    assert.ok(STATUSES.includes(status), `status ${status}`);
    if (response && status !== 101)
      return false;
    const said = messages.take();
    await assert.rejects(messages.next(), /the broker closed/);
    const first = this.#welcome ?? said[0];
    for (const text of said)
      JSON.parse(text);
    return first !== undefined && JSON.parse(first)[0] === 0;
  }
}

/* Play the session of that seed; returns whether it became one. */
async function play(t, seed) {
  const { way, opening, waits, login, steps, end } =
    scriptOf(seed, t.fixture);
  const wire = await openWire(t, way);
  const client = new Client(way === 'control' ? new ControlPeer(wire) :
    new WebSocketPeer(wire), way);
  const done = [];

  try {
    client.write(opening);
    if (waits) {
      await client.hear();
      await client.login(login);
    }
    for (const [name, run] of steps) {
      if (client.isGone)
        break;
      done.push(name);
      await run(client);
      await setImmediate();
    }
    await client.leave(end);
    return await client.check();
  } catch (e) {
    throw new Error(`WAMP_SEED=${seed}, ${way}, ${done.join(' ')}, ${end}: ${
      e.stack}`);
  }
}

/* Sessions one after the other in several workers; returns how many became
 * one. */
async function playMany(t, from, count) {
  let next = from;
  let welcomed = 0;

  await together(Array.from({ length: Math.min(WORKERS, count) },
    async () => {
      while (next < from + count) {
        const one = await play(t, next++);
        welcomed += one;
      }
    }));
  return welcomed;
}

/* ---- floods ---- */

/* Connections from one address that is not the pair's. */
function flood(t, say) {
  const { host, port } = t.fixture;

  return together(Array.from({ length: FLOOD }, (_, i) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, localAddress: '127.0.0.2' });

      t.defer(() => socket.destroy());
      socket.on('error', () => {});
      socket.once('close', resolve);
      socket.once('connect', () => {
        socket.write(say(i));
        resolve();
      });
      socket.resume();
    })));
}

/* ---- the door ---- */

const ROUTES = `
t: { channel: t, handler: { callback: open } }
deep: { channel: 't/{n}/neighbours', handler: { callback: open },
        requirements: { n: { pattern: '\\d+' } } }
many: { channel: 'many/{x}', handler: { callback: open } }
`;
const OPEN = `
handlers:
  open: { type: broadcast, subscribe: anyone, publish: anyone, retain: true }
`;
const LIMITS = `
limits: { message: 64KiB, handshakes_address: 100, queue: 256KiB,
          retained: 1MiB, subscriptions: 20, topics: 1000, prefixes: 16,
          topic_length: 1KiB, memory_session: 16KiB }
`;
/* What the sanitizer keeps of freed memory is not the broker's. */
const ENV = { ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'quarantine_size_mb=8']
  .filter((one) => one).join(':') };

const DOOR = `
blocked_ips: [192.0.2.0/24, 2001:db8::1]
trusted_proxies: [127.0.0.1]
origins: [example.com, '*.example.com']
anonymous: yes
tickets:
  cookie: TICKET
  oro: { secret_file: oro-secret, users: users.yml }
  jwt: { keys: jwk.json, audience: wampd }
cra: { keys: cra.yml, delay: 20ms }
`;
const FILES = {
  'oro-secret': SECRET,
  'cra.yml': `foobar: { secret: ${CRA_SECRET}, user_id: 8, roles: [r] }\n`,
  'jwk.json': JSON.stringify({ kty: 'oct', alg: 'HS256',
    k: JWT_KEY.toString('base64url') }),
  'users.yml': `${USER.user}: { password: '${USER.password}', id: 7 }\n`,
};

const DOORS = {
  'try-out': { config: LIMITS, counted: ['limited_topic_length',
    'limited_prefixes', 'limited_subscriptions', 'limited_memory',
    'refused_foreign_host', 'refused_foreign_origin'] },
  'routes, spec': { config: OPEN + LIMITS, routes: ROUTES,
    args: ['--compat', 'spec'] },
  'all of the door': { config: OPEN + LIMITS + DOOR, routes: ROUTES,
    files: FILES, proxy: true, counted: ['refused_bad_ticket',
      'refused_ticket_expired', 'refused_ticket_future', 'refused_unknown_user',
      'refused_wrong_ticket', 'refused_ticket_foreign',
      'refused_foreign_origin', 'refused_bad_target', 'refused_address',
      'refused_no_origin', 'cra_failed', 'cra_logins'] },
};

/* Each of these happened, and was counted. */
async function checkCounted(t, counted) {
  const stats = await (await open(t, 'control')).result('wampd.stats');
  const missing = counted.filter((name) => !stats[name]);

  t.note(Object.entries(stats).filter(([name, n]) => n > 0 &&
    /^(refused|limited|cra)_/.test(name)).map((pair) => pair.join(' '))
    .join(', '));
  assert.deepEqual(missing, []);
}

async function playSessions(t, count) {
  const warm = Math.floor(count / 3);

  const welcomed = await playMany(t, SEED, warm);
  const before = memoryOf(t.fixture);
  const rest = await playMany(t, SEED + warm, count - warm);
  const growth = memoryOf(t.fixture) - before;
  t.note(`sessions: ${welcomed + rest} of ${count}`);
  assert.ok(count < 100 || welcomed + rest > count / 4, 'most play on');
  t.note(`memory: ${before.toFixed()} MiB and ${growth.toFixed()} MiB more`);
  assert.ok(growth <= GROWTH_MAX, 'memory is bounded');
}

for (const [way, options] of Object.entries(DOORS))
  brokerGroup('hostile sessions', way, { ...options, env: ENV }, (test) => {
    const count = SESSIONS === 1 ? 1 :
      Math.ceil(SESSIONS / Object.keys(DOORS).length);

    declare(test, `hostile sessions: ${count} of them`, async (t) => {
      await playSessions(t, count);
      if (count >= 500)
        await checkCounted(t, options.counted ?? []);
    });

    declare(test, 'hostile sessions: floods from one address', async (t) => {
      const request = upgradeRequest(t.fixture, { headers: HONEST });

      await flood(t, () => 'G');
      await flood(t, (i) => request.slice(0, i % request.length));
      await flood(t, () => request);
    });

    test('hostile sessions: in the end nothing is left of it', async (t) => {
      const admin = await open(t, 'control');
      let info;

      do {
        await admin.sync();
        info = await admin.result('wampd.info');
      } while (info.sessions > 1 || info.subscriptions > 0);
    });
  });
