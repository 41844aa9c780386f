/*
 * Group F: PUBLISH, who hears it, and in which order.  Row 105 is in
 * payloads.test.mjs, row 111 with the routes, rows 108 and 109 with the other
 * violations.
 */
import assert from 'node:assert/strict';
import { brokerGroup, everyWayGroup, open, openMany } from './lib/broker.mjs';

/*
 * Peers 0 (the publisher, s0) and 1 (s1) are subscribed: what stands behind
 * the event, and which of them hear it in each mode.
 */
const AUDIENCES = [
  ['F76', '', '01', '1'],
  ['F76', ',null', '01', '1'],
  ['F78', ',true', '1', '1'],
  ['F79', ',false', '01', '01'],
  ['F79', ',0', '01', '1'],
  ['F79', ',1', '1', '1'],
  ['F79', ',""', '01', '1'],
  ['F79', ',"x"', '1', '1'],
  ['F80', ',[]', '01', '01'],
  ['F81', ',[s0]', '1', '1'],
  ['F82', ',[s1]', '0', '0'],
  ['F83', ',[s0,s1]', '', ''],
  ['F84', ',[],[]', '01', ''],
  ['F85', ',[],[s0]', '0', '0'],
  ['F86', ',[],[s1]', '1', '1'],
  ['F87', ',[],[s0,s1]', '01', '01'],
  ['F90', ',[s0],[s1]', '1', '1'],
  ['F91', ',[s0],[s0,s1]', '1', '1'],
  ['F93', ',[s1],[s0]', '0', '0'],
  ['F94', ',[s1],[s1]', '', ''],
  ['F95', ',[s1],[s0,s1]', '0', '0'],
  ['F96', ',[s0,s1],[]', '', ''],
  ['F96', ',[s0,s1],[s0]', '', ''],
  ['F96', ',[s0,s1],[s1]', '', ''],
  ['F96', ',[s0,s1],[s0,s1]', '', ''],
  ['F', ',["nobody"]', '01', '01'],
  ['F', ',[],["nobody"]', '', ''],
  ['F', ',["nobody",s1,s1]', '0', '0'],
  ['F', ',true,[s0,s1]', '1', '1'],
  ['F', ',false,[s0]', '0', '0'],
];

const PEERS = { '': 'nobody', '0': 'the publisher', '1': 'the other',
  '01': 'both' };

/* Subscribe peers to topic, one after the other. */
async function subscribe(topic, ...peers) {
  for (const peer of peers) {
    peer.send([5, topic]);
    await peer.sync();
  }
}

/* Which of peers have got exactly one event of topic, as digits. */
async function hearers(topic, peers) {
  let heard = '';

  for (const [i, peer] of peers.entries()) {
    const events = await peer.events(topic);
    assert.ok(events.length <= 1, 'no event comes twice');
    heard += events.length === 1 ? i : '';
  }
  return heard;
}

everyWayGroup('publishing', (test, { compat, transport }) => {
  for (const [row, behind, oro, spec] of AUDIENCES) {
    const expected = compat === 'spec' ? spec : oro;

    test(`${row} [7,t,e${behind}] reaches ${PEERS[expected]}`, async (t) => {
      const peers = await openMany(t, 2, transport);
      const elements = behind.replace(/s[01]/g,
        (s) => JSON.stringify(peers[s[1]].id));

      await subscribe(t.topic, ...peers);
      peers[0].sendText(`[7,"${t.topic}","e"${elements}]`);
      assert.equal(await hearers(t.topic, peers), expected);
    });
  }

  test('F102 a publisher need not be subscribed', async (t) => {
    const peers = await openMany(t, 2, transport);

    await subscribe(t.topic, peers[1]);
    peers[0].send([7, t.topic, 1]);
    assert.equal(await hearers(t.topic, peers), '1');
  });

  test('F103 of five peers on two topics the right ones hear', async (t) => {
    const peers = await openMany(t, 5, transport);

    await subscribe(t.topic, peers[0], peers[1], peers[2]);
    await subscribe(`${t.topic}/u`, peers[2], peers[3]);
    peers[0].send([7, t.topic, 1]);
    assert.equal(await hearers(t.topic, peers),
      compat === 'spec' ? '12' : '012');
  });

  test('F104 an event without subscribers has no answer', async (t) => {
    const peer = await open(t, transport);

    peer.send([7, t.topic, 1]);
    assert.deepEqual(await peer.sync(), []);
  });

  test('F106 of ten subscribers all that should hear it', async (t) => {
    const peers = await openMany(t, 10, transport);

    await subscribe(t.topic, ...peers);
    peers[0].send([7, t.topic, 1]);
    assert.equal(await hearers(t.topic, peers),
      compat === 'spec' ? '123456789' : '0123456789');
  });

  test('F107 1000 events keep their order', async (t) => {
    const [publisher, ...subscribers] = await openMany(t, 3, transport);
    const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);

    await subscribe(t.topic, ...subscribers);
    for (const n of numbers)
      publisher.send([7, t.topic, n]);
    await publisher.sync();
    for (const subscriber of subscribers)
      assert.deepEqual(await subscriber.events(t.topic), numbers);
  });

  test('F112 half a MiB of everything arrives equal', async (t) => {
    const [publisher, subscriber] = await openMany(t, 2, transport);
    const event = { text: 'é\u{1f600}\0/"\\\n\u2028'.repeat(40000) };

    await subscribe(t.topic, subscriber);
    publisher.send([7, t.topic, event]);
    await publisher.sync();
    assert.deepEqual(await subscriber.events(t.topic), [event]);
  });

  test('F the barrier counts what was published since the last',
    async (t) => {
      const [publisher, subscriber] = await openMany(t, 2, transport);

      await subscribe(t.topic, subscriber);
      for (const n of [1, 2, 3])
        publisher.send([7, t.topic, n]);
      publisher.send([7, `${t.topic}/nobody`, 4]);
      const barrier = () => publisher.result('wampd.barrier');
      assert.deepEqual(await barrier(),
        { accepted: 4, refused: 0, delivered: 3, refusals: [] });
      assert.deepEqual(await barrier(),
        { accepted: 0, refused: 0, delivered: 0, refusals: [] });
    });

  test('F wampd.publish publishes and counts', async (t) => {
    const [publisher, subscriber] = await openMany(t, 2, transport);
    const publish = (...args) => publisher.result('wampd.publish', ...args);

    await subscribe(t.topic, subscriber);
    assert.deepEqual(await publish(t.topic, { n: 1 }), { delivered: 1 });
    assert.deepEqual(
      await publish(t.topic, 2, { exclude: [subscriber.id] }),
      { delivered: 0 });
    assert.deepEqual(
      await publish(t.topic, 3, { eligible: [subscriber.id] }),
      { delivered: 1 });
    assert.deepEqual(await subscriber.events(t.topic), [{ n: 1 }, 3]);
  });
});

brokerGroup('publishing', 'oro, both transports', {}, (test) => {
  test('F a topic has subscribers on both transports', async (t) => {
    const peers = [await open(t, 'ws'), await open(t, 'control')];

    await subscribe(t.topic, ...peers);
    for (const publisher of peers) {
      publisher.send([7, t.topic, 'e']);
      await publisher.sync().then((own) => assert.equal(own.length, 1));
      const [other] = peers.filter((peer) => peer !== publisher);
      assert.deepEqual(await other.events(t.topic), ['e']);
    }
  });
});
