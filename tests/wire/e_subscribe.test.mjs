/*
 * Group E: SUBSCRIBE and UNSUBSCRIBE.  Row 68 is with the routes, rows 72 and
 * 74 are with the other violations.
 */
import assert from 'node:assert/strict';
import { everyWayGroup, open, openMany } from './lib/broker.mjs';

async function assertListed(t, topic, expected) {
  const admin = await open(t, 'control');
  const topics = JSON.stringify(await admin.result('wampd.topics'));

  assert.equal(topics.includes(JSON.stringify(topic)), expected, topics);
}

/* The broker may learn of a peer's end a moment after the peer: ask until
 * the topic is gone. The test's time limit bounds it. */
async function untilUnlisted(t, topic) {
  const admin = await open(t, 'control');
  const quoted = JSON.stringify(topic);
  let topics;

  do
    topics = JSON.stringify(await admin.result('wampd.topics'));
  while (topics.includes(quoted));
}

everyWayGroup('subscriptions', (test, { transport }) => {
  test('E63 SUBSCRIBE has no answer', async (t) => {
    const peer = await open(t, transport);

    peer.send([5, t.topic]);
    assert.deepEqual(await peer.sync(), []);
  });

  test('E64 subscribed twice, one EVENT comes', async (t) => {
    const [peer, other] = await openMany(t, 2, transport);

    peer.send([5, t.topic]);
    peer.send([5, t.topic]);
    await peer.sync();
    other.send([7, t.topic, 1]);
    await other.sync();
    assert.deepEqual(await peer.events(t.topic), [1]);
  });

  test('E64 subscribed twice, one UNSUBSCRIBE ends it', async (t) => {
    const peer = await open(t, transport);

    for (const type of [5, 5, 6])
      peer.send([type, t.topic]);
    peer.send([7, t.topic, 1, false]);
    assert.deepEqual(await peer.sync(), []);
  });

  test('E65 UNSUBSCRIBE without subscription changes nothing', async (t) => {
    const [peer, other] = await openMany(t, 2, transport);

    other.send([5, t.topic]);
    await other.sync();
    peer.send([6, t.topic]);
    peer.send([7, t.topic, 1]);
    assert.deepEqual(await peer.sync(), []);
    assert.deepEqual(await other.events(t.topic), [1]);
  });

  test('E66 after UNSUBSCRIBE no EVENT comes', async (t) => {
    const [peer, other] = await openMany(t, 2, transport);

    peer.send([5, t.topic]);
    peer.send([6, t.topic]);
    await peer.sync();
    other.send([7, t.topic, 1]);
    await other.sync();
    assert.deepEqual(await peer.sync(), []);
  });

  test('E69 a topic goes with its last subscriber and comes back',
    async (t) => {
      const peer = await open(t, transport);

      peer.send([5, t.topic]);
      await peer.sync();
      await assertListed(t, t.topic, true);
      peer.send([6, t.topic]);
      await peer.sync();
      await assertListed(t, t.topic, false);
      peer.send([5, t.topic]);
      peer.send([7, t.topic, 1, false]);
      assert.deepEqual(await peer.events(t.topic), [1]);
    });

  test('E70 one of two leaves, the other still receives', async (t) => {
    const [leaver, stayer, publisher] = await openMany(t, 3, transport);

    for (const peer of [leaver, stayer]) {
      peer.send([5, t.topic]);
      await peer.sync();
    }
    leaver.send([6, t.topic]);
    await leaver.sync();
    publisher.send([7, t.topic, 1]);
    await publisher.sync();
    assert.deepEqual(await stayer.events(t.topic), [1]);
    assert.deepEqual(await leaver.sync(), []);
  });

  for (const topic of ['any string, spaces ok', '', 'ünï/\u{1f600}',
    'quote " backslash \\ tab \t', 'NUL \0 inside'])
    test(`E71 ${JSON.stringify(topic)} is a topic`, async (t) => {
      const peer = await open(t, transport);

      peer.send([5, topic]);
      peer.send([7, topic, 1, false]);
      assert.deepEqual(await peer.events(topic), [1]);
      peer.send([6, topic]);
      await peer.sync();
    });

  test('E71 one topic, however its JSON is written', async (t) => {
    const peer = await open(t, transport);

    peer.sendText(`[5,"\\u0074\\/${t.topic.slice(2)}"]`);
    peer.send([7, t.topic, 1, false]);
    assert.deepEqual(await peer.events(t.topic), [1]);
  });

  for (const [how, leave] of [['closes', (peer) => peer.close()],
    ['vanishes', (peer) => peer.vanish()]])
    test(`E75 a session that ${how} is subscribed no more`, async (t) => {
      const [leaver, publisher] = await openMany(t, 2, transport);

      leaver.send([5, t.topic]);
      await leaver.sync();
      await leave(leaver);
      await untilUnlisted(t, t.topic);
      publisher.send([7, t.topic, 1]);
      const { delivered } = await publisher.result('wampd.barrier');
      assert.equal(delivered, 0);
    });
});
