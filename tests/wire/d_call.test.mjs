/*
 * Group D: CALL and its answers.  Rows 58 and 59 are with the other
 * violations; rows 51 to 55, which need procedures that fail or take their
 * time, are in handlers.test.mjs and handlers_exec.test.mjs.
 */
import assert from 'node:assert/strict';
import { brokerGroup, everyWayGroup, open } from './lib/broker.mjs';

/* Call ids as clients write them; the answer repeats them byte for byte. */
const IDS = ['"7DK6TdN4wLiUJgNM"', '"0.s8xzvde8j1k"', '""', '"a b"',
  '"\\u00e9\\/\\u0000"', '"\u00e9\u{1f600}"', `"${'x'.repeat(500)}"`];

/* Arguments, and the list that wampd.echo makes of them in each mode. */
const ARGUMENTS = [
  ['D42', '', '[]', '[]'],
  ['D46', ',null', '[null]', '[null]'],
  ['D46', ',"a",null,true', '["a",null,true]', '["a",null,true]'],
  ['D47', ',[9,1,3,4]', '[9,1,3,4]', '[[9,1,3,4]]'],
  ['D47', ',[]', '[]', '[[]]'],
  ['D47', ',[[1,2],{"a":3}]', '[[1,2],{"a":3}]', '[[[1,2],{"a":3}]]'],
  ['D48', ',{"a":1,"b":2}', '[1,2]', '[{"a":1,"b":2}]'],
  ['D49', ',"hi",["x"]', '["hi",["x"]]', '["hi",["x"]]'],
  ['D49', ',["x"],"hi"', '[["x"],"hi"]', '[["x"],"hi"]'],
  ['D49', ',[1],[2]', '[[1],[2]]', '[[1],[2]]'],
];

everyWayGroup('calls', (test, { compat, transport }) => {
  const spec = compat === 'spec';

  for (const [row, args, oroList, specList] of ARGUMENTS)
    test(`${row} [2,i,wampd.echo${args}]`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText(`[2,"i","wampd.echo"${args}]`);
      assert.equal(await peer.receive(),
        `[3,"i",${spec ? specList : oroList}]`);
    });

  for (const id of IDS)
    test(`D44 the call id ${id.slice(0, 30)} is echoed`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText(`[2,${id},"wampd.echo",1,2]`);
      assert.equal(await peer.receive(), `[3,${id},[1,2]]`);
    });

  test('D50 an unknown procedure', async (t) => {
    const peer = await open(t, transport);
    const uri = 'http://example.com/api#nothing';
    const error = await peer.call(uri, 1);

    if (spec) {
      assert.deepEqual(error.slice(2),
        ['http://api.wamp.ws/error#NoSuchRPCEndpoint',
          `No RPC endpoint registered for ${uri}.`]);
    } else {
      assert.equal(error.length, 5);
      assert.equal(error[2], uri);
      assert.equal(typeof error[3], 'string');
      assert.equal(error[4].code, 404);
    }
  });

  test('D53 an error without details has four elements', async (t) => {
    const peer = await open(t, transport);
    const error = await peer.call('wampd.publish');

    assert.equal(error.length, 4);
    assert.equal(error[2], 'wampd.error.invalid_argument');
    assert.ok(error[3].length > 0, 'it says what is wrong');
  });

  test('D each of many calls in flight is answered', async (t) => {
    const peer = await open(t, transport);
    const calls = Array.from({ length: 500 }, (_, i) => i);

    for (const i of calls)
      peer.send([2, `id-${i}`, 'wampd.echo', i]);
    for (const i of calls)
      assert.deepEqual(await peer.receiveJson(), [3, `id-${i}`, [i]]);
  });

  test('D60 the result of a caller that left is discarded', async (t) => {
    const caller = await open(t, transport);
    const other = await open(t, transport);

    for (let i = 0; i < 100; i++)
      caller.send([2, `id-${i}`, 'wampd.echo', 'x'.repeat(1000)]);
    await caller.vanish();
    assert.deepEqual(await other.sync(), []);
  });
});

brokerGroup('calls', 'spec', { args: ['--compat', 'spec'] }, (test) => {
  for (const transport of ['ws', 'control'])
    for (const id of ['7', 'null', '["i"]'])
      test(`D57 ${id} as call id is a violation, ${transport}`, async (t) => {
        const peer = await open(t, transport);

        peer.sendText(`[2,${id},"wampd.echo"]`);
        await peer.expectViolation(1002);
      });
});

brokerGroup('calls', 'oro', {}, (test) => {
  for (const transport of ['ws', 'control'])
    test(`D57 a numeric call id is echoed, ${transport}`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText('[2,7,"wampd.echo"]');
      assert.equal(await peer.receive(), '[3,7,[]]');
    });

  test('D43 a void procedure answers null', async (t) => {
    const peer = await open(t, 'control');

    peer.send([2, 'i', 'wampd.mark', true]);
    assert.equal(await peer.receive(), '[3,"i",null]');
  });

  test('D a session is closed by its id, or by its address', async (t) => {
    const admin = await open(t, 'control');

    for (const which of [(victim) => victim.id,
      () => ({ address: '127.0.0.0/8' }), () => ({ address: '127.0.0.1' }),
      (victim) => ({ session: victim.id, address: '0.0.0.0/0' })]) {
      const victim = await open(t, 'ws');

      for (const address of ['10.0.0.0/8', '::/0', '::1', '127.0.0.2'])
        assert.deepEqual(await admin.result('wampd.kick', { address }),
          { closed: 0 });
      assert.deepEqual(await admin.result('wampd.kick', which(victim)),
        { closed: 1 });
      assert.equal((await victim.closed()).code, 1006);
    }
  });

  test('D who should stay away is told the reason', async (t) => {
    const [victim, admin] = [await open(t, 'ws'), await open(t, 'control')];

    await admin.result('wampd.kick', { address: '127.0.0.1',
      reason: 'gesperrt für heute', stay_away: true });
    const { code, payload } = await victim.closed();
    assert.equal(code, 1008);
    assert.equal(payload.subarray(2).toString(), 'gesperrt für heute');
  });

  for (const procedure of ['wampd.sessions', 'wampd.topics', 'wampd.kick'])
    test(`D ${procedure} is for local sessions`, async (t) => {
      const error = await (await open(t, 'ws')).call(procedure, 'x');

      assert.equal(error[0], 4);
      assert.equal(error[2], 'wampd.error.not_permitted');
    });
});
