/*
 * End to end with npm wamp1, a WAMP v1 client that nobody here wrote, on npm
 * ws, a WebSocket nobody here wrote.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { brokerGroup } from './lib/broker.mjs';
import { Queue } from './lib/queue.mjs';

const require = createRequire(import.meta.url);
const Wamp = require('wamp1');
/* wamp1 brings ws along, but opens it without a subprotocol: so the socket is
 * made here and given to it. */
const WebSocket = createRequire(
  createRequire(require.resolve('wamp1')).resolve('websocket-buffering'))('ws');

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
