/*
 * Where a request comes from: Host and Origin, and who counts as local.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { ask, assertRefusal } from './lib/http.mjs';
import { upgradeRequest } from './lib/websocket.mjs';

const FORBIDDEN = '403 Forbidden';
const MISDIRECTED = '421 Misdirected Request';

async function stats(t, name) {
  const info = await (await open(t, 'control')).result('wampd.stats');

  return info[name];
}

/* The request must be refused, counted, and logged with the key to set. */
async function assertRefused(t, headers, status, cause, key) {
  const before = await stats(t, `refused_${cause}`);
  const answer = await ask(t, 'ws', upgradeRequest(t.fixture, { headers }));

  assertRefusal(answer, status);
  assert.equal(await stats(t, `refused_${cause}`), before + 1);
  if (key !== undefined)
    await t.fixture.loggedRefusal(new RegExp(
      `cause=${cause} value=.*: ${key ? `to allow it, set ${key}` :
        'no key allows it'}\n`), () =>
      ask(t, 'ws', upgradeRequest(t.fixture, { headers })));
}

/* Whether a peer with these headers may publish. */
async function publishes(t, headers) {
  const peer = await open(t, 'ws', { headers });

  peer.send([7, t.topic, 1]);
  const done = await peer.result('wampd.barrier');
  return done.accepted === 1;
}

const PROXIES = [{ 'X-Forwarded-For': '192.0.2.1' }, { Via: '1.1 proxy' },
  { 'X-Forwarded-Proto': 'https' }, { Forwarded: 'for=192.0.2.1' },
  { 'X-Real-IP': '127.0.0.1' }];

brokerGroup('origins', 'nothing configured', {}, (test) => {
  for (const headers of [{}, { Host: 'localhost' }, { Host: 'a.localhost:1' },
    { Host: '[::1]' }, { Origin: 'http://localhost:3000' },
    { Origin: 'https://127.0.0.9' }, { Origin: '127.0.0.1' }])
    test(`O1 local: ${JSON.stringify(headers)}`, async (t) =>
      assert.equal(await publishes(t, headers), true));

  for (const headers of [...PROXIES, { Host: '192.0.2.1:8080' }])
    test(`O1 not local: ${JSON.stringify(headers)}`, async (t) =>
      assert.equal(await publishes(t, headers), false));

  for (const [headers, cause, key] of [
    [{ Origin: 'https://evil.example' }, 'foreign_origin',
      'application_url or origins'],
    [{ Origin: 'null' }, 'bad_origin', null],
    [{ Origin: ['http://localhost', 'http://localhost'] }, 'bad_origin'],
    [{ Origin: 'http://localhost@evil.example' }, 'bad_origin']])
    test(`O2 refused: ${JSON.stringify(headers)}`, (t) =>
      assertRefused(t, headers, FORBIDDEN, cause, key));

  test('O2 a name that points here is refused, with any page', async (t) => {
    for (const Origin of ['http://evil.example', 'http://localhost', null])
      await assertRefused(t, { Host: `evil.example:${t.fixture.port}`, Origin },
        MISDIRECTED, 'foreign_host', 'hosts');
  });

  test('O2 so is plain HTTP', async (t) =>
    assertRefusal(await ask(t, 'ws',
      'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n'), MISDIRECTED));
});

const ROUTES = 'r: { channel: "o/{x}", handler: { callback: h } }\n';
const OPEN = 'handlers: { h: { type: broadcast, subscribe: anyone } }\n';

brokerGroup('origins', 'routes', { routes: ROUTES, config: OPEN }, (test) => {
  test('O3 nobody is local', async (t) => {
    const peer = await open(t, 'ws');

    peer.send([7, 'o/1', 1]);
    const done = await peer.result('wampd.barrier');
    assert.equal(done.accepted, 0);
  });

  test('O3 a proxy may pass the name on that the page has', async (t) => {
    await open(t, 'ws', { headers: { Host: 'www.example.com',
      Origin: 'https://www.example.com' } });
    await assertRefused(t, { Host: 'www.example.com',
      Origin: 'https://evil.example' }, FORBIDDEN, 'foreign_origin');
  });

  test('O3 a name with our own port came without a proxy', (t) =>
    assertRefused(t, { Host: `www.example.com:${t.fixture.port}` },
      MISDIRECTED, 'foreign_host'));
});

brokerGroup('origins', 'trust_loopback', { routes: ROUTES,
  config: 'trust_loopback: yes\nhandlers: { h: { type: broadcast, ' +
    'publish: loopback } }\n' }, (test) => {
  test('O4 addresses have rights, but proxies and other names have none',
    async (t) => {
      for (const [headers, accepted] of [[{}, 1], [PROXIES[0], 0],
        [{ Host: 'www.example.com' }, 0]]) {
        const peer = await open(t, 'ws', { headers });

        peer.send([7, 'o/1', 1]);
        const done = await peer.result('wampd.barrier');
        assert.equal(done.accepted, accepted, JSON.stringify(headers));
      }
    });
});

const LISTS = 'hosts: [ws.example.com]\n' +
  'origins: ["*.example.org", www.example.com]\n' +
  'application_url: https://shop.example/de/\n';

for (const compat of ['oro', 'spec'])
  brokerGroup('origins', `lists, ${compat}`, {
    config: `${LISTS}compat: ${compat}\n` }, (test) => {
    for (const [Host, Origin] of [
      ['ws.example.com:99', 'https://www.example.com:8443'],
      ['localhost', 'http://a.b.example.org'], ['localhost', '127.0.0.1'],
      ['shop.example', 'https://shop.example']])
      test(`O5 ${Origin} may connect to ${Host}`, async (t) => {
        await (await open(t, 'ws', { headers: { Host, Origin } })).sync();
      });

    for (const [Host, Origin, status, cause] of [
      ['other.example.com', '127.0.0.1', MISDIRECTED, 'foreign_host'],
      ['192.0.2.1', '127.0.0.1', MISDIRECTED, 'foreign_host'],
      ['localhost', 'https://example.org', FORBIDDEN, 'foreign_origin'],
      ['ws.example.com', 'https://ws.example.com', FORBIDDEN,
        'foreign_origin']])
      test(`O5 ${Origin} may not connect to ${Host}`, (t) =>
        assertRefused(t, { Host, Origin }, status, cause));

    test('O5 a client without Origin', async (t) => {
      if (compat === 'spec')
        await (await open(t, 'ws')).sync();
      else
        await assertRefused(t, {}, FORBIDDEN, 'no_origin');
    });

    test('O5 nobody is local', async (t) =>
      assert.equal(await publishes(t, { Origin: 'http://localhost' }), false));
  });
