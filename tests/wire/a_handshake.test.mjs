/*
 * Group A: handshakes that are accepted, and WELCOME right behind them.  Those
 * that are refused are in a_refusals.test.mjs.  Rows 17, 18 and 20 belong to
 * the access rules, which come later.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { FrameReader } from './lib/frame.mjs';
import { ACCEPT, KEY, WebSocketPeer, upgradeRequest }
  from './lib/websocket.mjs';

const ROUNDS = 50;

/* What Oro's PHP client sends (oro.md section 12), its headers in its order
 * but for those that every request has. */
const ORO_REQUEST = {
  path: '/ws?ticket=Zldha0txcGdEdy9qK3ZHSlRLajVGSS81VFdLeU5YWUh1Slp4cjI%3D',
  headers: { 'User-Agent': '7.0', 'Pragma': 'no-cache',
    'Cache-Control': 'no-cache', 'Upgrade': 'WebSocket',
    'Origin': '127.0.0.1' },
};

async function assertWamp(t, protocol) {
  const peer = await open(t, 'ws',
    { headers: { 'Sec-WebSocket-Protocol': protocol } });

  assert.equal(peer.headers.get('sec-websocket-protocol'), 'wamp');
  await peer.sync();
}

const SILENT = 700;

brokerGroup('handshake', 'crowd', {}, (test) => {
  test('A who says nothing keeps nobody waiting', async (t) => {
    const silent = [];
    let closed = 0;

    for (let n = 0; n < SILENT; n++)
      silent.push(await openWire(t, 'ws'));
    for (const wire of silent)
      wire.closed.then(() => closed++);
    await (await open(t, 'ws')).sync();
    assert.equal(closed, 0);
  });
});

/* The broker's pings tell the time, which a busy machine makes no longer. */
brokerGroup('handshake', 'limits.handshake: 1s', {
  config: 'limits: { handshake: 1s }\nkeepalive: 1s\n' }, (test) => {
  test('A who stops amid the request is dropped in time', async (t) => {
    const clock = await open(t, 'ws');
    const wire = await openWire(t, 'ws');
    let waiting = true, seconds = 0;

    wire.write('GET / HTTP/1.1\r\nHost: ');
    wire.closed.then(() => waiting = false);
    for (; waiting; seconds++)
      await Promise.race([wire.closed, clock.pings.next()]);
    assert.ok(seconds < 6, `after ${seconds} s`);
  });
});

/* What RFC 9110 sections 5 and 7 leave to the client: [what, fields]. */
const ALLOWED = [
  ['A10 Connection: keep-alive, Upgrade',
    { Connection: 'keep-alive, Upgrade' }],
  ['A10 Connection in two lines', { Connection: ['keep-alive', 'upgrade'] }],
  ['lists with empty elements and blanks', { 'Connection': ',, \t ,UPGRADE,,',
    'Upgrade': ' , WebSocket\t, ', 'Sec-WebSocket-Protocol': ', ,wamp ,' }],
  ['Upgrade to this or that', { Upgrade: 'h2c, websocket/13, WEBSOCKET' }],
  ['Upgrade in two lines', { Upgrade: ['h2c', 'websocket'] }],
  ['blanks around values', { 'Sec-WebSocket-Version': '\t 13 \t',
    'Sec-WebSocket-Key': `   ${KEY}   `, 'Host': ' localhost ' }],
  ['names in other cases', { 'Host': null, 'hOST': 'localhost', 'Upgrade': null,
    'UPGRADE': 'websocket', 'Connection': null, 'connection': 'upgrade',
    'Sec-WebSocket-Key': null, 'SEC-WEBSOCKET-KEY': KEY }],
  ['names that begin like known ones', { 'H': '1', 'X-A': '2', 'User': '3',
    'Hos': '4', 'Hostx': '5', 'Connectio': '6', 'Connection-': '7', 'U': '8',
    'Sec-WebSocket-Ke': '9', 'Sec-WebSocket-Keys': '10', 'Origi': '11',
    'Upgrade-Insecure-Requests': '1', 'Content-Lengt': 'x',
    'Transfer-Encodings': 'y', 'Sec-WebSocket-Extension': '=' }],
  ['values without and with odd bytes', { 'X-Empty': '', 'X-Blank': ' \t ',
    'X-Colon': ': a: b', 'X-Latin': '\u00e9\u00ff', '!#$%&\'*+-.^_`|~9': 'a' }],
  ['content of no length', { 'Content-Length': '0' }],
  ['Expect: 100-continue', { Expect: '100-continue' }],
  ['a host in IPv6 with a port', { Host: '[::1]:8080' }],
  ['the page of another port', { Origin: 'https://localhost:3000' }],
  ['extensions that nobody has', { 'Sec-WebSocket-Extensions':
    'foo, x-webkit-deflate-frame; a; b=c; d="e", permessage-bzip2' }],
  ['A2 a thousand subprotocols', { 'Sec-WebSocket-Protocol': [...Array.from(
    { length: 1000 }, (_, i) => `other.${i}`), 'wamp'].join(', ') }],
  ['A2 wamp twice, and wamp.2.json',
    { 'Sec-WebSocket-Protocol': 'wamp.2.json, wamp, wamp' }],
  ['15 KiB of cookies', { Cookie: Array.from({ length: 15 },
    (_, i) => `c${i}=${'x'.repeat(1019)}`).join('; ') }],
  ['200 fields', Object.fromEntries(Array.from({ length: 200 },
    (_, i) => [`X-Field-${i}`, `${i}`]))],
];

brokerGroup('handshake', 'oro', {}, (test) => {
  for (const [what, headers] of ALLOWED)
    test(`A ${what}: accepted`, async (t) => {
      const peer = await open(t, 'ws', { headers });

      assert.equal(peer.headers.get('sec-websocket-accept'), ACCEPT);
      assert.equal(peer.headers.get('sec-websocket-protocol'), 'wamp');
      assert.equal(peer.headers.get('sec-websocket-extensions'), undefined);
      await peer.sync();
    });

  for (const path of ['http://localhost:8080/ws?a=b', '/%00%ff?=&?/',
    '//', `/${'x'.repeat(8000)}`])
    test(`A the target ${path.slice(0, 40)} is accepted`, async (t) => {
      await (await open(t, 'ws', { path })).sync();
    });

  test('A empty lines before the request, and HTTP/1.9, are accepted',
    async (t) => {
      const wire = await openWire(t, 'ws');
      const peer = new WebSocketPeer(wire);

      wire.write(`\r\n\r\n${upgradeRequest(t.fixture)
        .replace('HTTP/1.1', 'HTTP/1.9')}`);
      await peer.welcome();
      await peer.sync();
    });

  test('A1 the upgrade is accepted with key and subprotocol', async (t) => {
    const { headers } = await open(t, 'ws');

    assert.equal(headers.get('sec-websocket-accept'), ACCEPT);
    assert.equal(headers.get('sec-websocket-protocol'), 'wamp');
    assert.match(headers.get('upgrade'), /^websocket$/i);
    assert.match(headers.get('connection'), /^upgrade$/i);
  });

  test('A2 "foo, wamp" gives wamp', (t) => assertWamp(t, 'foo, wamp'));

  test('A3 the same in two header lines', (t) =>
    assertWamp(t, ['foo', 'wamp']));

  /* As Gos, which Oro runs, does it (oro.md section 3); npm wamp1 given a mere
   * URL connects so. */
  test('A5 no subprotocol is taken, and none is answered', async (t) => {
    const peer = await open(t, 'ws',
      { headers: { 'Sec-WebSocket-Protocol': null } });

    assert.equal(peer.headers.get('sec-websocket-protocol'), undefined);
    await peer.sync();
  });

  test('A14 a request in pieces of one byte is taken', async (t) => {
    const wire = await openWire(t, 'ws');
    const peer = new WebSocketPeer(wire);

    await wire.writeSlowly(upgradeRequest(t.fixture));
    assert.equal((await peer.response.next()).status, 101);
    await peer.welcome();
  });

  test('A a request whose second half comes later is taken', async (t) => {
    const request = upgradeRequest(t.fixture);
    const half = request.length / 2;
    const [one, other] = [await openWire(t, 'ws'), await openWire(t, 'ws')];
    const peer = new WebSocketPeer(one);

    one.write(request.slice(0, half));
    other.write(request);
    await other.chunks.next();
    one.write(request.slice(half));
    assert.equal((await peer.response.next()).status, 101);
  });

  test('A messages right behind the request are handled', async (t) => {
    const wire = await openWire(t, 'ws');
    const peer = new WebSocketPeer(wire);

    wire.write(upgradeRequest(t.fixture));
    await Promise.all([peer.welcome(), peer.sync()]);
  });

  test("A Oro's PHP client is taken as it is", async (t) => {
    const peer = await open(t, 'ws', ORO_REQUEST);

    assert.equal(peer.headers.get('sec-websocket-protocol'), 'wamp');
    await peer.sync();
  });

  /* That client takes what its first read brings, up to the first "]", and
   * gives up when WELCOME is not in it. */
  test('A the first read brings the 101 and WELCOME, 50 times', async (t) => {
    for (let round = 1; round <= ROUNDS; round++) {
      const wire = await openWire(t, 'ws');
      wire.write(upgradeRequest(t.fixture, ORO_REQUEST));
      const first = (await wire.chunks.next()).toString('latin1');
      const from = first.indexOf('[');
      const to = first.indexOf(']');
      assert.equal(first.slice(0, 12), 'HTTP/1.1 101');
      assert.ok(from > 0 && to > from, `no WELCOME in round ${round}`);
      const welcome = JSON.parse(first.slice(from, to + 1));
      assert.equal(welcome[0], 0);
      assert.equal(to + 1, first.length, 'nothing follows WELCOME');
      wire.vanish();
    }
  });

  test('A WELCOME is one text frame behind the head', async (t) => {
    const wire = await openWire(t, 'ws');

    wire.write(upgradeRequest(t.fixture));
    const first = await wire.chunks.next();
    const frames = new FrameReader()
      .feed(first.subarray(first.indexOf('\r\n\r\n') + 4));
    assert.equal(frames.length, 1);
    const { opcode, fin, rsv, masked } = frames[0];
    assert.deepEqual({ opcode, fin, rsv, masked },
      { opcode: 1, fin: true, rsv: 0, masked: false });
  });
});
