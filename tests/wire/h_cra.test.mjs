/*
 * Group H: WAMP-CRA, the login by challenge and response.  The signatures are
 * made here with Node's crypto, as a client makes them.
 */
import assert from 'node:assert/strict';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { brokerGroup, open } from './lib/broker.mjs';

const KEYS = `alice: { secret: secret, user_id: 7, roles: [ROLE_USER],
  permissions: { pubsub: [
    { uri: news/, prefix: true, pub: true, sub: true },
    { uri: news/secret, pub: false, sub: false },
    { uri: read, sub: true }],
    rpc: [{ uri: add, call: true }, { uri: both, call: false }] } }
bob: { secret: bob, user: robert }
salted: { derived: znWa4bxY1glpbQlZziHIlXA2shfF+HoCr9bnmZ5HPQg=,
  salt: RANDOM SALT, iterations: 1000 }
defaults: { derived: VT+3GaFfYgfIOH/PsY9oIv9PPYQXU8v1Gc1nCzLQjwE=,
  salt: salt123 }
short: { derived: Eg+2z/z4syxD5yJSVsT4N6hlSMk=, salt: salt, iterations: 1,
  keylen: 20 }
`;
const ROUTES = `news: { channel: "news/{x}", handler: { callback: h } }
read: { channel: read, handler: { callback: h } }
add: { channel: add, handler: { callback: c } }
both: { channel: both, handler: { callback: c } }
free: { channel: free, handler: { callback: open } }
mine: { channel: mine, handler: { callback: mine } }
`;
const HANDLERS = `handlers:
  h: { type: broadcast, publish: [cra], subscribe: [cra] }
  open: { type: broadcast, publish: [anyone], subscribe: [anyone] }
  mine: { type: broadcast, subscribe: ['user:robert', 'role:ROLE_USER'] }
  c: { type: jq, call: '.args[0]' }
`;
const ERROR = 'http://api.wamp.ws/error#';
const AUTHREQ = 'http://api.wamp.ws/procedure#authreq';
const AUTH = 'http://api.wamp.ws/procedure#auth';
const ARCHIVE = 'https://web.archive.org/web/20161010045925/';
const NO_PERMISSIONS = { pubsub: [], rpc: [] };
const ALICE = {
  pubsub: [{ uri: 'news/', prefix: true, pub: true, sub: true },
    { uri: 'news/secret', prefix: false, pub: false, sub: false },
    { uri: 'read', prefix: false, pub: false, sub: true }],
  rpc: [{ uri: 'add', call: true }, { uri: 'both', call: false }],
};

function options(keys, more = '') {
  return { config: `cra: { keys: cra.yml, ${keys} }\n${more}${HANDLERS}`,
    routes: ROUTES, files: { 'cra.yml': KEYS } };
}

function sign(key, challenge) {
  return createHmac('sha256', key).update(challenge).digest('base64');
}

/* The key of a client that knows the password. */
function derive(password, challenge) {
  const { salt, iterations, keylen } = JSON.parse(challenge).authextra;

  return pbkdf2Sync(password, salt, iterations, keylen, 'sha256')
    .toString('base64');
}

function assertError(message, name, text) {
  assert.equal(message[0], 4, JSON.stringify(message));
  assert.equal(message[2], ERROR + name);
  assert.equal(message.length, 4, 'no details');
  if (text !== undefined)
    assert.equal(message[3], text);
}

async function login(peer, user, secret) {
  const challenge = await peer.result(AUTHREQ, user, {});

  return peer.result(AUTH, sign(secret, challenge));
}

/* Rows that are the same whether strangers may do something or not. */
function defineRows(test) {
  test('H135 auth before authreq', async (t) => {
    const peer = await open(t, 'ws');

    for (const args of [[], [null], ['x']])
      assertError(await peer.call(AUTH, ...args),
        'no-authentication-requested',
        'no authentication previously requested');
  });

  test('H136 authreq sends a challenge', async (t) => {
    const peer = await open(t, 'ws');
    const text = await peer.result(AUTHREQ, 'bob', { a: [1, 'ü'] });
    const challenge = JSON.parse(text);

    assert.equal(typeof text, 'string');
    assert.deepEqual(Object.keys(challenge), ['authid', 'authkey',
      'timestamp', 'sessionid', 'extra', 'permissions']);
    assert.match(challenge.authid, /^[A-Za-z0-9_-]{16}$/);
    assert.equal(challenge.authkey, 'bob');
    assert.match(challenge.timestamp,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.ok(Math.abs(Date.parse(challenge.timestamp) - Date.now()) < 6e5);
    assert.equal(challenge.sessionid, peer.id);
    assert.deepEqual(challenge.extra, { a: [1, 'ü'] });
    assert.deepEqual(challenge.permissions, NO_PERMISSIONS);
  });

  test('H136 extra is repeated byte for byte', async (t) => {
    const peer = await open(t, 'ws');
    const extra = '{"a" : 1e400, "\\u00e9":"\\/", "a":12345678901234567890}';

    peer.sendText(`[2,"i","${AUTHREQ}","bob",${extra}]`);
    const text = (await peer.answer('i'))[2];
    assert.ok(text.includes(`"extra":${extra},`), text);
    assert.deepEqual(await peer.result(AUTH, sign('bob', text)),
      NO_PERMISSIONS);
  });

  test('H136 two challenges differ, and show the permissions', async (t) => {
    const [a, b] = [await open(t, 'ws'), await open(t, 'ws')];
    const first = JSON.parse(await a.result(AUTHREQ, 'alice'));
    const second = JSON.parse(await b.result(AUTHREQ, 'alice', null));

    assert.notEqual(first.authid, second.authid);
    assert.deepEqual(first.permissions, ALICE);
    assert.deepEqual(first.extra, {});
  });

  test('H137 authreq again while it is pending', async (t) => {
    const peer = await open(t, 'ws');
    const challenge = await peer.result(AUTHREQ, 'bob', {});

    for (const key of ['bob', 'alice', null, 5])
      assertError(await peer.call(AUTHREQ, key),
        'authentication-already-requested');
    assert.deepEqual(await peer.result(AUTH, sign('bob', challenge)),
      NO_PERMISSIONS, 'the first request is still there');
  });

  test('H138 the right signature', async (t) => {
    const [alice, bob] = [await open(t, 'ws'), await open(t, 'ws')];

    assert.deepEqual(await login(alice, 'alice', 'secret'), ALICE);
    assert.deepEqual(await login(bob, 'bob', 'bob'), NO_PERMISSIONS);
    const sessions = await (await open(t, 'control')).result('wampd.sessions');
    assert.equal(sessions.find((s) => s.session === alice.id).principal,
      'alice');
    assert.equal(sessions.find((s) => s.session === bob.id).principal,
      'robert');
  });

  test('H138 the procedures of the archived AutobahnJS', async (t) => {
    const peer = await open(t, 'ws');
    const challenge = await peer.result(ARCHIVE + AUTHREQ, 'bob', {});

    assert.deepEqual(await peer.result(ARCHIVE + AUTH,
      sign('bob', challenge)), NO_PERMISSIONS);
  });

  test('H138 the procedures as CURIEs', async (t) => {
    const peer = await open(t, 'ws');

    peer.send([1, 'p', 'http://api.wamp.ws/procedure#']);
    const challenge = await peer.result('p:authreq', 'bob', {});
    assert.deepEqual(await peer.result('p:auth', sign('bob', challenge)),
      NO_PERMISSIONS);
  });

  test('H139 a wrong signature', async (t) => {
    const peer = await open(t, 'ws');
    const challenge = await peer.result(AUTHREQ, 'bob', {});
    const right = sign('bob', challenge);

    assertError(await peer.call(AUTH, sign('bo', challenge)),
      'invalid-signature',
      'signature for authentication request is invalid');
    assertError(await peer.call(AUTH, right), 'no-authentication-requested');
    assert.deepEqual(await login(peer, 'bob', 'bob'), NO_PERMISSIONS);
  });

  for (const [name, forge] of [
    ['none', () => null], ['an empty one', () => ''],
    ['a short one', (right) => right.slice(0, -1)],
    ['a long one', (right) => `${right}=`],
    ['one with a NUL', (right) => `${right.slice(0, -1)}\0`],
    ['one in hexadecimal', (right) =>
      Buffer.from(right, 'base64').toString('hex')],
    ['that of another challenge', () => sign('bob', 'x')]])
    test(`H139 a wrong signature: ${name}`, async (t) => {
      const peer = await open(t, 'ws');
      const challenge = await peer.result(AUTHREQ, 'bob', {});

      assertError(await peer.call(AUTH, forge(sign('bob', challenge))),
        'invalid-signature');
    });

  test('H140 authreq and auth after success', async (t) => {
    const peer = await open(t, 'ws');

    await login(peer, 'bob', 'bob');
    for (const [procedure, ...args] of [[AUTHREQ, 'bob', {}], [AUTHREQ],
      [AUTH, 'x'], [AUTH, null], [AUTHREQ, 5]])
      assertError(await peer.call(procedure, ...args),
        'already-authenticated', 'already authenticated');
  });

  test('H140 a local session is authenticated', async (t) => {
    const peer = await open(t, 'control');

    assertError(await peer.call(AUTHREQ, 'bob', {}), 'already-authenticated');
    assertError(await peer.call(AUTH, 'x'), 'already-authenticated');
  });

  test('H143 an unknown key', async (t) => {
    const peer = await open(t, 'ws');

    assertError(await peer.call(AUTHREQ, 'nobody', {}), 'no-such-authkey',
      "authentication key 'nobody' does not exist.");
    for (const key of ['', 'alice\0', 'ALICE', 'alice ', 'é'.repeat(9000)])
      assertError(await peer.call(AUTHREQ, key), 'no-such-authkey');
    assert.deepEqual(await login(peer, 'bob', 'bob'), NO_PERMISSIONS,
      'no request is pending');
  });

  test('H144 arguments of a wrong type', async (t) => {
    const peer = await open(t, 'ws');

    for (const args of [[5], [true], [['u'], 1], [{ a: 1 }, {}], ['u', 'x'],
      ['u', 5], ['u', []], ['u', {}, 1], ['u', { a: 'x'.repeat(5000) }]])
      assertError(await peer.call(AUTHREQ, ...args), 'invalid-argument');
    const challenge = await peer.result(AUTHREQ, 'bob', {});
    for (const args of [[5], [false], ['a', 'b']])
      assertError(await peer.call(AUTH, ...args), 'invalid-argument');
    assert.deepEqual(await peer.result(AUTH, sign('bob', challenge)),
      NO_PERMISSIONS, 'the request is still pending');
  });

  for (const [user, password, extra] of [
    ['salted', 'secret',
      { salt: 'RANDOM SALT', iterations: 1000, keylen: 32 }],
    ['defaults', 'secret',
      { salt: 'salt123', iterations: 10000, keylen: 32 }],
    ['short', 'password', { salt: 'salt', iterations: 1, keylen: 20 }]])
    test(`H145 a salted key: ${user}`, async (t) => {
      const peer = await open(t, 'ws');
      const challenge = await peer.result(AUTHREQ, user, {});

      assert.deepEqual(JSON.parse(challenge).authextra, extra);
      assertError(await peer.call(AUTH, sign(password, challenge)),
        'invalid-signature');
      const again = await peer.result(AUTHREQ, user, {});
      await peer.result(AUTH, sign(derive(password, again), again));
    });
}

for (const compat of ['oro', 'spec']) {
  brokerGroup('WAMP-CRA', `${compat}, strangers`,
    options('delay: 1ms, timeout: 1h', `compat: ${compat}\n`), (test) => {
      defineRows(test);

      test('H141 anonymous is forbidden', async (t) => {
        const peer = await open(t, 'ws');

        for (const args of [[], [null], [null, null], [null, {}]])
          assertError(await peer.call(AUTHREQ, ...args),
            'anonymous-auth-forbidden');
        assert.deepEqual(await login(peer, 'bob', 'bob'), NO_PERMISSIONS);
      });

      test('H146 before auth, no call is permitted', async (t) => {
        const peer = await open(t, 'ws');

        for (const procedure of ['wampd.echo', 'wampd.barrier',
          'wampd.publish', 'wampd.help', 'wampd.match', 'wampd.info', 'add'])
          assert.equal((await peer.call(procedure, 'a'))[2],
            'wampd.error.not_permitted', procedure);
        assert.equal((await peer.call('no/route'))[0], 4);
      });

      test('H147 before auth, nothing else has an effect', async (t) => {
        const [peer, bob] = [await open(t, 'ws'), await open(t, 'ws')];

        await login(bob, 'bob', 'bob');
        bob.send([5, 'free']);
        peer.send([5, 'free']);
        peer.send([7, 'free', 'not heard', []]);
        bob.send([7, 'free', 'heard', []]);
        assert.deepEqual(await bob.events('free'), ['heard']);
        await login(peer, 'alice', 'secret');
        assert.deepEqual(await peer.sync(), []);
      });
    });

  brokerGroup('WAMP-CRA', `${compat}, anonymous allowed`,
    options('delay: 1ms', `compat: ${compat}\nanonymous: yes\n`), (test) => {
      defineRows(test);

      for (const args of [[], [null], [null, null]])
        test(`H141 authreq(${args.map(String)}) is anonymous`, async (t) => {
          const peer = await open(t, 'ws');

          peer.send([2, 'i', AUTHREQ, ...args]);
          assert.equal(await peer.receive(), '[3,"i",null]');
          assertError(await peer.call(AUTHREQ, 'bob', {}),
            'authentication-already-requested');
          assert.deepEqual(await peer.result(AUTH, null), NO_PERMISSIONS);
          assertError(await peer.call(AUTHREQ, 'bob', {}),
            'already-authenticated');
        });

      test('H142 a signature is wrong for anonymous', async (t) => {
        const peer = await open(t, 'ws');

        assert.equal(await peer.result(AUTHREQ), null);
        assertError(await peer.call(AUTH, 'x'), 'invalid-signature');
        assert.equal(await peer.result(AUTHREQ), null);
        assert.deepEqual(await peer.result(AUTH), NO_PERMISSIONS);
      });

      test('H146 what anonymous may call, before and after', async (t) => {
        const peer = await open(t, 'ws');

        assert.deepEqual(await peer.result('add', 5),
          compat === 'spec' ? 5 : [5]);
        await login(peer, 'alice', 'secret');
        assert.deepEqual(await peer.result('add', 5),
          compat === 'spec' ? 5 : [5]);
        assert.equal((await peer.call('both', 5))[2],
          'wampd.error.not_permitted');
        assert.deepEqual(await peer.result('wampd.echo', 5), [5],
          "the key's permissions do not concern the broker's own");
      });

      test('H147 subscriptions are judged again', async (t) => {
        const [peer, bob] = [await open(t, 'ws'), await open(t, 'ws')];

        await login(bob, 'bob', 'bob');
        peer.send([5, 'free']);
        peer.send([5, 'mine']);
        await peer.sync();
        bob.send([7, 'free', 1]);
        await bob.sync();
        assert.deepEqual(await peer.events('free'), [1]);
        await login(peer, 'alice', 'secret');
        bob.send([7, 'free', 2]);
        await bob.sync();
        assert.deepEqual(await peer.sync(), [],
          'her key does not permit the topic');
      });

      test('H147 what a key permits', async (t) => {
        const [alice, bob] = [await open(t, 'ws'), await open(t, 'ws')];

        await login(alice, 'alice', 'secret');
        await login(bob, 'bob', 'bob');
        for (const topic of ['news/a', 'news/secret', 'read', 'free'])
          for (const peer of [alice, bob])
            peer.send([5, topic]);
        await alice.sync();
        await bob.sync();
        const heard = async (peer) => (await peer.sync()).map((text) =>
          JSON.parse(text).slice(1));
        for (const topic of ['news/a', 'news/secret', 'read', 'free'])
          alice.send([7, topic, 'alice', []]);
        await alice.sync();
        assert.deepEqual(await heard(bob), [['news/a', 'alice']]);
        for (const topic of ['news/a', 'news/secret', 'read', 'free'])
          bob.send([7, topic, 'bob', []]);
        await bob.sync();
        assert.deepEqual((await heard(alice)).filter(([, who]) =>
          who === 'bob'), [['news/a', 'bob'], ['read', 'bob']]);
      });

      test('H147 the lists of handlers still count', async (t) => {
        const [bob, carl] = [await open(t, 'ws'), await open(t, 'ws')];

        await login(bob, 'bob', 'bob');
        bob.send([7, 'mine', 'no']);
        const { refusals } = await bob.result('wampd.barrier');
        assert.equal(refusals[0].reason, 'robert may not publish here');
        carl.send([5, 'mine']);
        assert.equal((await carl.result('wampd.barrier')).subscribe.refused,
          1, 'who is anonymous has no role');
      });
    });
}

brokerGroup('WAMP-CRA', 'slow answers', options('delay: 1h, timeout: 1h'),
  (test) => {
    test('H139 the answer is delayed, and only it', async (t) => {
      const [peer, other] = [await open(t, 'ws'), await open(t, 'ws')];
      const challenge = await peer.result(AUTHREQ, 'bob', {});

      peer.send([2, 'late', AUTH, 'x']);
      assertError(await peer.call(AUTH, sign('bob', challenge)),
        'no-authentication-requested');
      assertError(await peer.call(AUTHREQ, 'bob', {}),
        'authentication-already-requested');
      assert.deepEqual(await login(other, 'bob', 'bob'), NO_PERMISSIONS);
      await peer.vanish();
      const { cra_failed: failed, cra_logins: logins } =
        await (await open(t, 'control')).result('wampd.stats');
      assert.deepEqual([failed, logins], [1, 1]);
    });
  });

brokerGroup('WAMP-CRA', 'little memory', options('delay: 1h, timeout: 1h',
  'limits: { memory_session: 16KiB }\n'), (test) => {
  test('H139 without room for the answer, the session is closed',
    async (t) => {
      const peer = await open(t, 'ws');

      await peer.result(AUTHREQ, 'bob', {});
      peer.send([2, 'x'.repeat(20000), AUTH, 'x']);
      assert.equal((await peer.closed()).code, 1008);
      await assert.rejects(peer.receive(), 'there was no answer');
    });
});

brokerGroup('WAMP-CRA', 'timeout', options('timeout: 100ms'), (test) => {
  test('H148 no auth within the timeout', async (t) => {
    const peer = await open(t, 'ws');

    assert.equal((await peer.closed()).code, 1008);
    const { cra_late: late } =
      await (await open(t, 'control')).result('wampd.stats');
    assert.equal(late, 1);
  });

  test('H148 a challenge is no auth', async (t) => {
    const peer = await open(t, 'ws');

    await peer.result(AUTHREQ, 'bob', {});
    assert.equal((await peer.closed()).code, 1008);
  });
});

brokerGroup('WAMP-CRA', 'hidden keys',
  options('delay: 1ms, timeout: 1h, hide_keys: yes'), (test) => {
    test('H143 an unknown key looks like a known one', async (t) => {
      const [a, b] = [await open(t, 'ws'), await open(t, 'ws')];
      const unknown = await a.result(AUTHREQ, 'nobody', {});
      const known = await b.result(AUTHREQ, 'alice', {});

      assert.deepEqual(Object.keys(JSON.parse(unknown)),
        Object.keys(JSON.parse(known)));
      assert.deepEqual(JSON.parse(known).permissions, NO_PERMISSIONS);
      assertError(await a.call(AUTH, sign('', unknown)), 'invalid-signature');
      assert.deepEqual(await b.result(AUTH, sign('secret', known)), ALICE);
    });
  });
