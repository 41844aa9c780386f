/*
 * Row F105 with section 6: what is published arrives byte for byte, from and
 * to either transport; arguments of a call likewise.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';

const PAYLOADS = [
  'null', '100', '-0.248', '-1000000', '"hello"', 'true', 'false',
  '[666,23,999]', '[{},[],null]',
  '[100,"hello",{"foo":"bar"},[1,2,3],["hello",20,{"baz":"poo"}]]',
  '0', '127', '255', '32767', '65535', '16777216',
  '-128', '-32768', '-16777216', '9007199254740993', '1e400',
  '-0', '1.0', '1E+2', '0.1e-7', '123456789012345678901234567890.5',
  '""', '"\\u0000"', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"',
  '"\\ud800"', '"é\u{1f600}\u2028\u007f\ufffd"', '"\ufeff"',
  '{"b":1,"a":2,"b":3}', '{"":null}', '{ "a" : [ 1 ,\t2 ] }',
  '"not a CURIE:\\u003a http://example.com/"', `"${'x'.repeat(70000)}"`,
];

const label = (payload) =>
  payload.length <= 60 ? payload : `${payload.length} bytes`;

/* Raw line ends between tokens are JSON, but would end a control line. */
const MULTILINE = ['[1,\n2]', '{"a":\r\n1}', '[\r"text"\n]'];

async function openBoth(t) {
  const peers = { ws: await open(t, 'ws'), control: await open(t, 'control') };

  for (const peer of Object.values(peers)) {
    peer.send([5, t.topic]);
    await peer.sync();
  }
  return peers;
}

brokerGroup('payloads', 'oro', {}, (test) => {
  for (const payload of PAYLOADS)
    for (const from of ['ws', 'control'])
      test(`F105 ${label(payload)} from ${from}`, async (t) => {
        const peers = await openBoth(t);
        const event = `[8,"${t.topic}",${payload}]`;

        peers[from].sendText(`[7,"${t.topic}",${payload}]`);
        assert.equal(await peers.ws.receive(), event);
        assert.equal(await peers.control.receive(), event);
      });

  for (const payload of PAYLOADS)
    for (const transport of ['ws', 'control'])
      test(`F105 ${label(payload)} to and from a procedure over ${transport}`,
        async (t) => {
          const peer = await open(t, transport);

          peer.sendText(`[2,"i","wampd.echo",0,${payload}]`);
          assert.equal(await peer.receive(), `[3,"i",[0,${payload}]]`);
        });

  for (const payload of MULTILINE) {
    const shown = JSON.stringify(payload);

    test(`F105 ${shown} is one line on the control socket`, async (t) => {
      const { ws, control } = await openBoth(t);

      ws.sendText(`[7,"${t.topic}",${payload}]`);
      assert.equal(await ws.receive(), `[8,"${t.topic}",${payload}]`);
      assert.deepEqual(await control.receiveJson(),
        [8, t.topic, JSON.parse(payload)]);
    });

    test(`F105 ${shown} to and from a procedure over ws`, async (t) => {
      const peer = await open(t, 'ws');

      peer.sendText(`[2,"i","wampd.echo",0,${payload}]`);
      assert.deepEqual(await peer.receiveJson(),
        [3, 'i', [0, JSON.parse(payload)]]);
    });
  }

  test('F105 white space around the elements is no part of them',
    async (t) => {
      const { ws } = await openBoth(t);

      ws.sendText(` [ 7 ,\t"${t.topic}" ,\r\n { "a":1 } ] \n`);
      assert.equal(await ws.receive(), `[8,"${t.topic}",{ "a":1 }]`);
    });
});
