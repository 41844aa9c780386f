/*
 * Topics with a routing file: rows E68 and F111, who may publish, and what a
 * topic or procedure that no route matches gets.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';

const ROUTES = `
news.section:
    channel: news/{section}
    handler:
        callback: news.section
    requirements:
        section: { pattern: '[a-z]+', wildcard: true }
plain:
    channel: plain
    handler: { callback: plain }
`;

/* Groups whose brokers differ in "unroutable:". */
function unroutableGroup(mode, define) {
  brokerGroup('routes', `unroutable: ${mode}`,
    { routes: ROUTES, config: `unroutable: ${mode}\n` }, define);
}

async function assertRefused(peer, error, topic) {
  const report = await peer.receiveJson();

  assert.deepEqual(report.slice(0, 3), [4, topic, error]);
  assert.ok(report[3].length > 0, 'it says why');
}

brokerGroup('routes', 'oro', { routes: ROUTES }, (test) => {
  for (const topic of ['plain', 'news/sports', 'news/*'])
    test(`E routed topic ${topic} is heard over both transports`,
      async (t) => {
        const peers = [await open(t, 'ws'), await open(t, 'control')];

        for (const peer of peers) {
          peer.send([5, topic]);
          assert.deepEqual(await peer.sync(), []);
        }
        peers[1].send([7, topic, t.topic]);
        await peers[1].result('wampd.echo');
        for (const peer of peers)
          assert.deepEqual(await peer.events(topic), [t.topic]);
      });

  for (const topic of ['news', 'news/', 'news/Sports', 'news/a/b', 'Plain',
    'plain/', 'plain\n', 'x/plain', ''])
    test(`E68 ${JSON.stringify(topic)} has no route: no answer`,
      async (t) => {
        const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

        peer.send([5, topic]);
        peer.send([7, topic, 1]);
        assert.deepEqual(await peer.sync(), []);
        local.send([5, topic]);
        await assertRefused(local, 'wampd.error.no_route', topic);
        local.send([7, topic, 1]);
        await assertRefused(local, 'wampd.error.no_route', topic);
      });

  test('F111 a WebSocket peer may not publish, a local one may',
    async (t) => {
      const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

      for (const subscriber of [peer, local]) {
        subscriber.send([5, 'plain']);
        await subscriber.sync();
      }
      peer.send([7, 'plain', 'from a browser']);
      assert.deepEqual(await peer.sync(), []);
      local.send([7, 'plain', 'from a tool']);
      assert.deepEqual(await local.events('plain'), ['from a tool']);
      assert.deepEqual(await peer.events('plain'), ['from a tool']);
    });

  test('F111 the barrier says what was refused and why', async (t) => {
    const peer = await open(t, 'ws');

    peer.send([7, 'plain', 1]);
    peer.send([7, 'nowhere', 2]);
    const result = await peer.result('wampd.barrier');
    const reasons = result.refusals.map(({ reason }) => reason);
    assert.ok(reasons.every((reason) => reason.length > 0));
    assert.deepEqual(result, { accepted: 0, refused: 2, delivered: 0,
      refusals: [
        { index: 1, topic: 'plain', error: 'wampd.error.not_permitted',
          reason: reasons[0] },
        { index: 2, topic: 'nowhere', error: 'wampd.error.no_route',
          reason: reasons[1] }] });
  });

  test('the barrier tells of refused subscriptions, over WebSocket too',
    async (t) => {
      const peer = await open(t, 'ws');

      for (const topic of ['plain', 'nowhere', 'plain'])
        peer.send([5, topic]);
      const { subscribe } = await peer.result('wampd.barrier');
      const [{ reason }] = subscribe.refusals;
      assert.ok(reason.length > 0);
      assert.deepEqual(subscribe, { refused: 1, refusals: [
        { topic: 'nowhere', error: 'wampd.error.no_route', reason }] });
      assert.equal((await peer.result('wampd.barrier')).subscribe,
        undefined);
    });

  test('wampd.match tells of the route that a topic has', async (t) => {
    const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

    for (const asking of [peer, local]) {
      assert.deepEqual(await asking.result('wampd.match', 'news/x'),
        { route: 'news.section', channel: 'news/{section}', spelled: true });
      assert.equal((await asking.result('wampd.match', 'news/*')).spelled,
        true);
      assert.equal(await asking.result('wampd.match', 'nowhere'), null);
      assert.equal((await asking.call('wampd.match'))[2],
        'wampd.error.invalid_argument');
    }
  });

  test('wampd.nearest names what the caller may use', async (t) => {
    const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];
    const ask = (asking, ...args) => asking.result('wampd.nearest', ...args);

    assert.equal(await ask(peer, 'publish', 'plian'), null);
    assert.equal(await ask(local, 'publish', 'plian'), 'plain');
    assert.equal(await ask(local, 'subscribe', 'nwes/x'), 'news/{section}');
    assert.equal(await ask(peer, 'call', 'wampd.ecoh'), 'wampd.echo');
    assert.equal(await ask(peer, 'call', 'wampd.kikc'), null);
    assert.equal(await ask(local, 'call', 'wampd.kikc'), 'wampd.kick');
    assert.equal(await ask(local, 'call', 'wampd.unsubscribe'), null);
    for (const args of [[], ['call'], ['x', 'y'], ['call', 1],
      ['call', 'a', 'b']])
      assert.equal((await peer.call('wampd.nearest', ...args))[2],
        'wampd.error.invalid_argument');
  });

  test('F111 wampd.publish refuses alike', async (t) => {
    const peer = await open(t, 'ws');

    for (const [topic, error] of [['plain', 'wampd.error.not_permitted'],
      ['nowhere', 'wampd.error.no_route']])
      assert.equal((await peer.call('wampd.publish', topic, 1))[2], error);
  });

  test('F111 a refusal on the control socket names the topic in full',
    async (t) => {
      const local = await open(t, 'control');

      local.send([1, 'ev', 'http://example.com/']);
      local.send([5, 'ev:nowhere']);
      await assertRefused(local, 'wampd.error.no_route',
        'http://example.com/nowhere');
    });
});

unroutableGroup('ignore', (test) => {
  test('E68 an unroutable SUBSCRIBE and PUBLISH get no answer',
    async (t) => {
      const peer = await open(t, 'ws');

      peer.send([5, 'nowhere']);
      peer.send([7, 'nowhere', 1]);
      assert.deepEqual(await peer.sync(), []);
    });
});

unroutableGroup('event', (test) => {
  for (const [verb, message] of [['SUBSCRIBE', [5, 'no "route"']],
    ['PUBLISH', [7, 'no "route"', 1]]])
    test(`E68 an unroutable ${verb} gets an error event, alone`,
      async (t) => {
        const [peer, other] = [await open(t, 'ws'), await open(t, 'ws')];

        peer.send(message);
        const [error] = await peer.events('no "route"');
        assert.ok(error.message.includes('no "route"'));
        assert.deepEqual(error, { error: true, message: error.message,
          code: 404, uri: 'no "route"' });
        assert.deepEqual(await other.sync(), []);
      });

  test('E68 there is no subscription after an error event', async (t) => {
    const peer = await open(t, 'ws');

    peer.send([5, 'nowhere']);
    const topics = await (await open(t, 'control')).result('wampd.topics');
    assert.ok(!JSON.stringify(topics).includes('nowhere'));
  });
});

unroutableGroup('close', (test) => {
  for (const [verb, message] of [['SUBSCRIBE', [5, 'nowhere']],
    ['PUBLISH', [7, 'nowhere', 1]]])
    test(`E68 an unroutable ${verb} closes with 1007`, async (t) => {
      const peer = await open(t, 'ws');

      peer.send(message);
      await peer.expectViolation(1007);
    });

  test('E68 a refused PUBLISH with a route does not close', async (t) => {
    const peer = await open(t, 'ws');

    peer.send([7, 'plain', 1]);
    assert.deepEqual(await peer.sync(), []);
  });
});

for (const mode of ['ignore', 'event', 'close'])
  unroutableGroup(mode, (test) => {
    test('D50 an unroutable CALL always gets its CALLERROR', async (t) => {
      const error = await (await open(t, 'ws')).call('nowhere');

      assert.deepEqual(error.slice(0, 3), [4, error[1], 'nowhere']);
      assert.equal(error[4].code, 404);
    });
  });

/* A broker of its own: nobody else is answered behind this. */
brokerGroup('routes', 'nearest', { routes: ROUTES }, (test) => {
  // Each search costs more than any other message does.
  test('wampd.nearest is for everybody, and not without end', async (t) => {
    const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];
    const named = [];

    for (const asking of [peer, local]) {
      for (let i = 0; i < 500; i++)
        asking.send([2, `${i}`, 'wampd.nearest', 'subscribe', 'plian']);
      const answers = [];
      while (answers.length < 500)
        answers.push((await asking.receiveJson())[2]);
      named.push(answers.filter((answer) => answer === 'plain').length);
      assert.ok(answers.every((a) => a === 'plain' || a === null));
    }
    assert.ok(named[0] >= 1 && named[0] < 500, `${named[0]} answers`);
    assert.equal(named[1], 500);
  });
});
