/*
 * Group A, rows 4 to 22: requests that are refused, with the whole answer, in
 * clear text and over TLS; and how they are counted and logged.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { ask, assertRefusal } from './lib/http.mjs';
import { upgradeRequest } from './lib/websocket.mjs';

const TRANSPORTS = ['ws', 'wss'];
const HSTS = 'max-age=86400';
const HEAD_LIMIT = 16 * 1024;

const BAD = '400 Bad Request';
const VERSION = '505 HTTP Version Not Supported';
const LARGE = '431 Request Header Fields Too Large';
const UPGRADE = '426 Upgrade Required';
const UPGRADE_ANSWER = {
  connection: 'Upgrade, close',
  fields: { 'upgrade': 'websocket', 'sec-websocket-version': '13' },
};

/* ---- requests ---- */

/* With other fields; null leaves one out. */
const fields = (headers) => (broker) => upgradeRequest(broker, { headers });
const at = (path) => (broker) => upgradeRequest(broker, { path });
const edited = (from, to) => (broker) =>
  upgradeRequest(broker).replace(from, to);
const method = (name) => edited('GET', name);
const version = (text) => edited('HTTP/1.1', text);
const raw = (bytes) => () => bytes;

/* A good request whose head has that many bytes. */
function padded(broker, bytes) {
  const { length } = upgradeRequest(broker, { headers: { Cookie: '' } });

  return upgradeRequest(broker,
    { headers: { Cookie: 'x'.repeat(bytes - length) } });
}

/* [what, request, status, cause, more of the answer] */
const REFUSALS = [
  ['A4 the subprotocol foo alone',
    fields({ 'Sec-WebSocket-Protocol': 'foo' }), BAD, 'unknown_subprotocol',
    { says: /: wamp\.\n$/ }],
  ['A4 a subprotocol that begins like ours',
    fields({ 'Sec-WebSocket-Protocol': 'wam, wamp2, WAMP, xwamp' }), BAD,
    'unknown_subprotocol'],
  ['A4 an empty list of subprotocols',
    fields({ 'Sec-WebSocket-Protocol': ' , ,' }), BAD, 'bad_subprotocol',
    { says: /: wamp\.\n$/ }],
  ['A4 a subprotocol that is no token',
    fields({ 'Sec-WebSocket-Protocol': 'wamp, a b' }), BAD,
    'bad_subprotocol'],
  ...['POST', 'PUT', 'OPTIONS', 'get', 'Gett'].map((name) =>
    [`A6 ${name}`, method(name), '405 Method Not Allowed', 'method',
      { fields: { allow: 'GET' } }]),
  ['A6 a method of 100 letters', method('G'.repeat(100)),
    '501 Not Implemented', 'long_method'],
  ['A6 HEAD with an upgrade', method('HEAD'), '405 Method Not Allowed',
    'method', { fields: { allow: 'GET' }, hasBody: false }],
  ['A6 HEAD without one', raw('HEAD / HTTP/1.1\r\nHost: [::1]\r\n\r\n'),
    UPGRADE, 'no_upgrade', { ...UPGRADE_ANSWER, hasBody: false }],
  ['A6 a request with content', fields({ 'Content-Length': '3' }),
    '413 Content Too Large', 'content'],
  ['A7 HTTP/1.0', version('HTTP/1.0'), VERSION, 'http_version',
    { says: /proxies/ }],
  ['A7 HTTP/2.0', version('HTTP/2.0'), VERSION, 'http_version'],
  ['A7 HTTP/0.9', version('HTTP/0.9'), VERSION, 'http_version'],
  ['A7 the preface of HTTP/2', raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    VERSION, 'http_version'],
  ['A8 no Host', fields({ Host: null }), BAD, 'bad_host'],
  ['A8 two of it', fields({ Host: ['a', 'a'] }), BAD, 'bad_host'],
  ['A8 an empty Host', fields({ Host: '' }), BAD, 'bad_host'],
  ['A8 a Host that is none', fields({ Host: 'a b' }), BAD, 'bad_host'],
  ['A9 no Upgrade', fields({ Upgrade: null }), UPGRADE, 'no_upgrade',
    UPGRADE_ANSWER],
  ['A9 an upgrade to h2c', fields({ 'Upgrade': 'h2c', 'Connection':
    'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA' }),
  UPGRADE, 'no_upgrade', UPGRADE_ANSWER],
  ['A10 no Connection', fields({ Connection: null }), BAD, 'bad_connection'],
  ['A10 Connection: keep-alive', fields({ Connection: 'keep-alive' }), BAD,
    'bad_connection'],
  ['A10 a list of words that are like Upgrade',
    fields({ Connection: 'upgrade2, xupgrade, up grade' }), BAD,
    'bad_connection'],
  ...['8', '14', '013', '13, 8', '', ['13', '13'], null].map((value) =>
    [`A11 version ${value}`, fields({ 'Sec-WebSocket-Version': value }),
      UPGRADE, 'websocket_version', UPGRADE_ANSWER]),
  ...['', 'short', 'dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZR==',
    'dGhlIHNhbXBsZSBub25j!Q==', 'dGhlIHNhbXBsZSBub25jZQ==, x', 'A'.repeat(44),
    ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='], null].map((key) =>
    [`A12 the key ${key}`, fields({ 'Sec-WebSocket-Key': key }), BAD,
      'bad_key']),
  ['A13 a head over the limit', (broker) => padded(broker, HEAD_LIMIT + 1),
    LARGE, 'large_head'],
  ['A13 a head without end', raw(`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${
    'x'.repeat(1 << 20)}`), LARGE, 'large_head'],
  ['A13 a path over the limit', at(`/${'x'.repeat(HEAD_LIMIT)}`),
    '414 URI Too Long', 'long_target'],
  ['A22 a line of text', raw('Hello World!\r\n\r\n'), BAD,
    'bad_request_line'],
  ['A22 a request line of one word', raw('GET\r\n\r\n'), BAD,
    'bad_request_line'],
  ['A22 HTTP/0.9 as it was', raw('GET /\r\n'), BAD, 'bad_request_line'],
  ['A22 two blanks', edited(' / ', '  / '), BAD, 'bad_request_line'],
  ['A22 a path without slash', at('chat'), BAD, 'bad_target'],
  ['A22 a path in UTF-8', at('/\u00e9'), BAD, 'bad_target'],
  ['A22 lines that end with LF alone', edited(/\r\n/g, '\n'), BAD,
    'bad_line_end'],
  ['A22 a field without a colon', edited('Host:', 'Host'), BAD, 'bad_field'],
  ['A22 a blank before the colon', edited('Host:', 'Host :'), BAD,
    'bad_field'],
  ['A22 a NUL byte in a field', fields({ Cookie: 'a\0b' }), BAD, 'bad_field'],
  ['A22 a field of two lines', fields({ Cookie: 'a\r\n b' }), BAD,
    'folded_field'],
  ['A22 garbage', raw(Buffer.from('00ff80c0', 'hex')), BAD,
    'bad_request_line'],
  ['A22 two lengths of the content',
    fields({ 'Content-Length': ['0', '0'] }), BAD, 'bad_framing'],
  ['A an expectation', fields({ Expect: '200-ok' }),
    '417 Expectation Failed', 'expectation'],
  ['A a malformed extension', fields({ 'Sec-WebSocket-Extensions': 'x;=' }),
    BAD, 'bad_extensions'],
];

/* Have the request refused for that cause, with that answer. */
async function assertRefused(t, transport, [, request, status, cause, more]) {
  const admin = await open(t, 'control');
  const name = `refused_${cause}`;
  const before = (await admin.result('wampd.stats'))[name];
  const answer = await ask(t, transport, request(t.fixture));
  const hsts = transport === 'wss' ? { 'strict-transport-security': HSTS } :
    {};

  assertRefusal(answer, status,
    { ...more, fields: { ...more?.fields, ...hsts } });
  if (more?.says)
    assert.match(answer.body, more.says);
  assert.equal((await admin.result('wampd.stats'))[name], before + 1, name);
}

brokerGroup('refusals', 'oro', { tls: 'hsts: 1d' }, (test) => {
  for (const transport of TRANSPORTS) {
    for (const refusal of REFUSALS)
      test(`${refusal[0]} is refused, ${transport}`, (t) =>
        assertRefused(t, transport, refusal));

    test(`A the answer 101 has HSTS with TLS only, ${transport}`, async (t) => {
      const { headers } = await open(t, transport);

      assert.equal(headers.get('strict-transport-security'),
        transport === 'wss' ? HSTS : undefined);
    });

    test(`A13 a head of exactly the limit is taken, ${transport}`,
      async (t) => {
        const wire = await openWire(t, transport);

        wire.write(padded(t.fixture, HEAD_LIMIT));
        assert.match((await wire.chunks.next()).toString('latin1'),
          /^HTTP\/1\.1 101 /);
      });

    test(`A a refused client may go on sending, ${transport}`, (t) =>
      assertRefused(t, transport, ['', (broker) =>
        `${fields({ Upgrade: null })(broker)}${'x'.repeat(1 << 20)}`, UPGRADE,
      'no_upgrade', UPGRADE_ANSWER]));
  }

  /* "Connection: close" is followed by the end of our output at once.  Its
   * input is still read, so that no reset destroys the answer on its way. */
  test('A TCP ends behind a refusal, and is not reset', async (t) => {
    const wire = await openWire(t, 'ws');
    const clock = await open(t, 'ws');

    wire.socket.allowHalfOpen = true;
    wire.write('GET /\r\n');
    await once(wire.socket, 'end');
    for (let i = 0; i < 20; i++) {
      wire.write('more');
      await clock.sync();
    }
    await wire.finish();
    assert.equal(wire.fault, null);
  });

  test('A TLS on the port of clear text is refused', (t) =>
    assertRefused(t, 'ws', ['', raw(Buffer.from('1603010200010001fc0303',
      'hex')), BAD, 'tls_hello']));

  test('A requests behind a refused one get no answer', async (t) => {
    const bad = fields({ Upgrade: null })(t.fixture);

    assertRefusal(await ask(t, 'ws', bad + upgradeRequest(t.fixture) + bad),
      UPGRADE, UPGRADE_ANSWER);
  });
});

brokerGroup('refusals', 'limits.head: 1KiB, websocket.paths', {
  config: 'limits: { head: 1KiB }\nwebsocket: { paths: [/, /ws] }\n' +
    'require_subprotocol: true\n' }, (test) => {
  test('A5 no subprotocol is refused with require_subprotocol', (t) =>
    assertRefused(t, 'ws', ['', fields({ 'Sec-WebSocket-Protocol': null }), BAD,
      'no_subprotocol', { says: /: wamp\.\n$/ }]));

  test('A13 the limit can be set', async (t) => {
    await assertRefused(t, 'ws', ['', (broker) => padded(broker, 1025), LARGE,
      'large_head']);
    const wire = await openWire(t, 'ws');
    wire.write(padded(t.fixture, 1024));
    assert.match((await wire.chunks.next()).toString(), /^HTTP\/1\.1 101 /);
  });

  for (const path of ['/other', '/ws/', '/WS', '/wsx', '/w', '//', '/%77s',
    'http://localhost/other'])
    test(`A16 the path ${path} is refused`, (t) =>
      assertRefused(t, 'ws', ['', at(path), '404 Not Found', 'not_found']));

  test('A16 so is GET without an upgrade, and HEAD has no body', (t) =>
    assertRefused(t, 'ws', ['', raw('HEAD /x HTTP/1.1\r\nHost: [::1]\r\n\r\n'),
      '404 Not Found', 'not_found', { hasBody: false }]));

  for (const path of ['/', '/ws', '/ws?ticket=/other', '/?',
    'http://localhost', 'http://localhost/ws'])
    test(`A16 the path ${path} is served`, async (t) => {
      await (await open(t, 'ws', { path })).sync();
    });
});

/* ---- the log ---- */

const FLOOD = 60;

const refusalsIn = (log) => log.match(/refused status=.*/g) ?? [];

brokerGroup('refusals', 'log', { tls: true }, (test) => {
  test('A a refusal is logged with address, status and cause', async (t) => {
    for (const [transport, request, what] of [
      ['ws', method('POST'), 'status=405 cause=method'],
      ['wss', fields({ Host: null }), 'status=400 cause=bad_host']]) {
      const wire = await openWire(t, transport);
      const { localPort } = wire.raw;
      wire.write(request(t.fixture));
      await t.fixture.logged(new RegExp(`transport=ws address=127\\.0\\.0\\.1:${
        localPort} refused ${what}\n`));
    }
  });

  /* All are counted, those of a second that are too many are only summed up. */
  test('A a flood of refusals does not flood the log', async (t) => {
    const admin = await open(t, 'control');
    const count = async () =>
      (await admin.result('wampd.stats')).refused_bad_request_line;
    const before = refusalsIn(t.fixture.log).length;

    for (let i = 0; i < FLOOD; i++)
      await ask(t, 'ws', 'GET\r\n');
    assert.equal(await count(), FLOOD);
    const [, more] = await t.fixture.logged(/transport=ws refused: (\d+) more/);
    const logged = refusalsIn(t.fixture.log).length - before;
    assert.ok(logged + Number(more) <= FLOOD, `${logged} and ${more}`);
    assert.ok(logged < FLOOD / 2, `${logged} lines`);
  });
});

/* ---- who is late, and who is too many ---- */

brokerGroup('refusals', 'limits.handshake: 1s', { tls: true,
  config: 'limits: { handshake: 1s }\n' }, (test) => {
  test('A who begins a request, and stops, is refused with 408', async (t) => {
    const answers = await Promise.all(TRANSPORTS.map((transport) =>
      ask(t, transport, 'GET / HTTP/1.1\r\nHost: ')));

    for (const answer of answers)
      assertRefusal(answer, '408 Request Timeout');
    const stats = await (await open(t, 'control')).result('wampd.stats');
    assert.equal(stats.refused_timeout, 2);
    assert.equal(stats.handshakes_late, 2);
  });

  test('A who asks for nothing gets no answer', async (t) => {
    const wires = await Promise.all(TRANSPORTS.map((transport) =>
      openWire(t, transport)));

    for (const wire of wires) {
      assert.equal((await wire.rest()).length, 0);
      assert.equal(wire.fault, null);
    }
  });
});

brokerGroup('refusals', 'limits.sessions: 1', { tls: 'hsts: 1d',
  config: 'limits: { sessions: 1 }\n' }, (test) => {
  for (const transport of TRANSPORTS)
    test(`A one session too many is refused with 503, ${transport}`,
      async (t) => {
        await open(t, 'ws');
        await assertRefused(t, transport, ['', upgradeRequest,
          '503 Service Unavailable', 'full',
          { fields: { 'retry-after': '10' } }]);
      });
});
