/*
 * script.mjs: what a hostile client does, made by chance: a list of steps.  The
 * same seed makes the same steps.
 */
import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, closePayload,
  encodeFrame } from './frame.mjs';
import { MESSAGES } from './hostile.mjs';
import { SECRET, dateC, oroTicket } from './oro.mjs';
import { Random } from './random.mjs';
import { upgradeRequest } from './websocket.mjs';

const HUGE = 200000;		/* bytes; more than limits.message */
const STEPS = 12;		/* at most */
const BURST = 40;		/* messages or connections, at most */

/* ---- heads ---- */

/* Fields that claim what only a proxy, a browser or a user may say. */
const CLAIMS = [
  { 'X-Forwarded-For': '127.0.0.1' },
  { 'X-Forwarded-For': '::1, 192.0.2.1,, unknown' },
  { 'Forwarded': 'for="[::1]:80";host=localhost;proto=https' },
  { 'Forwarded': 'for=_hidden, for="' },
  { 'X-Real-IP': '127.0.0.1', 'X-Forwarded-Host': 'localhost' },
  { 'Origin': 'https://evil.example' },
  { 'Origin': 'null' },
  { 'Origin': ['http://localhost', 'https://evil.example'] },
  { 'Host': 'evil.example' },
  { 'Host': 'localhost.' },
  { 'Authorization': 'Bearer x' },
  { 'Authorization': 'Basic YTpi' },
  { 'Authorization': ['Bearer a', 'Bearer b'] },
  { 'Cookie': 'BAPID=1; ticket=x' },
  { 'Cookie': `a=${'b'.repeat(5000)}` },
  { 'Sec-WebSocket-Protocol': 'wamp.2.json, wamp' },
  { 'Sec-WebSocket-Extensions':
    'permessage-deflate; client_max_window_bits=8; x="' },
];

/* Tickets of the right form, and of none. */
const NONE = Buffer.from('{"alg":"none"}').toString('base64url');
const PATHS = ['/', '/?ticket=', '/?ticket=%00', '/?ticket=a&ticket=b',
  `/?ticket=${'A'.repeat(176)}`, `/?ticket=${'%'.repeat(99)}`,
  `/?ticket=${Buffer.from(';;x;2020-01-01T00:00:00+00:00')
    .toString('base64')}`,
  `/?ticket=${encodeURIComponent(Buffer.from(
    `${'A'.repeat(88)};admin;0123456789abcdef;2020-01-01T00:00:00+00:00`)
    .toString('base64'))}`,
  `/?ticket=${NONE}.e30.`, `/?ticket=${NONE}.e30.AAAA`,
  '/?ticket=v4.public.AAAA', '/?ticket=v4.local.AAAA.AAAA',
  `/?ticket=v4.public.${'A'.repeat(8000)}`, '/../', '//', '*',
  'http://localhost/'];

/* Of this user, whom the broker knows. */
export const USER = { user: 'admin',
  password: '$2y$13$abcdefghijklmnopqrstuv' };

/* A JSON Web Token of that key, of 32 bytes. */
export const JWT_KEY = Buffer.alloc(32, 1);

function jwt(claims, { alg = 'HS256', key = JWT_KEY } = {}) {
  const text = [{ alg }, { aud: 'wampd', sub: 'anna', ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

  return `${text}.${createHmac('sha256', key).update(text)
    .digest('base64url')}`;
}

/* The key of WAMP-CRA that LOGINS name. */
export const CRA_SECRET = 'secret';

/* Tickets that are right, late, early, forged, or of nobody; made anew before
 * they are too old. */
const tickets = { made: -Infinity, all: [] };

function ticketsNow() {
  if (Date.now() - tickets.made > 60000) {
    tickets.made = Date.now();
    tickets.all = [oroTicket(), oroTicket(USER), oroTicket(USER),
      oroTicket({ ...USER, created: dateC(-1000) }),
      oroTicket({ ...USER, created: dateC(1000) }),
      oroTicket({ ...USER, password: 'guessed' }),
      oroTicket({ secret: `${SECRET}x` }), oroTicket({ user: 'nobody' }),
      jwt({ exp: Date.now() / 1000 + 3600, roles: ['admin'] }),
      jwt({ exp: Date.now() / 1000 - 3600 }), jwt({}),
      jwt({ exp: Date.now() / 1000 + 3600, aud: 'other' }),
      jwt({ exp: Date.now() / 1000 + 3600 }, { alg: 'none' }),
      jwt({ exp: Date.now() / 1000 + 3600 }, { key: 'guessed' })];
  }
  return tickets.all;
}

/* A way to show one. */
function proof(random) {
  const ticket = random.pick(ticketsNow());

  return random.pick([
    { path: `/?ticket=${encodeURIComponent(ticket)}` },
    { headers: { Authorization: `Bearer ${ticket}` } },
    { path: `/?ticket=${encodeURIComponent(ticket)}`,
      headers: { Authorization: `Bearer ${ticket}` } },
    { headers: { Cookie: `a=b; TICKET=${ticket}` } },
  ]);
}

/* Headers of the PROXY protocol: right ones, one of a blocked address, cut. */
const PROXIES = ['PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n',
  'PROXY UNKNOWN\r\n', 'PROXY TCP6 2001:db8::1 ::1 1 1\r\n', Buffer.concat([
    Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
    Buffer.of(0x21, 0x11, 0, 12, 127, 0, 0, 1, 127, 0, 0, 1, 0, 1, 0, 1)]),
  'PROXY TCP4 192.0.2.1 127.0.0.1 1 1\r\n', 'PROXY TCP4 999.0.0.1',
].map((text) => Buffer.from(text));

/* What an honest client sends, or one with a ticket. */
function usual(random, broker) {
  const { path = '/', headers } = random.int(3) ? {} : proof(random);

  return Buffer.from(upgradeRequest(broker, { path,
    headers: { Origin: 'http://localhost', ...headers } }));
}

/* Any. */
function head(random, broker) {
  const claims = Object.assign({}, ...Array.from({ length: random.int(3) },
    () => random.pick(CLAIMS)));

  return Buffer.from(upgradeRequest(broker, { headers: claims,
    path: random.int(2) ? random.pick(PATHS) : '/' }));
}

/* ---- messages ---- */

/* Those that log in, at the right time or not. */
const LOGINS = [
  '[2,"a","http://api.wamp.ws/procedure#authreq","foobar",{"a":1}]',
  '[2,"b","http://api.wamp.ws/procedure#authreq"]',
  '[2,"c","http://api.wamp.ws/procedure#authreq",null]',
  '[2,"d","http://api.wamp.ws/procedure#auth","signature"]',
  '[2,"e","http://api.wamp.ws/procedure#auth",null]',
  '[1,"api","http://api.wamp.ws/procedure#"]', '[2,"f","api:auth","x"]',
  '[2,"g","wampd.kick",{"user":"admin"}]', '[2,"h","wampd.may",{},"publish"]',
].map((text) => Buffer.from(text));
const SPARE = [...MESSAGES, ...LOGINS];

/* Long in any way that a limit must bound. */
const LARGE = [
  (n) => `[5,"${'t'.repeat(n)}"]`,
  (n) => `[1,"${'p'.repeat(n)}","http://example.com/"]`,
  (n) => `[7,"t","${'x'.repeat(n)}"]`,
  (n) => `[7,"t",${'['.repeat(n / 2)}${']'.repeat(n / 2)}]`,
  (n) => `[2,"${'i'.repeat(n)}","wampd.echo"]`,
  (n) => `[2,"i","wampd.echo",[${'1,'.repeat(n / 2)}1]]`,
  (n) => `[7,"t",1,[${'"x",'.repeat(n / 4)}"x"]]`,
];

const message = (random) => random.int(3) ? random.pick(SPARE) :
  random.mutate(random.pick(SPARE), SPARE);

/* Different each time, so that they add up: subscriptions, prefixes, topics. */
const MANY = [(i) => `[5,"many/${i}"]`,
  (i) => `[5,"${'x'.repeat(900)}${i}"]`, (i) => `[1,"p${i}","http://a/${i}"]`,
  (i) => `[7,"many/${i}",${i}]`, (i) => `[2,"${i}","wampd.echo",${i}]`];

/* ---- steps ---- */

const wrap = (way, bytes) => way === 'control' ?
  Buffer.concat([bytes, Buffer.from('\n')]) : encodeFrame(TEXT, bytes);

/* Each makes { name, run(client) } from chance. */
const STEP = {
  message: (random, way) => {
    const bytes = wrap(way, message(random));
    return (client) => client.write(bytes);
  },
  burst: (random, way) => {
    const make = random.pick(MANY);
    const bytes = Buffer.concat(Array.from({ length: random.int(BURST) },
      (_, i) => wrap(way, Buffer.from(make(random.int(1e6) + i)))));
    return (client) => client.write(bytes);
  },
  large: (random, way) => {
    const bytes = wrap(way, Buffer.from(random.pick(LARGE)(
      random.pick([2000, 60000, HUGE]))));
    return (client) => client.write(bytes);
  },
  cut: (random, way) => {
    const bytes = wrap(way, message(random));
    return (client) => client.write(bytes.subarray(0,
      random.int(bytes.length)));
  },
  slow: (random, way) => {
    const bytes = wrap(way, message(random)).subarray(0, 200);
    return (client) => client.writeSlowly(bytes);
  },
  noise: (random) => {
    const bytes = random.bytes(random.int(300));
    return (client) => client.write(bytes);
  },
  /* A message in fragments, with frames of control between. */
  fragments: (random) => {
    const bytes = message(random);
    const at = random.int(bytes.length + 1);
    const frames = Buffer.concat([
      encodeFrame(random.pick([TEXT, BINARY]), bytes.subarray(0, at),
        { fin: false }),
      encodeFrame(random.pick([PING, PONG]), 'between'),
      encodeFrame(CONTINUATION, bytes.subarray(at),
        { fin: random.int(3) > 0 })]);
    return (client) => client.write(frames);
  },
  control: (random) => {
    const bytes = encodeFrame(random.pick([PING, PONG, CLOSE]),
      random.pick(['', 'x', closePayload(1000), closePayload(1005),
        'x'.repeat(125)]), { masked: random.int(8) > 0 });
    return (client) => client.write(bytes);
  },
  head: (random, way, broker) => {
    const bytes = head(random, broker);
    return (client) => client.write(bytes);
  },
  deaf: () => (client) => client.pause(),
  half: () => (client) => client.end(),
  turn: () => () => setImmediate(),
};
const NAMES = Object.keys(STEP);

/* How it ends: without a word; without a reset; after the broker has handled
 * all. */
const ENDS = ['vanish', 'leave', 'finish', 'finish', 'finish'];

/* With a right signature; with a wrong one; both in one segment, in either
 * order; asking twice. */
const LOGIN_WAYS = [[], [], [], ['right'], ['wrong'], ['right', 'wrong'],
  ['wrong', 'right'], ['again', 'right']];

const WAYS = ['ws', 'ws', 'ws', 'control'];

/*
 * The session of that seed: { way, opening, waits, steps, end }.  opening is
 * what it sends first, usually a handshake; waits, whether it waits for the
 * answer, and login, how it then logs in, if at all; steps is a list of
 * [name, run(client)].
 */
export function scriptOf(seed, broker) {
  const random = new Random(seed);
  const way = random.pick(broker.proxyPort ? [...WAYS, 'proxy'] : WAYS);
  const opening = [];
  const regular = random.int(8) > 0;

  if (way === 'proxy')
    opening.push(random.pick(PROXIES.slice(0, 5)));
  if (way !== 'control')
    opening.push((random.int(3) ? usual : head)(random, broker));
  if (!regular && random.int(2))
    opening.unshift(random.pick(PROXIES));
  else if (!regular)
    opening.push(random.mutate(opening.pop() ?? Buffer.from('x'), SPARE));
  const steps = Array.from({ length: random.int(STEPS) }, () => {
    const name = random.pick(NAMES);
    return [name, STEP[name](random, way, broker)];
  });

  return { way, opening: Buffer.concat(opening),
    waits: regular && random.int(8) > 0, login: random.pick(LOGIN_WAYS), steps,
    end: random.pick(ENDS) };
}
