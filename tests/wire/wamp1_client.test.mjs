/*
 * End to end with npm wamp1, a WAMP v1 client that nobody here wrote, on npm
 * ws, a WebSocket nobody here wrote.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brokerGroup, open } from './lib/broker.mjs';
import { Queue } from './lib/queue.mjs';

const require = createRequire(import.meta.url);
const Wamp = require('wamp1');
/* wamp1 brings ws along, but opens it without a subprotocol: so the socket is
 * made here and given to it. */
const WebSocket = createRequire(
  createRequire(require.resolve('wamp1')).resolve('websocket-buffering'))('ws');

const COMMAND = JSON.stringify([process.execPath,
  fileURLToPath(new URL('lib/child.mjs', import.meta.url))]);

const CONFIG = `
handlers:
  news: { type: broadcast, publish: anyone }
  mail: { type: secured, wildcard: true }
  alive: { type: ping, interval: 20ms }
  sample: { type: jq, call: '{(.attributes.method): (.args | add)}' }
  child: { type: exec, publish: anyone, command: ${COMMAND} }
`;

const ROUTES = `
news:
  channel: news/{section}/{page}
  handler: { callback: news }
  requirements: { section: '[a-z]+', page: { pattern: \\d+, wildcard: true } }
mail:
  channel: mail/{user_id}
  handler: { callback: mail }
  requirements: { user_id: { pattern: \\d+, wildcard: true } }
alive: { channel: alive, handler: { callback: alive } }
sample: { channel: 'sample/{method}', handler: { callback: sample } }
child: { channel: 'child/{name}', handler: { callback: child } }
`;

/* A wamp1 session that has been welcomed and ends with the test. */
async function connect(t) {
  const { host, port } = t.fixture;
  const socket = new WebSocket(`ws://${host}:${port}/`, 'wamp');
  const client = await new Promise((resolve, reject) => {
    socket.once('error', reject);
    const wamp = new Wamp(socket, {}, () => resolve(wamp));
  });

  t.defer(() => {
    const gone = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    socket.close();
    return gone;
  });
  return client;
}

/* Call and wait: the result, or rejects with the error. */
function call(client, procedure, ...args) {
  return new Promise((resolve, reject) => {
    client.call(procedure, ...args, (error, result) => {
      if (error)
        reject(error);
      else
        resolve(result);
    });
  });
}

/* Subscribe, and collect what comes. */
async function collect(client, topic) {
  const events = new Queue();

  client.subscribe(topic, (event) => events.push(event));
  await call(client, 'wampd.echo');
  return events;
}

/* What has come by now; see Peer.sync(). */
async function received(client, events) {
  await call(client, 'wampd.echo');
  return events.take();
}

brokerGroup('npm wamp1', 'oro', {}, (test) => {
  test('it is welcomed', async (t) => {
    const client = await connect(t);

    assert.match(client.sessionId, /^[A-Za-z0-9_-]{16,}$/);
    assert.equal(client.socket.protocol, 'wamp');
  });

  test('it publishes and subscribes', async (t) => {
    const [publisher, subscriber] = [await connect(t), await connect(t)];
    const events = await collect(subscriber, t.topic);

    for (const event of [{ n: 1 }, 'two', null, [4]])
      publisher.publish(t.topic, event);
    await call(publisher, 'wampd.echo');
    assert.deepEqual(await received(subscriber, events),
      [{ n: 1 }, 'two', null, [4]]);
  });

  test('it publishes with exclude and eligible', async (t) => {
    const clients = await Promise.all([connect(t), connect(t), connect(t)]);
    const [a, b, c] = clients.map(({ sessionId }) => sessionId);
    const events = [];

    for (const client of clients)
      events.push(await collect(client, t.topic));
    const publish = (...args) => clients[0].publish(t.topic, ...args);
    publish('all but me', true);
    publish('all', false);
    publish('not b', [b]);
    publish('b and c', [], [b, c]);
    publish('c', [a, b], [b, c]);
    await call(clients[0], 'wampd.echo');
    const got = [];
    for (const [i, client] of clients.entries())
      got.push(await received(client, events[i]));
    assert.deepEqual(got, [
      ['all', 'not b'],
      ['all but me', 'all', 'b and c'],
      ['all but me', 'all', 'not b', 'b and c', 'c'],
    ]);
  });

  test('it calls and gets results', async (t) => {
    const client = await connect(t);

    assert.deepEqual(await call(client, 'wampd.echo', 1, 'two', null),
      [1, 'two', null]);
  });

  test('it calls and gets an error', async (t) => {
    const client = await connect(t);

    await assert.rejects(call(client, 'http://example.com/nothing', 1),
      (error) => {
        assert.equal(error.uri, 'http://example.com/nothing');
        assert.ok(error.message.length > 0);
        assert.equal(error.details.code, 404);
        return true;
      });
  });

  test('it uses a prefix', async (t) => {
    const [publisher, subscriber] = [await connect(t), await connect(t)];
    const full = `http://example.com/${t.topic}#news`;

    subscriber.prefix('ev', `http://example.com/${t.topic}#`);
    const events = await collect(subscriber, 'ev:news');
    publisher.publish(full, 'by full URI');
    await call(publisher, 'wampd.echo');
    assert.deepEqual(await received(subscriber, events), ['by full URI']);
  });

  test('it unsubscribes', async (t) => {
    const [publisher, subscriber] = [await connect(t), await connect(t)];
    const events = await collect(subscriber, t.topic);

    subscriber.unsubscribe(t.topic);
    await call(subscriber, 'wampd.echo');
    publisher.publish(t.topic, 'unheard');
    await call(publisher, 'wampd.echo');
    assert.deepEqual(await received(subscriber, events), []);
  });
});

brokerGroup('npm wamp1', 'handlers', { config: CONFIG, routes: ROUTES },
  (test) => {
    test('it uses parameterised topics', async (t) => {
      const [publisher, subscriber] = [await connect(t), await connect(t)];
      const topics = ['news/sports/1', 'news/sports/*', 'news/Sports/1'];
      const events = [];

      for (const topic of topics)
        events.push(await collect(subscriber, topic));
      for (const topic of topics)
        publisher.publish(topic, topic);
      await call(publisher, 'wampd.echo');
      await call(subscriber, 'wampd.echo');
      assert.deepEqual(events.map((queue) => queue.take()),
        [['news/sports/1'], ['news/sports/*'], []]);
    });

    test("it is refused another user's topic, and allowed all's",
      async (t) => {
        const client = await connect(t);
        const local = await open(t, 'control');
        const [refused, allowed] = [await collect(client, 'mail/7'),
          await collect(client, 'mail/*')];

        local.send([7, 'mail/7', 1]);
        local.send([7, 'mail/*', 2]);
        await local.sync();
        assert.deepEqual(await received(client, allowed), [2]);
        assert.deepEqual(refused.take(), []);
      });

    test('it calls a jq handler', async (t) => {
      const client = await connect(t);

      assert.deepEqual(await call(client, 'sample/sum', 1, 2, 3),
        { sum: 6 });
      await assert.rejects(call(client, 'sample/sum', 1, 'x'), {
        uri: 'sample/sum', details: { code: 500 } });
    });

    test('it calls an exec handler', async (t) => {
      const client = await connect(t);
      const uri = 'http://example.com/error#number_too_big';

      assert.deepEqual(await call(client, 'child/x',
        { answer: { result: { n: 1 } } }), { n: 1 });
      await assert.rejects(call(client, 'child/x',
        { answer: { error: { uri, message: 'too big', details: 1000 } } }),
      { uri, message: 'too big', details: 1000 });
    });

    test('it hears what an exec handler decides about', async (t) => {
      const [publisher, subscriber] = [await connect(t), await connect(t)];
      const events = await collect(subscriber, 'child/x');

      /* The subscription is decided later, too. */
      await call(subscriber, 'wampd.barrier');
      publisher.publish('child/x',
        { answer: { events: [{ event: 1 }, { event: 2 }] } });
      publisher.publish('child/x', { answer: { allow: false } });
      publisher.publish('child/x', 3);
      await call(publisher, 'wampd.barrier');
      assert.deepEqual(await received(subscriber, events), [1, 2, 3]);
    });

    test('it hears pings', async (t) => {
      const client = await connect(t);
      const events = await collect(client, 'alive');

      for (let i = 0; i < 3; i++)
        assert.equal(await events.next(), 'Connection keep alive');
    });
  });
