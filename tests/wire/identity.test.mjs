/*
 * Who a client is: what proves it, what is refused, and what it may then do.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { ask, assertRefusal } from './lib/http.mjs';
import { SECRET, backEnd, dateC, oroTicket, page } from './lib/oro.mjs';
import { upgradeRequest } from './lib/websocket.mjs';

brokerGroup('identity', 'anonymous: no', { config: 'anonymous: no\n' },
  (test) => {
    test('I1 a client without a proof is refused', async (t) => {
      const got = await ask(t, 'ws', upgradeRequest(t.fixture));

      assertRefusal(got, '401 Unauthorized',
        { fields: { 'www-authenticate': 'Bearer' } });
    });
  });

/* ---- Oro's tickets ---- */

const HASH = '$2y$13$abcdefghijklmnopqrstuv';
const FILES = {
  'oro-secret': `${SECRET}\n`,
  'users.yml': `
admin: { password: '${HASH}', id: 7, roles: [ROLE_ADMINISTRATOR] }
bob: { password: 'another hash', id: 8 }
`,
};
const CONFIG = `
tickets:
  cookie: TICKET
  oro: { secret_file: oro-secret, users: users.yml }
handlers:
  mail: { type: secured }
  news: { type: broadcast }
  admins: { type: broadcast, subscribe: ['role:ROLE_ADMINISTRATOR'] }
`;
const ROUTES = `
mail:
  channel: mail/{user_id}/{organization_id}
  handler: mail
  requirements: { user_id: \\d+, organization_id: \\d+ }
news: { channel: 'news/{rest}', handler: news, requirements: { rest: .+ } }
admins: { channel: 'admins/{rest}', handler: admins }
`;

const admin = (more) => oroTicket({ user: 'admin', password: HASH, ...more });
const bob = (more) =>
  oroTicket({ user: 'bob', password: 'another hash', ...more });

async function subscribe(topic, ...peers) {
  for (const peer of peers) {
    peer.send([5, topic]);
    await peer.sync();
  }
}

async function publish(peer, topic, event) {
  peer.send([7, topic, event, [], []]);
  await peer.sync();
}

const stats = async (t) => (await open(t, 'control')).result('wampd.stats');

/* The request is refused with that status, and counted as that cause. */
async function refused(t, options, status, cause, fields) {
  const before = (await stats(t))[`refused_${cause}`];
  const got = await ask(t, 'ws', upgradeRequest(t.fixture, options));

  assertRefusal(got, status, { fields });
  assert.equal((await stats(t))[`refused_${cause}`], before + 1);
}

const FORBIDDEN = '403 Forbidden';

/* [what, ticket, cause] */
const REFUSED = [
  ['junk', () => 'junk', 'bad_ticket'],
  ['a ticket of Oro 2.6', () => `5a1b;admin;bm9uY2U=;${dateC()}`,
    'bad_ticket'],
  ['a token of another kind', () => 'v4.public.x', 'bad_ticket'],
  ['an expired ticket', () => admin({ created: dateC(-310) }),
    'ticket_expired'],
  ['one from the future', () => admin({ created: dateC(60) }),
    'ticket_future'],
  ['one of an unknown user', () => oroTicket({ user: 'eve' }),
    'unknown_user'],
  ['one with the hash of another user',
    () => oroTicket({ user: 'bob', password: HASH }), 'wrong_ticket'],
  ['one of another application', () => admin({ secret: 'x' }),
    'wrong_ticket'],
  ['one of the back end with another secret',
    () => oroTicket({ password: 'x', secret: 'x' }), 'wrong_ticket'],
];

brokerGroup('identity', 'Oro', { config: CONFIG, routes: ROUTES,
  files: FILES }, (test) => {
  for (const [what, ticket, cause] of REFUSED)
    test(`I2 ${what} is refused`, async (t) => {
      const secret = ticket();

      await refused(t, page(secret), FORBIDDEN, cause);
      assert.ok(!t.fixture.log.includes(secret), 'the log has no ticket');
    });

  test('I3 without a ticket, nobody is let in', (t) =>
    refused(t, { path: '/ws' }, '401 Unauthorized', 'no_proof',
      { 'www-authenticate': 'Bearer' }));

  test('I4 the log names the user of a wrong ticket', async (t) => {
    await t.fixture.loggedRefusal(
      /cause=wrong_ticket user=admin: does the application have/, () =>
        refused(t, page(oroTicket({ user: 'admin', password: 'x' })),
          FORBIDDEN, 'wrong_ticket'));
  });

  const PLACES = [
    ['in the query', page],
    ['in Authorization', (ticket) =>
      ({ headers: { Authorization: `Bearer ${ticket}` } })],
    ['in a cookie', (ticket) =>
      ({ headers: { Cookie: `a=b; TICKET=${ticket}` } })],
  ];
  for (const [where, options] of PLACES)
    test(`I5 a ticket ${where} tells who it is`, async (t) => {
      const peer = await open(t, 'ws', options(admin()));
      const sessions = await (await open(t, 'control'))
        .result('wampd.sessions');

      assert.equal(sessions.find(({ session }) => session === peer.id)
        .principal, 'admin');
    });

  test('I6 two fields with tickets are refused', (t) =>
    refused(t, { headers: { Authorization: [`Bearer ${admin()}`,
      `Bearer ${bob()}`] } }, FORBIDDEN, 'bad_ticket'));

  test('I6 two different tickets are refused', async (t) => {
    await t.fixture.loggedRefusal(/cause=bad_ticket .*two tickets/, () =>
      refused(t, { ...page(admin()),
        headers: { Authorization: `Bearer ${bob()}` } }, FORBIDDEN,
      'bad_ticket'));
  });

  test('I7 a page hears the mail of its user, and of nobody else',
    async (t) => {
      const [his, other, guest] = [
        await open(t, 'ws', page(admin())),
        await open(t, 'ws', page(bob())),
        await open(t, 'ws', page(oroTicket()))];
      const back = await open(t, 'ws', backEnd());

      await subscribe('mail/7/1', his, other, guest);
      await subscribe('mail/8/1', other);
      await publish(back, 'mail/7/1', { hasNewEmail: true });
      await publish(back, 'mail/8/1', 'for bob');
      assert.deepEqual(await his.events('mail/7/1'), [{ hasNewEmail: true }]);
      assert.deepEqual(await other.events('mail/8/1'), ['for bob']);
      assert.deepEqual(await guest.sync(), []);
    });

  test('I8 roles of the ticket open topics', async (t) => {
    const [his, other] = [await open(t, 'ws', page(admin())),
      await open(t, 'ws', page(bob()))];

    await subscribe('admins/all', his, other);
    await publish(await open(t, 'ws', backEnd()), 'admins/all', 1);
    assert.deepEqual(await his.events('admins/all'), [1]);
    assert.deepEqual(await other.sync(), []);
  });

  test('I9 a page cannot publish, whatever ticket it has', async (t) => {
    const listener = await open(t, 'control');

    await subscribe('news/a', listener);
    for (const ticket of [admin(), oroTicket()])
      await publish(await open(t, 'ws', page(ticket)), 'news/a', 'spam');
    await publish(await open(t, 'ws', backEnd()), 'news/a', 'news');
    assert.deepEqual(await listener.events('news/a'), ['news']);
  });

  /* Its first read must bring both, see a_handshake.test.mjs. */
  test('I10 the 101 and WELCOME of a ticket leave together', async (t) => {
    for (let round = 1; round <= 20; round++) {
      const wire = await openWire(t, 'ws');

      wire.write(upgradeRequest(t.fixture, backEnd()));
      const first = (await wire.chunks.next()).toString('latin1');
      assert.equal(first.slice(0, 12), 'HTTP/1.1 101');
      assert.match(first, /\r\n\r\n[^]*\[0,.*\]$/, `round ${round}`);
      wire.vanish();
    }
  });

  test('I11 many pages come at the same time', async (t) => {
    const ticket = admin();
    const peers = await Promise.all(Array.from({ length: 200 }, () =>
      open(t, 'ws', page(ticket))));

    for (const peer of peers)
      await peer.sync();
  });
});

/* ---- programs that know users and sessions ---- */

/* It knows a user and a session, and fails when it is asked to. */
const PROGRAM = `
import { createInterface } from 'node:readline';

const HASH = '${HASH}';
const answers = {
  'user admin': { user: 'admin', password: HASH, user_id: 7,
    roles: ['ROLE_ADMINISTRATOR'] },
  'user error': { error: 'no database' },
  'session abc': { user: 'bob', user_id: 8 },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { type, id, [type === 'user' ? 'user' : 'cookie']: about } =
    JSON.parse(line);

  if (about === 'end')
    process.exit(3);
  console.log(JSON.stringify({ id, ...answers[type + ' ' + about] ??
    { user: null } }));
}
`;
const command = `['${process.execPath}', program.mjs]`;
const programs = CONFIG.replace('users: users.yml', `command: ${command}`) +
  `cookie: { name: SID, command: ${command} }\n`;
const files = { ...FILES, 'program.mjs': PROGRAM };
const cookie = (value) => ({ headers: { Cookie: `SID=${value}` } });

brokerGroup('identity', 'programs', { config: programs, routes: ROUTES,
  files }, (test) => {
  test('I19 a program tells the users of tickets', async (t) => {
    const peer = await open(t, 'ws', page(admin()));

    await subscribe('mail/7/1', peer);
    await subscribe('admins/all', peer);
    await publish(await open(t, 'ws', backEnd()), 'mail/7/1', 1);
    assert.deepEqual(await peer.events('mail/7/1'), [1]);
    await refused(t, page(bob()), FORBIDDEN, 'unknown_user');
    await refused(t, page(admin({ secret: 'x' })), FORBIDDEN,
      'wrong_ticket');
  });

  test('I20 a program tells whose session a cookie has', async (t) => {
    const peer = await open(t, 'ws', cookie('abc'));

    await subscribe('mail/8/1', peer);
    await subscribe('mail/7/1', peer);
    const back = await open(t, 'ws', backEnd());
    await publish(back, 'mail/7/1', 'for admin');
    await publish(back, 'mail/8/1', 'for bob');
    assert.deepEqual(await peer.events('mail/8/1'), ['for bob']);
  });

  test('I21 a cookie of no session proves nothing', (t) =>
    refused(t, cookie('other'), '401 Unauthorized', 'no_proof',
      { 'www-authenticate': 'Bearer' }));

  test('I22 a wrong ticket is not made up for by a cookie', (t) =>
    refused(t, { ...page('junk'), ...cookie('abc') }, FORBIDDEN,
      'bad_ticket'));

  test('I23 an error of a program is no refusal for good', async (t) => {
    await refused(t, page(oroTicket({ user: 'error' })),
      '503 Service Unavailable', 'lookup_failed');
    await t.fixture.logged(/lookup=tickets.oro.command .*no database/);
  });

  test('I24 a program that ends is started again', async (t) => {
    await refused(t, cookie('end'), '503 Service Unavailable',
      'lookup_failed');
    await t.fixture.logged(/lookup=cookie.command .*exit status 3/);
    for (let line = ''; !line.includes('401');)
      ({ line } = await ask(t, 'ws', upgradeRequest(t.fixture,
        cookie(`new${Math.random()}`))));
    assert.ok(!t.fixture.log.includes('SID='), 'the log has no cookie');
  });
});

/* ---- other settings ---- */

const once = CONFIG.replace('users.yml }', 'users.yml, once: true }');

brokerGroup('identity', 'Oro, once', { config: once, routes: ROUTES,
  files: FILES }, (test) => {
  test('I12 a ticket is used once', async (t) => {
    const ticket = admin();

    await (await open(t, 'ws', page(ticket))).sync();
    await refused(t, page(ticket), FORBIDDEN, 'ticket_replayed');
    await (await open(t, 'ws', page(admin()))).sync();
  });
});

const small = CONFIG.replace('users.yml }', 'users.yml, queue: 1 }');

brokerGroup('identity', 'Oro, queue: 1', { config: small, routes: ROUTES,
  files: FILES }, (test) => {
  test('I13 too many tickets at one time are refused', async (t) => {
    const wrong = upgradeRequest(t.fixture, page(oroTicket({ user: 'bob',
      password: 'x' })));
    const answers = await Promise.all(Array.from({ length: 50 }, () =>
      ask(t, 'ws', wrong)));
    const lines = new Set(answers.map(({ line }) => line));
    const { refused_busy, refused_wrong_ticket } = await stats(t);

    assert.deepEqual([...lines].sort(), ['HTTP/1.1 403 Forbidden',
      'HTTP/1.1 503 Service Unavailable']);
    assert.equal(refused_busy + refused_wrong_ticket, 50);
    await (await open(t, 'ws', page(admin()))).sync();
  });
});

const yes = `anonymous: yes\n${CONFIG}`;

brokerGroup('identity', 'Oro, anonymous: yes', { config: yes, routes: ROUTES,
  files: FILES }, (test) => {
  test('I14 a visitor may come without a ticket', async (t) => {
    await (await open(t, 'ws')).sync();
  });
  test('I15 but not with a wrong one', (t) =>
    refused(t, page('junk'), FORBIDDEN, 'bad_ticket'));
});

/* ---- the time of a session ---- */

const short = (more) => more + CONFIG.replace('tickets:',
  'tickets:\n  session_ttl: ticket').replace('users.yml }',
  'users.yml, ttl: 2s }');

for (const [come, code] of [['code', 1013], ['drop', 1006]])
  brokerGroup('identity', `Oro, session_ttl, ${come}`, {
    config: short(`come_back: ${come}\n`), routes: ROUTES, files: FILES },
  (test) => {
    test('I18 a session ends with its ticket, but not that of the back end',
      async (t) => {
        const back = await open(t, 'ws', backEnd());
        const peer = await open(t, 'ws', page(admin()));

        assert.equal((await peer.closed()).code, code);
        assert.equal((await stats(t)).sessions_expired, 1);
        await back.sync();
        await (await open(t, 'ws', page(admin()))).sync();
      });
  });

/* The variable may be there for the tools, so it keeps nobody out. */
brokerGroup('identity', 'Oro, ORO_SECRET', { env: { ORO_SECRET: SECRET },
  config: CONFIG.slice(CONFIG.indexOf('handlers')), routes: ROUTES },
(test) => {
  test('I16 the secret of the environment lets the back end publish',
    async (t) => {
      const [page, back] = [await open(t, 'ws'),
        await open(t, 'ws', backEnd())];

      await subscribe('news/a', page);
      await publish(page, 'news/a', 'spam');
      await publish(back, 'news/a', 'news');
      assert.deepEqual(await page.events('news/a'), ['news']);
    });
});

brokerGroup('identity', 'no keys', { config: 'handlers: {}\n' }, (test) => {
  test('I17 a ticket that nobody reads is warned of once', async (t) => {
    await (await open(t, 'ws', page('x'))).sync();
    await (await open(t, 'ws', page('x'))).sync();
    await t.fixture.logged(/tickets\.oro\.secret_file/);
    assert.equal(t.fixture.log.match(/tickets\.oro/g).length, 1);
  });
});
