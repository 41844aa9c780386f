/*
 * Group G, rows 124 to 133: WebSocket frames and messages, right and wrong
 * (RFC 6455 sections 5 and 7).
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';
import { BINARY, CLOSE, CONTINUATION, PING, TEXT, closePayload }
  from './lib/frame.mjs';

const MESSAGE_LIMIT = 1024 * 1024;

const CALL = '[2,"i","wampd.echo",1]';
const ANSWER = '[3,"i",[1]]';

/* [what, close code, frames: [opcode, payload, fault], ...] */
const FAULTS = [
  ['G124 a binary frame', 1003, [BINARY, CALL]],
  ['G124 a binary frame in fragments', 1003,
    [BINARY, '[2,"i",', { fin: false }], [CONTINUATION, '"wampd.echo"]']],
  ['G125 a text that is no UTF-8', 1007, [TEXT, Buffer.of(0x22, 0xff, 0x22)]],
  ['G125 an overlong form', 1007,
    [TEXT, Buffer.from('[7,"t","\xc0\xaf"]', 'latin1')]],
  ['G125 a surrogate', 1007,
    [TEXT, Buffer.from('[7,"t","\xed\xa0\x80"]', 'latin1')]],
  ['G125 a character that ends with the message', 1007,
    [TEXT, Buffer.from('[7,"t","\xe2\x82', 'latin1')]],
  ['G126 an unmasked frame', 1002, [TEXT, CALL, { masked: false }]],
  ['G127 a ping of 126 bytes', 1002, [PING, 'x'.repeat(126)]],
  ['G127 RSV1 without extension', 1002, [TEXT, CALL, { rsv: 4 }]],
  ['G127 RSV2', 1002, [TEXT, CALL, { rsv: 2 }]],
  ['G127 RSV3', 1002, [TEXT, CALL, { rsv: 1 }]],
  ['G127 opcode 3', 1002, [3, CALL]],
  ['G127 opcode 11', 1002, [11, '']],
  ['G127 a fragmented ping', 1002, [PING, 'abc', { fin: false }]],
  ['G127 a continuation of nothing', 1002, [CONTINUATION, CALL]],
  ['G127 a new message inside a fragmented one', 1002,
    [TEXT, '[2,', { fin: false }], [TEXT, CALL]],
  ['G128 a message over the limit', 1009,
    [TEXT, `"${'x'.repeat(MESSAGE_LIMIT)}"`]],
  ['G128 fragments over the limit', 1009,
    ...Array.from({ length: 17 }, (_, i) => [i === 0 ? TEXT : CONTINUATION,
      'x'.repeat(MESSAGE_LIMIT / 16), { fin: false }])],
  ['G129 close 1005', 1002, [CLOSE, closePayload(1005)]],
  ['G129 close 1006', 1002, [CLOSE, closePayload(1006)]],
  ['G129 close 999', 1002, [CLOSE, closePayload(999)]],
  ['G129 close 1004', 1002, [CLOSE, closePayload(1004)]],
  ['G129 close 5000', 1002, [CLOSE, closePayload(5000)]],
  ['G129 a close frame of one byte', 1002, [CLOSE, 'x']],
  ['G129 a close reason that is no UTF-8', 1007,
    [CLOSE, closePayload(1000, Buffer.of(0xff))]],
];

async function assertAnswers(peer) {
  assert.equal(await peer.receive(), ANSWER);
}

const framesOver = (transport) => (test) => {
  for (const [what, code, ...frames] of FAULTS)
    test(`${what} closes with ${code}`, async (t) => {
      const peer = await open(t, transport);

      for (const frame of frames)
        peer.frame(...frame);
      await peer.expectViolation(code);
    });

  /* The client's own close frame is swallowed by the frame it began, so that
   * the broker's is all there is to wait for. */
  for (const bits of [21n, 32n, 62n])
    test(`G128 a frame that announces 2^${bits} bytes closes with 1009`,
      async (t) => {
        const peer = await open(t, transport);

        peer.frame(TEXT, 'x'.repeat(1000), { length: 2n ** bits });
        assert.equal(await peer.goodbye.next(), 1009);
      });

  test('G128 a message of exactly the limit is taken', async (t) => {
    const peer = await open(t, transport);
    const envelope = '[2,"i","wampd.echo",""]'.length;
    const text = 'x'.repeat(MESSAGE_LIMIT - envelope);

    peer.sendText(`[2,"i","wampd.echo","${text}"]`);
    assert.equal(await peer.receive(), `[3,"i",["${text}"]]`);
  });

  for (const [what, payload] of [
    ['1000 with a reason', closePayload(1000, 'bye')],
    ['1001', closePayload(1001)],
    ['3000 with a reason', closePayload(3000, 'Grüße')],
    ['4999', closePayload(4999)]])
    test(`G130 close ${what} is echoed, then TCP ends`, async (t) => {
      const peer = await open(t, transport);

      peer.frame(CLOSE, payload);
      assert.deepEqual((await peer.closed()).payload, payload);
    });

  test('G131 close without a code is answered', async (t) => {
    const peer = await open(t, transport);

    peer.frame(CLOSE, '');
    const { code } = await peer.closed();
    assert.ok(code === 1000 || code === 1005, `close code ${code}`);
  });

  for (const payload of ['abc', '', 'x'.repeat(125)])
    test(`G132 a ping of ${payload.length} bytes gets its pong`,
      async (t) => {
        const peer = await open(t, transport);

        peer.frame(PING, payload);
        assert.equal(await peer.pongs.next(), payload);
      });

  test('G132 a ping between fragments gets its pong', async (t) => {
    const peer = await open(t, transport);

    peer.frame(TEXT, CALL.slice(0, 5), { fin: false });
    peer.frame(PING, 'abc');
    assert.equal(await peer.pongs.next(), 'abc');
    peer.frame(CONTINUATION, CALL.slice(5));
    await assertAnswers(peer);
  });

  test('G132 each of many pings gets its pong in order', async (t) => {
    const peer = await open(t, transport);
    const payloads = Array.from({ length: 50 }, (_, i) => `ping ${i}`);

    for (const payload of payloads) {
      peer.frame(PING, payload);
      assert.equal(await peer.pongs.next(), payload);
    }
  });

  test('G133 a message in three fragments is one', async (t) => {
    const peer = await open(t, transport);

    peer.frame(TEXT, CALL.slice(0, 3), { fin: false });
    peer.frame(CONTINUATION, CALL.slice(3, 9), { fin: false });
    peer.frame(CONTINUATION, CALL.slice(9));
    await assertAnswers(peer);
  });

  test('G133 a message in fragments of one byte and of none', async (t) => {
    const peer = await open(t, transport);

    peer.frame(TEXT, '', { fin: false });
    for (const character of CALL) {
      peer.frame(CONTINUATION, character, { fin: false });
      peer.frame(CONTINUATION, '', { fin: false });
    }
    peer.frame(CONTINUATION, '');
    await assertAnswers(peer);
  });

  test('G133 a character divided between fragments', async (t) => {
    const peer = await open(t, transport);
    const bytes = Buffer.from('[2,"i","wampd.echo","\u{1f600}"]');
    const inside = bytes.indexOf(0xf0) + 2;

    peer.frame(TEXT, bytes.subarray(0, inside), { fin: false });
    peer.frame(CONTINUATION, bytes.subarray(inside));
    assert.equal(await peer.receive(), '[3,"i",["\u{1f600}"]]');
  });

  /* Each form of the length field, at both ends. */
  for (const size of [125, 126, 65535, 65536])
    test(`G a message of ${size} bytes is taken`, async (t) => {
      const peer = await open(t, transport);
      const text = 'x'.repeat(size - '[2,"i","wampd.echo",""]'.length);

      peer.sendText(`[2,"i","wampd.echo","${text}"]`);
      assert.equal(await peer.receive(), `[3,"i",["${text}"]]`);
    });
};

brokerGroup('frames', 'ws', {}, framesOver('ws'));
brokerGroup('frames', 'wss', { tls: true }, framesOver('wss'));

/* How over-long lines are cut is the control socket's own matter. */
brokerGroup('lines', 'control', {}, (test) => {
  test('G128 a line over the limit is a violation', async (t) => {
    const peer = await open(t, 'control');

    peer.sendText(`"${'x'.repeat(MESSAGE_LIMIT)}"`);
    await peer.expectViolation();
  });

  test('G128 a line without end is a violation', async (t) => {
    const peer = await open(t, 'control');

    peer.wire.write('x'.repeat(MESSAGE_LIMIT + 1));
    await peer.expectViolation();
  });

  test('G125 a line that is no UTF-8 is a violation', async (t) => {
    const peer = await open(t, 'control');

    peer.wire.write(Buffer.from('[7,"t","\xff"]\n', 'latin1'));
    await peer.expectViolation();
  });

  test('G a line that ends with CR LF is taken', async (t) => {
    const peer = await open(t, 'control');

    peer.wire.write(`${CALL}\r\n`);
    await assertAnswers(peer);
  });

  test('G several lines in one write are several messages', async (t) => {
    const peer = await open(t, 'control');

    peer.wire.write(`${CALL}\n${CALL}\n${CALL}\n`);
    for (let i = 0; i < 3; i++)
      await assertAnswers(peer);
  });

  test('G a line in single bytes is one message', async (t) => {
    const peer = await open(t, 'control');

    await peer.wire.writeSlowly(`${CALL}\n`);
    await assertAnswers(peer);
  });

  test('G a peer that says no more still gets its answers', async (t) => {
    const peer = await open(t, 'control');

    peer.wire.socket.end(`${CALL}\n${CALL}`);
    for (let i = 0; i < 2; i++)
      await assertAnswers(peer);
  });
});

