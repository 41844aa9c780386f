/*
 * Group I: keep-alive and the end.  Row 152 does not exist.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openMany } from './lib/broker.mjs';
import { PONG, TEXT, encodeFrame } from './lib/frame.mjs';
import { WebSocketPeer, upgradeRequest } from './lib/websocket.mjs';

const PINGS = 5;
const PIECE = 2000;
const EVENTS = 1000;

brokerGroup('keep-alive', 'keepalive: 250ms', { config: 'keepalive: 250ms\n' },
  (test) => {
    test('I150 each connection is pinged again and again', async (t) => {
      const peers = await openMany(t, 3, 'ws');

      for (let i = 0; i < PINGS; i++)
        for (const peer of peers)
          await peer.pings.next();
    });

    test('I151 who answers stays, who does not is dropped', async (t) => {
      const live = await open(t, 'ws');
      const dead = await open(t, 'ws', { answerPings: false });

      await dead.pings.next();
      await dead.closed();
      await live.sync();
    });

    test('I151 messages prove a peer alive as well', async (t) => {
      const peer = await open(t, 'ws', { answerPings: false });

      for (let i = 0; i < PINGS; i++) {
        await peer.pings.next();
        await peer.sync();
      }
    });

    /* No pong can come amid a frame, so its pieces must do. */
    test('I151 a large message that comes slowly keeps its sender',
      async (t) => {
        const peer = await open(t, 'ws', { answerPings: false });
        const text = `[7,"${t.topic}","${'x'.repeat(PINGS * PIECE)}"]`;
        const frame = encodeFrame(TEXT, text);

        for (let at = 0; at < frame.length; at += PIECE) {
          await peer.pings.next();
          peer.wire.write(frame.subarray(at, at + PIECE));
        }
        assert.equal((await peer.result('wampd.barrier')).accepted, 1);
      });

    test('I151 a dropped peer is subscribed no more', async (t) => {
      const dead = await open(t, 'ws', { answerPings: false });
      const publisher = await open(t, 'ws');

      dead.send([5, t.topic]);
      await dead.sync();
      await dead.closed();
      publisher.send([7, t.topic, 1]);
      const { delivered } = await publisher.result('wampd.barrier');
      assert.equal(delivered, 0);
    });

    test('I153 an unsolicited pong is ignored', async (t) => {
      const peer = await open(t, 'ws');

      for (const payload of ['', 'out of the blue'])
        peer.frame(PONG, payload);
      await peer.sync();
    });

    test('I the control socket is not pinged', async (t) => {
      const [local, remote] = [await open(t, 'control'), await open(t, 'ws')];

      for (let i = 0; i < PINGS; i++)
        await remote.pings.next();
      assert.deepEqual(await local.sync(), []);
    });
  });

for (const signal of ['SIGTERM', 'SIGINT'])
  brokerGroup('the end', signal, {}, (test) => {
    /* No close frame: AutobahnJS connects again only after a loss. */
    test('I154 what was acknowledged is delivered, then it drops',
      async (t) => {
        const [publisher, subscriber] = await openMany(t, 2, 'ws');
        const local = await open(t, 'control');

        subscriber.send([5, t.topic]);
        await subscriber.sync();
        for (let n = 1; n <= EVENTS; n++)
          publisher.send([7, t.topic, n]);
        await publisher.sync();
        process.kill(t.fixture.pid, signal);
        for (let n = 1; n <= EVENTS; n++)
          assert.deepEqual(await subscriber.receiveJson(), [8, t.topic, n]);
        for (const peer of [subscriber, publisher])
          await peer.expectViolation(1006);
        await local.ended;
      });
  });

brokerGroup('a full broker', 'one session', { config:
  'limits: { sessions: 1 }\ncome_back: code\n' }, (test) => {
  test('one more is told to try again later', async (t) => {
    await open(t, 'ws');
    const wire = await WebSocketPeer.connect(t.fixture);
    const more = new WebSocketPeer(wire);

    wire.write(upgradeRequest(t.fixture));
    assert.equal((await more.response.next()).status, 101);
    const { code, payload } = await more.closed();
    assert.equal(code, 1013);
    assert.equal(payload.toString('utf8', 2), 'no room for a session');
  });
});

/*
 * A reader that never reads: whatever it subscribed to piles up until its
 * queue is full.  It is dropped, nobody else loses anything.
 */
brokerGroup('slow readers', 'oro, ws', {}, (test) => {
  test('I155 a peer that does not read is dropped alone', async (t) => {
    const [slow, good, publisher] = await openMany(t, 3, 'ws');
    const admin = await open(t, 'control');
    const filler = 'x'.repeat(60000);
    let n = 0;

    for (const peer of [slow, good]) {
      peer.send([5, t.topic]);
      await peer.sync();
    }
    slow.wire.socket.pause();
    do {
      publisher.send([7, t.topic, [++n, filler], true]);
      await publisher.sync();
      const [event] = await good.events(t.topic);
      assert.equal(event[0], n);
    } while ((await admin.result('wampd.stats')).sessions_overflowed === 0);
    await publisher.result('wampd.barrier');
    publisher.send([7, t.topic, 'last', true]);
    const { delivered } = await publisher.result('wampd.barrier');
    assert.equal(delivered, 1);
  }, 60);
});
