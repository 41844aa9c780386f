/*
 * What is refused: counted for each kind, logged within bounds, answered where
 * the protocol has an answer; and a closed route, which refuses at every entry.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openMany } from './lib/broker.mjs';

const ROUTES = `no: { channel: no, handler: { callback: none } }
c: { channel: c, handler: { callback: c } }
lost: { channel: "lost/{x}", handler: { callback: nobody } }
m: { channel: oro/maintenance, handler: { callback: nobody } }
`;
const CONFIG = `handlers:
  none: { type: broadcast, subscribe: nobody, publish: nobody }
  c: { type: jq, call: { who: nobody, program: '.args' } }
`;
const WARNINGS_A_SECOND = 20;

async function refusedOf(admin) {
  const stats = await admin.result('wampd.stats');

  return [stats.subscribes_refused, stats.events_refused,
    stats.calls_refused];
}

brokerGroup('refusals', 'all kinds', { config: CONFIG, routes: ROUTES },
  (test) => {
    test('each kind is counted, and a call is answered', async (t) => {
      const [peer, admin] = [await open(t, 'ws'), await open(t, 'control')];
      const before = await refusedOf(admin);

      peer.send([5, 'no']);
      peer.send([7, 'no', 1]);
      peer.send([7, 'no', 2]);
      assert.deepEqual((await peer.call('c', 1)).slice(2),
        ['wampd.error.not_permitted', 'you may not call this',
          { code: 401 }]);
      assert.equal((await peer.call('wampd.info'))[2],
        'wampd.error.not_permitted');
      assert.equal((await peer.call('wampd.stats'))[2],
        'wampd.error.not_permitted');
      assert.deepEqual(await peer.sync(), [], 'no other answer');
      const after = await refusedOf(admin);
      assert.deepEqual(after.map((n, i) => n - before[i]), [1, 2, 3]);
      await t.fixture.logged(new RegExp(`session=${peer.id} subscribe ` +
        'topic=no refused: anonymous may not subscribe here'));
    });

    test('a crowd cannot fill the log', async (t) => {
      const admin = await open(t, 'control');
      const crowd = await openMany(t, 400, 'ws');
      const begin = Date.now();
      const lines = () => t.fixture.log.split(' refused: anonymous').length;
      const before = lines();

      for (const peer of crowd)
        peer.send([5, 'no']);
      for (const peer of crowd)
        await peer.sync();
      await admin.sync();
      const seconds = Math.ceil((Date.now() - begin) / 1000) + 1;
      assert.ok(lines() - before <= WARNINGS_A_SECOND * seconds,
        `${lines() - before} lines in ${seconds} s`);
    });
  });

for (const transport of ['ws', 'control'])
  brokerGroup('refusals', `a closed route, ${transport}`,
    { config: CONFIG, routes: ROUTES }, (test) => {
      test('nobody gets in by any entry', async (t) => {
        const [peer, watcher] =
          [await open(t, transport), await open(t, 'control')];

        await watcher.result('wampd.subscribe', 'lost/', { match: 'prefix' });
        peer.send([5, 'lost/a']);
        peer.send([7, 'lost/a', 1, []]);
        const { accepted, refused } = await peer.result('wampd.barrier');
        assert.deepEqual([accepted, refused], [0, 1]);
        assert.equal((await peer.call('wampd.publish', 'lost/a', 2))[0], 4);
        assert.equal((await peer.call('lost/a', 1))[0], 4);
        assert.equal((await watcher.call('wampd.publish', 'lost/a', 3,
          { retain: true }))[0], 4);
        assert.deepEqual(await watcher.sync(), []);
        assert.deepEqual((await watcher.result('wampd.topics'))
          .filter(({ topic }) => topic.startsWith('lost/')), []);
        for (const action of ['subscribe', 'publish', 'call'])
          assert.equal((await watcher.result('wampd.may',
            { who: ['local', 'backend'] }, action, 'lost/a')).allowed, false);
      });

      test('not even maintenance', async (t) => {
        const [peer, admin] =
          [await open(t, transport), await open(t, 'control')];

        peer.send([5, 'oro/maintenance']);
        const answer = await admin.call('wampd.maintenance.set', true, null);
        assert.equal(answer[0], 4, JSON.stringify(answer));
        assert.match(answer[3], /closed: the handler/);
        assert.deepEqual((await peer.sync()).filter((text) =>
          text.startsWith('[8,')), []);
      });
    });
