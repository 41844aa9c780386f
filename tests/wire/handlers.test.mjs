/*
 * What handlers make of topics and procedures, seen from outside: the lists
 * of who may, retained events, rates and sizes, and the types broadcast,
 * secured, ping and jq.  Type exec is in handlers_exec.test.mjs.
 *
 * Peers over WebSocket are anonymous, those on the control socket are local.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openMany } from './lib/broker.mjs';

const CONFIG = `
handlers:
  plain: { type: broadcast }
  open: { type: broadcast, publish: anyone }
  local: { type: broadcast, subscribe: [local], publish: [nobody] }
  kept: { type: broadcast, publish: [anyone], retain: true }
  small: { type: broadcast, publish: anyone, max_size: 10 }
  slow: { type: broadcast, publish: anyone, rate: { events: 1, burst: 3 } }
  mail: { type: secured }
  sync: { type: secured, wildcard: true }
  alive: { type: ping, interval: 20ms, message: still here }
  errors:
    type: jq
    subscribe: .attributes.app != "secret"
    publish: |
      if .event == "boom" then error("no")
      elif .event == "after" then {event: 1}, error("no")
      elif .event == "who" then {event: .session}
      elif .event == "where" then {event: {topic, route, attributes}}
      elif .event == "twice" then {event: 1}, {event: 2, topic: "plain/all"}
      elif .event == "to me" then {event: 3, eligible: [.session.id]}
      elif .event == "to others" then {event: 4, exclude: [.session.id]}
      elif .event == "as it is" then true
      else select(.event.level == "error") | {event} end
  sample:
    type: jq
    call: |
      if .attributes.method == "sum" then .args | add
      elif .attributes.method == "seen" then {args, topic, route}
      elif .attributes.method == "null" then null
      elif .attributes.method == "false" then false
      elif .attributes.method == "empty" then empty
      else error("no such method") end
  nameless: { type: jq, call: { who: local, program: '.args[0]' } }
`;

const ROUTES = `
plain: { channel: 'plain/{rest}', handler: plain, requirements: { rest: .+ } }
open: { channel: 'open/{rest}', handler: open, requirements: { rest: .+ } }
local: { channel: 'local/{rest}', handler: local, requirements: { rest: .+ } }
kept: { channel: 'kept/{rest}', handler: kept, requirements: { rest: .+ } }
small: { channel: 'small/{rest}', handler: small, requirements: { rest: .+ } }
slow: { channel: 'slow/{rest}', handler: slow, requirements: { rest: .+ } }
alive: { channel: 'alive/{rest}', handler: alive, requirements: { rest: .+ } }
by.app: { channel: 'errors/{app}', handler: { callback: errors } }
sample.method: { channel: 'sample/{method}', handler: { callback: sample } }
mail:
  channel: mail/{user_id}/{organization_id}
  handler: { callback: mail }
  requirements:
    user_id: \\d+
    organization_id: { pattern: \\d+, wildcard: true }
sync:
  channel: sync/{user_id}
  handler: { callback: sync }
  requirements:
    user_id: { pattern: \\d+, wildcard: true }
nameless:
  channel: '{rest}'
  handler: { callback: nameless }
  requirements: { rest: '.{0}' }
`;

const TRANSPORTS = ['ws', 'control'];

function handlersGroup(compat, define) {
  brokerGroup('handlers', compat, { args: ['--compat', compat],
    config: CONFIG, routes: ROUTES }, define);
}

/* Wait until handlers have decided what the peer asked. */
async function decided(peer) {
  await peer.result('wampd.barrier');
}

/* Subscribe, and wait until that is done or refused. */
async function subscribe(topic, ...peers) {
  for (const peer of peers) {
    peer.send([5, topic]);
    await decided(peer);
  }
}

/* How many topics the peer is subscribed to. */
async function subscriptions(t, peer) {
  const sessions = await (await open(t, 'control')).result('wampd.sessions');

  return sessions.find(({ session }) => session === peer.id).subscriptions;
}

/* Publish, and learn by the barrier why it was refused. */
async function refusal(peer, topic, event) {
  await peer.result('wampd.barrier');
  peer.send([7, topic, event]);
  const { accepted, refused, refusals } = await peer.result('wampd.barrier');

  assert.deepEqual([accepted, refused], [0, 1]);
  assert.equal(refusals[0].error, 'wampd.error.not_permitted');
  return refusals[0].reason;
}

handlersGroup('oro', (test) => {
  /* ---- who may ---- */

  test('without a list, who is local publishes and everyone listens',
    async (t) => {
      const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];
      const topic = `plain/${t.topic}`;

      await subscribe(topic, peer);
      assert.match(await refusal(peer, topic, 1), /may not publish/);
      local.send([7, topic, 2]);
      await local.sync();
      assert.deepEqual(await peer.events(topic), [2]);
    });

  for (const transport of TRANSPORTS) {
    test(`publish: anyone lets everyone publish, ${transport}`,
      async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const topic = `open/${t.topic}`;

        await subscribe(topic, other);
        peer.send([7, topic, 1]);
        await peer.sync();
        assert.deepEqual(await other.events(topic), [1]);
      });

    test(`publish: [nobody] is for nobody, ${transport}`, async (t) => {
      const peer = await open(t, transport);

      assert.match(await refusal(peer, `local/${t.topic}`, 1),
        /may not publish/);
    });
  }

  test('subscribe: [local] keeps the others out', async (t) => {
    const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

    await subscribe(`local/${t.topic}`, peer, local);
    assert.equal(await subscriptions(t, peer), 0);
    assert.equal(await subscriptions(t, local), 1);
  });

  test('a refused SUBSCRIBE is reported on the control socket',
    async (t) => {
      const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

      for (const each of [peer, local])
        each.send([5, 'errors/secret']);
      assert.deepEqual(await peer.sync(), []);
      assert.deepEqual((await local.receiveJson()).slice(0, 3),
        [4, 'errors/secret', 'wampd.error.not_permitted']);
    });

  /* ---- around every handler ---- */

  for (const transport of TRANSPORTS)
    test(`retain: who comes later gets the last event, ${transport}`,
      async (t) => {
        const peer = await open(t, 'ws');
        const late = await open(t, transport);
        const topic = `kept/${t.topic}`;

        peer.sendText(`[7,"${topic}",1]`);
        peer.sendText(`[7,"${topic}",{"n": 12345678901234567890}]`);
        await peer.sync();
        late.send([5, topic]);
        assert.deepEqual(await late.sync(),
          [`[8,"${topic}",{"n": 12345678901234567890}]`]);
      });

  test('max_size bounds the bytes of an event', async (t) => {
    const peer = await open(t, 'ws');
    const topic = `small/${t.topic}`;

    await subscribe(topic, peer);
    peer.send([7, topic, '8 bytes.']);
    assert.deepEqual(await peer.events(topic), ['8 bytes.']);
    assert.match(await refusal(peer, topic, '9 bytes..'), /max_size/);
    assert.deepEqual(await peer.events(topic), []);
  });

  test('rate lets a burst pass and refuses what is faster', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');
    const topic = `slow/${t.topic}`;

    await subscribe(topic, other);
    for (let i = 0; i < 50; i++)
      peer.send([7, topic, i]);
    const { accepted, refused, refusals } =
      await peer.result('wampd.barrier');
    assert.equal(accepted + refused, 50);
    assert.ok(accepted >= 3 && refused > 0, `${accepted} passed`);
    assert.match(refusals[0].reason, /rate/);
    assert.equal((await other.events(topic)).length, accepted);
  });

  test("rate counts each session's own", async (t) => {
    const peers = await openMany(t, 3, 'ws');

    for (const peer of peers) {
      for (let i = 0; i < 3; i++)
        peer.send([7, `slow/${t.topic}`, i]);
      assert.equal((await peer.result('wampd.barrier')).accepted, 3);
    }
  });

  /* ---- secured ---- */

  for (const topic of ['mail/7/1', 'mail/7/*', 'mail/0/1', 'sync/7'])
    test(`secured: ${topic} is not for anonymous peers, but for local ones`,
      async (t) => {
        const [peer, local] =
          [await open(t, 'ws'), await open(t, 'control')];

        await subscribe(topic, peer, local);
        local.send([7, topic, t.topic]);
        assert.deepEqual(await local.events(topic), [t.topic]);
        assert.deepEqual(await peer.sync(), []);
        assert.equal(await subscriptions(t, peer), 0);
      });

  for (const transport of TRANSPORTS)
    test(`secured: with wildcard: true, sync/* is for all, ${transport}`,
      async (t) => {
        const [peer, local] =
          [await open(t, transport), await open(t, 'control')];

        await subscribe('sync/*', peer);
        local.send([7, 'sync/*', t.topic]);
        await local.sync();
        assert.deepEqual(await peer.events('sync/*'), [t.topic]);
      });

  test('secured: who may not listen may not publish either', async (t) => {
    assert.match(await refusal(await open(t, 'ws'), 'sync/7', 1),
      /may not publish/);
  });

  /* ---- ping ---- */

  for (const transport of TRANSPORTS)
    test(`ping: events come while there are subscribers, ${transport}`,
      async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const topic = `alive/${t.topic}`;

        peer.send([5, topic]);
        for (let i = 0; i < 3; i++)
          assert.equal(await peer.receive(), `[8,"${topic}","still here"]`);
        peer.send([6, topic]);
        await peer.sync();
        /* Another topic of the handler is the clock. */
        other.send([5, `${topic}/clock`]);
        for (let i = 0; i < 3; i++)
          await other.receive();
        assert.deepEqual(await peer.sync(), []);
      });

  test('ping: the broker alone publishes', async (t) => {
    const local = await open(t, 'control');

    assert.match(await refusal(local, `alive/${t.topic}`, 1),
      /only the broker publishes/);
  });

  /* ---- jq: subscribe and publish ---- */

  for (const transport of TRANSPORTS)
    test(`jq: subscribe decides who listens, ${transport}`, async (t) => {
      const peer = await open(t, transport);

      await subscribe('errors/secret', peer);
      assert.equal(await subscriptions(t, peer), 0);
      await subscribe('errors/shop', peer);
      assert.equal(await subscriptions(t, peer), 1);
    });

  for (const transport of TRANSPORTS)
    test(`jq: an event that is handed on keeps its bytes, ${transport}`,
      async (t) => {
        const [peer, other] = await openMany(t, 2, transport);
        const event =
          '{"level" :"error","n":12345678901234567890,"x":1.0,"\\u00e9":1e3}';

        await subscribe('errors/shop', other);
        peer.sendText('[7,"errors/shop",{"level":"info"}]');
        peer.sendText(`[7,"errors/shop",${event}]`);
        const { accepted, refused, delivered } =
          await peer.result('wampd.barrier');
        assert.deepEqual([accepted, refused, delivered], [2, 0, 1]);
        assert.deepEqual(await other.sync(),
          [`[8,"errors/shop",${event}]`]);
      });

  test('jq: true stands for the publication as it came', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', peer, other);
    peer.send([7, 'errors/shop', 'as it is', true]);
    await decided(peer);
    assert.deepEqual(await peer.events('errors/shop'), []);
    assert.deepEqual(await other.events('errors/shop'), ['as it is']);
  });

  test('jq: an error refuses that one publication', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', other);
    assert.equal(await refusal(peer, 'errors/shop', 'boom'),
      'the handler failed');
    assert.deepEqual(await other.events('errors/shop'), []);
    peer.send([7, 'errors/shop', { level: 'error' }]);
    assert.equal((await peer.result('wampd.barrier')).accepted, 1);
    assert.deepEqual(await other.events('errors/shop'),
      [{ level: 'error' }]);
  });

  test('jq: an error behind an output refuses all of it', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', other);
    assert.equal(await refusal(peer, 'errors/shop', 'after'),
      'the handler failed');
    assert.deepEqual(await other.sync(), []);
  });

  test('jq: one event becomes several, on other topics too', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', other);
    await subscribe('plain/all', other);
    peer.send([7, 'errors/shop', 'twice']);
    await decided(peer);
    assert.deepEqual(await other.sync(),
      ['[8,"errors/shop",1]', '[8,"plain/all",2]']);
  });

  test('jq: eligible and exclude name the audience', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', peer, other);
    peer.send([7, 'errors/shop', 'to me']);
    peer.send([7, 'errors/shop', 'to others']);
    await decided(peer);
    assert.deepEqual(await peer.events('errors/shop'), [3]);
    assert.deepEqual(await other.events('errors/shop'), [4]);
  });

  test('jq: a program sees who publishes', async (t) => {
    const [peer, local] = [await open(t, 'ws'), await open(t, 'control')];

    await subscribe('errors/shop', peer);
    peer.send([7, 'errors/shop', 'who']);
    await decided(peer);
    assert.deepEqual(await peer.events('errors/shop'), [{ id: peer.id,
      user: null, user_id: null, roles: [], attributes: {} }]);
    local.send([7, 'errors/shop', 'who']);
    await decided(local);
    const [seen] = await peer.events('errors/shop');
    assert.equal(seen.id, local.id);
    assert.match(seen.user, /^local:/);
  });

  test('jq: a program sees the topic, its route and attributes',
    async (t) => {
      const peer = await open(t, 'ws');

      await subscribe('errors/shop', peer);
      peer.send([7, 'errors/shop', 'where']);
      await decided(peer);
      assert.deepEqual(await peer.events('errors/shop'), [
        { topic: 'errors/shop', route: 'by.app',
          attributes: { app: 'shop' } }]);
    });

  test('jq: wampd.publish tells what became of it', async (t) => {
    const [peer, other] = await openMany(t, 2, 'ws');

    await subscribe('errors/shop', other);
    assert.deepEqual(
      await peer.result('wampd.publish', 'errors/shop', { level: 'error' }),
      { delivered: 1 });
    assert.deepEqual(
      await peer.result('wampd.publish', 'errors/shop', { level: 'info' }),
      { delivered: 0 });
    assert.equal((await peer.call('wampd.publish', 'errors/shop',
      'boom'))[2], 'wampd.error.not_permitted');
  });
});

/* ---- calls ---- */

for (const compat of ['oro', 'spec'])
  handlersGroup(compat, (test) => {
    const spec = compat === 'spec';

    for (const transport of TRANSPORTS) {
      test(`D42 the method is an attribute of the route, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          peer.sendText('[2,"i","sample/sum",1,2,3]');
          assert.equal(await peer.receive(),
            spec ? '[3,"i",6]' : '[3,"i",[6]]');
        });

      test(`D47 what the program sees of a call, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);
          const call = async (...args) =>
            (await peer.result('sample/seen', ...args)).args;

          assert.deepEqual(await call(), []);
          assert.deepEqual(await call(1, 'two'), [1, 'two']);
          assert.deepEqual(await call([1, 2]), spec ? [[1, 2]] : [1, 2]);
          assert.deepEqual(await call({ a: 1 }),
            spec ? [{ a: 1 }] : { a: 1 });
          assert.deepEqual(await peer.result('sample/seen'),
            { args: [], topic: 'sample/seen', route: 'sample.method' });
        });

      test(`D51 a program that fails, ${transport}`, async (t) => {
        const peer = await open(t, transport);

        peer.sendText('[2,"i","sample/other",1]');
        assert.deepEqual(await peer.receiveJson(), spec ?
          [4, 'i', 'http://api.wamp.ws/error#generic',
            'the handler failed'] :
          [4, 'i', 'sample/other', 'the handler failed', { code: 500 }]);
      });

      test(`D50 a topic whose handler takes no calls, ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          for (const uri of ['plain/x', 'errors/shop', 'sync/7', 'alive/x']) {
            const error = await peer.call(uri);
            assert.equal(error[2],
              spec ? 'http://api.wamp.ws/error#NoSuchRPCEndpoint' : uri);
            assert.equal(error[4]?.code, spec ? undefined : 404);
          }
        });
    }

    test('a procedure without a name is as any other', async (t) => {
      const peer = await open(t, 'control');
      const other = await open(t, 'ws');

      assert.deepEqual(await peer.result('', 5), spec ? 5 : [5]);
      other.sendText('[2,"i",""]');
      assert.deepEqual(await other.receiveJson(),
        [4, 'i', 'wampd.error.not_permitted', 'you may not call this',
          { code: 401 }]);
    });

    for (const method of ['null', 'false', 'empty'])
      test(`D43 a call that comes to ${method}`, async (t) => {
        const peer = await open(t, 'ws');

        peer.sendText(`[2,"i","sample/${method}"]`);
        assert.deepEqual(await peer.receiveJson(), spec ?
          [3, 'i', method === 'false' ? false : null] :
          [4, 'i', `sample/${method}`, 'RPC Error', { code: 500 }]);
      });
  });
