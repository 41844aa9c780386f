/*
 * Topics and procedures whose handler is a program of its own: what is
 * decided later, and what becomes of it when the program or the peer goes
 * away.  The program is lib/child.mjs, which does as these tests tell it.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { brokerGroup, open, openMany } from './lib/broker.mjs';

const COMMAND = JSON.stringify([process.execPath,
  fileURLToPath(new URL('lib/child.mjs', import.meta.url))]);

const CONFIG = `
handlers:
  child: { type: exec, publish: anyone, command: ${COMMAND} }
  admin: { type: exec, call: [local], command: ${COMMAND} }
  mortal:
    type: exec
    publish: anyone
    command: ${COMMAND}
    restart: { min: 1ms, max: 10ms }
  seen: { type: jq, call: '{attributes: .session.attributes}' }
`;

const ROUTES = `
child:
  channel: child/{name}
  handler: { callback: child }
  requirements: { name: .+ }
admin: { channel: admin, handler: { callback: admin } }
mortal: { channel: mortal, handler: { callback: mortal } }
seen: { channel: seen, handler: { callback: seen } }
`;

const TRANSPORTS = ['ws', 'control'];

/* Subscribe, and wait until that is decided. */
async function subscribe(topic, ...peers) {
  for (const peer of peers) {
    peer.send([5, topic]);
    await peer.result('wampd.barrier');
  }
}

/* Have the child let go on what it holds under a name. */
async function release(peer, name) {
  await peer.result('child/release', { release: name, answer: { result: {} } });
}

for (const compat of ['oro', 'spec'])
  brokerGroup('exec', compat, { args: ['--compat', compat], config: CONFIG,
    routes: ROUTES }, (test) => {
    const spec = compat === 'spec';
    const generic = (uri) =>
      spec ? 'http://api.wamp.ws/error#generic' : uri;

    for (const transport of TRANSPORTS) {
      /* ---- calls ---- */

      test(`D42 the child answers a call, ${transport}`, async (t) => {
        const peer = await open(t, transport);

        for (const result of [{ n: 1 }, [1, 2], []])
          assert.deepEqual(
            await peer.result('child/x', { answer: { result } }), result);
        assert.deepEqual(
          await peer.result('child/x', { answer: { result: 6 } }),
          spec ? 6 : [6]);
      });

      test(`D42 a result keeps its bytes, ${transport}`, async (t) => {
        const peer = await open(t, transport);
        const result = '{"n" :12345678901234567890,"x":1.0}';

        peer.send([2, 'i', 'child/x', { echo: result }]);
        assert.equal(await peer.receive(), `[3,"i",${result}]`);
      });

      test(`D51 a call fails without details, ${transport}`, async (t) => {
        const peer = await open(t, transport);

        peer.send([2, 'i', 'child/x',
          { answer: { error: { message: 'math domain error' } } }]);
        assert.deepEqual(await peer.receiveJson(), spec ?
          [4, 'i', generic(), 'math domain error'] :
          [4, 'i', 'child/x', 'math domain error', { code: 500 }]);
      });

      test(`D52 a call fails with its own URI and details, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);
          const uri = 'http://example.com/error#number_too_big';

          for (const details of [1000, [0, 3], { max: 1000 }, 'text']) {
            peer.send([2, 'i', 'child/x',
              { answer: { error: { uri, message: 'too big', details } } }]);
            assert.deepEqual(await peer.receiveJson(),
              [4, 'i', uri, 'too big', details]);
          }
        });

      test(`D53 details that are null are left out, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);
          const uri = 'http://example.com/error#x';

          peer.send([2, 'i', 'child/x',
            { answer: { error: { uri, message: '', details: null } } }]);
          assert.deepEqual(await peer.receiveJson(), spec ?
            [4, 'i', uri, ''] : [4, 'i', uri, '', { code: 500 }]);
        });

      test(`D54 the child dies during a call, ${transport}`, async (t) => {
        const peer = await open(t, transport);
        const before = await peer.result('mortal');

        peer.send([2, 'i', 'mortal', { exit: 1 }]);
        const error = await peer.receiveJson();
        assert.deepEqual(error.slice(0, 3), [4, 'i', generic('mortal')]);
        assert.ok(error[3].length > 0, 'it says why');
        assert.deepEqual(error.slice(4), spec ? [] : [{ code: 500 }]);
        assert.notDeepEqual(await peer.result('mortal'), before);
      });

      test(`D55 a slow call does not hold up a fast one, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          peer.send([2, 'slow', 'child/x',
            { hold: t.topic, answer: { result: ['slow'] } }]);
          peer.send([2, 'fast', 'child/x', { answer: { result: ['fast'] } }]);
          assert.deepEqual(await peer.receiveJson(), [3, 'fast', ['fast']]);
          await release(peer, t.topic);
          assert.deepEqual(await peer.receiveJson(), [3, 'slow', ['slow']]);
        });

      test(`D60 a caller that leaves is forgotten, ${transport}`,
        async (t) => {
          const [caller, other] = await openMany(t, 2, transport);

          caller.send([2, 'i', 'child/x', { hold: t.topic }]);
          await caller.sync();
          await caller.vanish();
          await release(other, t.topic);
          assert.deepEqual(await other.sync(), []);
        });

      test(`call: [local] is for local peers, ${transport}`, async (t) => {
        const peer = await open(t, transport);
        const answer = await peer.call('admin');

        if (transport === 'control') {
          assert.equal(answer[0], 3);
        } else {
          assert.deepEqual(answer.slice(0, 3),
            [4, answer[1], 'wampd.error.not_permitted']);
          assert.ok(answer[3].length > 0, 'it says why');
        }
      });

      /* ---- publishing ---- */

      test(`the child lets an event pass, bytes and all, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const topic = `child/${t.topic}`;
          const event = '{"n" :12345678901234567890,"x":1.0,"\\u00e9":[]}';

          await subscribe(topic, other);
          peer.sendText(`[7,"${topic}",${event}]`);
          assert.deepEqual(await peer.result('wampd.barrier'),
            { accepted: 1, refused: 0, delivered: 1, refusals: [] });
          assert.deepEqual(await other.sync(), [`[8,"${topic}",${event}]`]);
        });

      test(`the child makes other events of one, ${transport}`,
        async (t) => {
          const [peer, a, b] = await openMany(t, 3, transport);
          const topic = `child/${t.topic}`;

          await subscribe(topic, a, b);
          await subscribe(`${topic}/2`, b);
          peer.send([7, topic, { answer: { events: [{ event: 1 },
            { event: 2, topic: `${topic}/2` },
            { event: 3, exclude: [b.id] },
            { event: 4, eligible: [b.id] }] } }]);
          peer.send([7, topic, { answer: { events: [] } }]);
          assert.deepEqual(await peer.result('wampd.barrier'),
            { accepted: 2, refused: 0, delivered: 5, refusals: [] });
          assert.deepEqual(await a.events(topic), [1, 3]);
          assert.deepEqual(await b.sync(), [`[8,"${topic}",1]`,
            `[8,"${topic}/2",2]`, `[8,"${topic}",4]`]);
        });

      test(`of events with a wrong one among them none is sent, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const topic = `child/${t.topic}`;

          await subscribe(topic, other);
          peer.send([7, topic,
            { answer: { events: [{ event: 1 }, { topic }] } }]);
          assert.equal((await peer.result('wampd.barrier')).refused, 1);
          assert.deepEqual(await other.sync(), []);
        });

      test(`the child refuses an event, ${transport}`, async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const topic = `child/${t.topic}`;

        await subscribe(topic, other);
        peer.send([7, topic,
          { answer: { allow: false, reason: 'not that' } }]);
        const { accepted, refusals } = await peer.result('wampd.barrier');
        assert.equal(accepted, 0);
        assert.deepEqual(refusals, [{ index: 1, topic,
          error: 'wampd.error.not_permitted', reason: 'not that' }]);
        assert.deepEqual(await other.sync(), []);
        /* The control socket has reported it before the barrier. */
        assert.deepEqual((await peer.sync()).map((text) => JSON.parse(text)),
          transport === 'ws' ? [] :
            [[4, topic, 'wampd.error.not_permitted', 'not that']]);
      });

      test(`the barrier waits for what is decided later, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const topic = `child/${t.topic}`;

          await subscribe(topic, peer);
          peer.send([7, topic, { hold: t.topic, n: 1 }, false]);
          peer.send([2, 'barrier', 'wampd.barrier']);
          assert.deepEqual(await peer.sync(), []);
          await release(other, t.topic);
          assert.deepEqual(await peer.receiveJson(),
            [8, topic, { hold: t.topic, n: 1 }]);
          assert.deepEqual(await peer.receiveJson(), [3, 'barrier',
            { accepted: 1, refused: 0, delivered: 1, refusals: [] }]);
        });

      test(`wampd.publish answers when it is decided, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const topic = `child/${t.topic}`;

          await subscribe(topic, other);
          peer.send([2, 'later', 'wampd.publish', topic, { hold: t.topic }]);
          assert.deepEqual(await peer.sync(), []);
          await release(other, t.topic);
          assert.deepEqual(await peer.receiveJson(),
            [3, 'later', { delivered: 1 }]);
        });

      test(`an event outlives its publisher, ${transport}`, async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const topic = `child/${t.topic}`;

        await subscribe(topic, other);
        peer.send([7, topic, { hold: t.topic }]);
        await peer.sync();
        await peer.vanish();
        await release(other, t.topic);
        assert.deepEqual(await other.events(topic), [{ hold: t.topic }]);
      });

      test(`the child dies during a publication, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          peer.send([7, 'mortal', { exit: 1 }]);
          const { accepted, refused, refusals } =
            await peer.result('wampd.barrier');
          assert.deepEqual([accepted, refused], [0, 1]);
          assert.ok(refusals[0].reason.length > 0, 'it says why');
          peer.send([7, 'mortal', 'to the next one']);
          assert.equal((await peer.result('wampd.barrier')).accepted, 1);
        });

      /* ---- subscribing ---- */

      test(`the child refuses a subscription, ${transport}`, async (t) => {
        const peer = await open(t, transport);

        peer.send([5, 'child/refused']);
        await peer.result('wampd.barrier');
        assert.deepEqual((await peer.sync()).map((text) => JSON.parse(text)),
          transport === 'ws' ? [] : [[4, 'child/refused',
            'wampd.error.not_permitted', 'not today']]);
        peer.send([7, 'child/refused', 1]);
        assert.equal((await peer.result('wampd.barrier')).delivered, 0);
      });

      test(`a subscription counts from when it is granted, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const name = `held/${t.topic}`;

          peer.send([5, `child/${name}`]);
          peer.send([2, 'barrier', 'wampd.barrier']);
          await peer.sync();
          other.send([7, `child/${name}`, 'too early']);
          await other.result('wampd.barrier');
          await release(other, name);
          assert.equal((await peer.receiveJson())[1], 'barrier');
          other.send([7, `child/${name}`, 'in time']);
          await other.result('wampd.barrier');
          assert.deepEqual(await peer.events(`child/${name}`), ['in time']);
        });

      test(`UNSUBSCRIBE takes back what is not granted yet, ${transport}`,
        async (t) => {
          const [peer, other] = await openMany(t, 2, transport);
          const name = `held/${t.topic}`;

          peer.send([5, `child/${name}`]);
          peer.send([6, `child/${name}`]);
          await peer.sync();
          await release(other, name);
          other.send([7, `child/${name}`, 1]);
          assert.equal((await other.result('wampd.barrier')).delivered, 0);
          assert.deepEqual(await peer.sync(), []);
        });

      /* ---- what the child says and hears of its own accord ---- */

      test(`the child publishes, ${transport}`, async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const topic = `child/${t.topic}`;
        const publish = (...events) => ({ print: events.map((event) =>
          JSON.stringify({ publish: { topic, ...event } })) });

        await subscribe(topic, peer, other);
        await other.result('child/x', publish({ event: 1 },
          { event: 2, exclude: [other.id] },
          { event: 3, eligible: [other.id] }));
        assert.deepEqual(await peer.events(topic), [1, 2]);
        assert.deepEqual(await other.events(topic), [1, 3]);
      });

      test(`other handlers see what the child notes, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);
          const note = (attributes) => peer.result('child/x', { print:
            [JSON.stringify({ session: peer.id, attributes })] });

          await note({ a: [1], b: 2 });
          await note({ b: null, c: 'x' });
          assert.deepEqual(await peer.result('seen'),
            { attributes: { a: [1], c: 'x' } });
        });

      test(`the child hears of sessions that come and go, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          await peer.result('child/x', {});	/* now it runs */
          const other = await open(t, transport);
          const topic = `child/${t.topic}`;
          const heard = (type) =>
            peer.result('child/x', { await: [type, other.id] });
          await heard('open');
          await subscribe(topic, other);
          other.send([6, topic]);
          await heard('unsubscribe');
          await other.close();
          await heard('close');
        });

      test(`garbage does not hurt the next answer, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);
          const lines = ['', 'oops', '[]', '{}', '{"id":"x"}',
            '{"id":18446744073709551616,"result":1}', '{"id":0}', '\u0000',
            '{"publish":{}}', '{"session":"nobody","attributes":{"a":1}}'];

          assert.deepEqual(await peer.result('child/x',
            { print: lines, answer: { result: ['fine'] } }), ['fine']);
        });
    }
  });
