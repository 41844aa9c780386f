/*
 * permessage-deflate (RFC 7692): who gets it, and that messages are the same
 * with and without it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { brokerGroup, open } from './lib/broker.mjs';
import { OFFER, RSV1, TAIL, compressed } from './lib/deflate.mjs';
import { BINARY, CONTINUATION, PING, TEXT } from './lib/frame.mjs';
import { openNpm } from './lib/npm.mjs';

const CONFIG = 'websocket: { deflate: true }\n';
const TRANSPORTS = ['ws', 'wss'];
const LIMIT = 1024 * 1024;
const MEBIBYTE = 1024 * 1024;
const PLAIN = '; server_no_context_takeover; client_no_context_takeover';

const CALL = '[2,"i","wampd.echo",1]';
const ANSWER = '[3,"i",[1]]';
const ENVELOPE = '[2,"i","wampd.echo",""]'.length;

/* A call of that size. */
const callOf = (size) => `[2,"i","wampd.echo","${
  'x'.repeat(size - ENVELOPE)}"]`;

/* ---- negotiation ---- */

const parameters = (text) => `${OFFER}; ${text}`;

/* [offer, the answer behind the name; null: none] */
const OFFERS = [
  [OFFER, PLAIN],
  [parameters('client_max_window_bits'), PLAIN],
  [parameters('client_max_window_bits=9'), PLAIN],
  [parameters('client_no_context_takeover'), PLAIN],
  [parameters('server_no_context_takeover'), PLAIN],
  [parameters('server_max_window_bits=15'),
    `${PLAIN}; server_max_window_bits=12`],
  [parameters('server_max_window_bits="12"; client_max_window_bits="8"'),
    `${PLAIN}; server_max_window_bits=12`],
  [`\t${OFFER}\t;client_max_window_bits =\t15 ;server_no_context_takeover,`,
    PLAIN],
  ['foo; bar=1, x-webkit-deflate-frame, permessage-deflate', PLAIN],
  [[parameters('unknown'), 'foo', OFFER], PLAIN],
  [`${parameters('server_max_window_bits=8')}, ${OFFER}`, PLAIN],
  [parameters('server_max_window_bits=8'), null],
  [parameters('server_max_window_bits'), null],
  [parameters('server_max_window_bits=16'), null],
  [parameters('client_max_window_bits=7'), null],
  [parameters('client_max_window_bits=010'), null],
  [parameters('client_no_context_takeover=1'), null],
  [parameters('client_no_context_takeover; client_no_context_takeover'), null],
  [parameters('unknown'), null],
  ['permessage-deflat, permessage-deflates, permessage-bzip2', null],
];

async function assertAnswer(t, offer, answer) {
  const peer = await open(t, 'ws', { deflate: offer });

  assert.equal(peer.headers.get('sec-websocket-extensions'),
    answer === null ? undefined : OFFER + answer);
  peer.sendText(CALL);
  assert.equal(await peer.receive(), ANSWER);
}

/* ---- faults ---- */

const text = (payload, fault) => [TEXT, payload, { rsv: RSV1, ...fault }];
const packed = compressed(CALL);
/* Refers to a message that was sent before. */
const dependent = (() => {
  const dictionary = Buffer.from(callOf(300));

  return compressed(dictionary, { dictionary });
})();

/* [what, close code, frames...] */
const FAULTS = [
  ['data that is not compressed', 1007, text(CALL)],
  ['data of zeros', 1007, text(Buffer.alloc(100))],
  ['data that ends early', 1007, text(packed.subarray(0, -5))],
  ['data with something behind it', 1007,
    text(Buffer.concat([packed, Buffer.of(0xff, 0xff, 0xff)]))],
  ['what refers to the message before', 1007, text(compressed(callOf(300))),
    text(dependent)],
  ['text that is not UTF-8', 1007,
    text(compressed(Buffer.from('[7,"t","\xc0\xaf"]', 'latin1')))],
  ['nothing', 1007, text('')],
  ['nothing, compressed', 1007, text(compressed(''))],
  ['a binary message', 1003, [BINARY, packed, { rsv: RSV1 }]],
  ['RSV1 at a ping', 1002, [PING, 'abc', { rsv: RSV1 }]],
  ['RSV1 at a continuation', 1002, text(packed.subarray(0, 5), { fin: false }),
    [CONTINUATION, packed.subarray(5), { rsv: RSV1 }]],
  ['RSV1 at a continuation of plain text', 1002,
    [TEXT, CALL.slice(0, 5), { fin: false }],
    [CONTINUATION, CALL.slice(5), { rsv: RSV1 }]],
  ['RSV1 and RSV2', 1002, text(packed, { rsv: 6 })],
  ['a message over the limit', 1009, text(compressed(callOf(LIMIT + 1)))],
  ['fragments over the limit, compressed', 1009,
    ...Array.from({ length: 17 }, (_, i) => [i === 0 ? TEXT : CONTINUATION,
      'x'.repeat(LIMIT / 16), { rsv: i === 0 ? RSV1 : 0, fin: false }])],
];

/* ---- npm ws ---- */

/* [its settings, whether they are compressed] */
const NPM_SETTINGS = [
  [{}, true],
  [{ threshold: 0 }, true],
  [{ threshold: 0, clientMaxWindowBits: 9, zlibDeflateOptions: { level: 9 } },
    true],
  [{ threshold: 0, serverNoContextTakeover: true,
    clientNoContextTakeover: true }, true],
  [{ serverMaxWindowBits: 12 }, true],
  [{ serverMaxWindowBits: 9 }, false],
];

/* Events go both ways between it and a peer without compression. */
async function exchange(t, peer, isCompressed) {
  const other = await subscribed(t, 'control', t.topic);

  assert.equal(peer.extensions.includes(OFFER), isCompressed, peer.extensions);
  peer.send([5, t.topic]);
  for (const size of [1, 100, 128, 5000, 65536, 300000]) {
    const publish = `[7,"${t.topic}",${eventOf(size)}]`;
    const half = publish.length / 2;
    peer.sendText(publish);
    peer.sendText(publish.slice(0, half), { fin: false });
    peer.sendText(publish.slice(half));
    for (const receiver of [peer, other])
      for (let i = 0; i < 2; i++)
        assert.equal(await receiver.receive(), publish.replace('[7', '[8'));
  }
  assert.equal(await peer.close(), 1000);
}

/* ---- events ---- */

/* JSON of about that size, of words and numbers. */
function eventOf(size) {
  const parts = [];

  for (let i = 0, n = 0; n < size; i++) {
    parts.push(`"wort-${i * 7919 % 1000}-\u00e9"`);
    n += parts.at(-1).length + 1;
  }
  return `[${parts.join(', ')}]`;
}

async function subscribed(t, transport, topic, options) {
  const peer = await open(t, transport, options);

  peer.send([5, topic]);
  await peer.sync();
  return peer;
}

/* All kinds of receivers, with and without compression. */
function receiversOf(t, topic) {
  return Promise.all([['ws', { deflate: true }], ['wss', { deflate: true }],
    ['ws'], ['wss'], ['control']].map(([transport, options]) =>
    subscribed(t, transport, topic, options)));
}

/* The broker's largest resident set so far, in bytes. */
function peakOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');

  return Number(status.match(/VmHWM:\s*(\d+) kB/)[1]) * 1024;
}

brokerGroup('deflate', 'by default', { tls: true }, (test) => {
  for (const transport of TRANSPORTS) {
    test(`nothing is negotiated, ${transport}`, async (t) => {
      const peer = await open(t, transport, { deflate: true });

      assert.equal(peer.headers.get('sec-websocket-extensions'), undefined);
      await peer.sync();
    });

    test(`RSV1 closes with 1002, ${transport}`, async (t) => {
      const peer = await open(t, transport, { deflate: true });

      peer.frame(...text(packed));
      await peer.expectViolation(1002);
    });
  }
});

const whenOn = (test) => {
  for (const [offer, answer] of OFFERS)
    test(`${offer} is ${answer === null ? 'declined' : 'accepted'}`,
      (t) => assertAnswer(t, offer, answer));

  test('who offers nothing gets nothing', async (t) => {
    const peer = await open(t, 'ws');

    assert.equal(peer.headers.get('sec-websocket-extensions'), undefined);
    peer.frame(...text(packed));
    await peer.expectViolation(1002);
  });

  for (const [what, code, ...frames] of FAULTS)
    for (const transport of TRANSPORTS)
      test(`${what}: closes with ${code}, ${transport}`, async (t) => {
        const peer = await open(t, transport, { deflate: true });

        for (const frame of frames)
          peer.frame(...frame);
        await peer.expectViolation(code);
      });

  /* A gigabyte of zeros is a megabyte. */
  test('a bomb closes with 1009, and takes no memory', async (t) => {
    const zeros = compressed(Buffer.alloc(LIMIT), { level: 9 });
    const bombs = [2, 4, 900].map((times) => Buffer.concat(
      Array.from({ length: times }, () => [zeros, TAIL]).flat()));
    const before = peakOf(t.fixture.pid);

    for (const bomb of bombs)
      for (const transport of TRANSPORTS) {
        const peer = await open(t, transport, { deflate: true });

        peer.frame(TEXT, bomb, { rsv: RSV1 });
        await peer.expectViolation(1009);
      }
    const more = peakOf(t.fixture.pid) - before;
    assert.ok(more < 16 * MEBIBYTE, `${more} bytes`);
  });

  test('a message of exactly the limit is taken', async (t) => {
    const peer = await open(t, 'ws', { deflate: true });
    const call = callOf(LIMIT);

    peer.sendCompressed(call);
    assert.equal(await peer.receive(), call.replace(/^\[2,"i","wampd.echo",/,
      '[3,"i",[').replace(/\]$/, ']]'));
    assert.equal(peer.compressed, 1);
  });

  for (const [what, options] of [['without compression', { level: 0 }],
    ['with fixed codes', { strategy: 4 }], ['with all effort', { level: 9 }],
    ['with the smallest window', { windowBits: 9 }]])
    test(`a message ${what} is read`, async (t) => {
      const peer = await open(t, 'ws', { deflate: true });

      for (const size of [ENVELOPE, 125, 126, 1000, 65535, 65536, 300000]) {
        peer.frame(...text(compressed(callOf(size), options)));
        assert.equal((await peer.answer('i'))[2][0].length, size - ENVELOPE);
      }
    });

  /* RFC 7692 section 7.2.3.4. */
  test('a message of a final block is read', async (t) => {
    const peer = await open(t, 'ws', { deflate: true });

    peer.frame(...text(Buffer.concat([deflateRawSync(CALL), Buffer.of(0)])));
    assert.equal(await peer.receive(), ANSWER);
  });

  for (const transport of TRANSPORTS)
    test(`fragments with pings between are one message, ${transport}`,
      async (t) => {
        const peer = await open(t, transport, { deflate: true });
        const call = callOf(50000);
        const payload = compressed(call, { level: 1 });
        const size = Math.ceil(payload.length / 20);

        for (let round = 0; round < 3; round++) {
          for (let i = 0; i < 20; i++) {
            peer.frame(i === 0 ? TEXT : CONTINUATION,
              payload.subarray(i * size, (i + 1) * size),
              { rsv: i === 0 ? RSV1 : 0, fin: i === 19 });
            peer.frame(PING, `${round}-${i}`);
          }
          /* Of several pings, the last one may be answered alone. */
          while (await peer.pongs.next() !== `${round}-19`)
            ;
          assert.equal((await peer.answer('i'))[2][0].length,
            call.length - ENVELOPE);
        }
      });

  test('plain and compressed messages may alternate', async (t) => {
    const peer = await open(t, 'ws', { deflate: true });

    for (let i = 0; i < 10; i++) {
      peer.sendText(CALL);
      peer.sendCompressed(CALL);
    }
    for (let i = 0; i < 20; i++)
      assert.equal(await peer.receive(), ANSWER);
    assert.equal(peer.compressed, 0, 'answers that small are not compressed');
  });

  test('all receivers get the same events in the same order', async (t) => {
    const receivers = await receiversOf(t, t.topic);
    const publisher = await open(t, 'ws', { deflate: true });
    const admin = await open(t, 'control');
    const sizes = [10, 3000, 60, 65536, 1, 127, 128, 129, 400, 2, 200000, 5];
    const events = sizes.map(eventOf);
    const { frames_compressed: before } = await admin.result('wampd.stats');

    for (const [i, event] of events.entries())
      publisher[i % 2 === 0 ? 'sendText' : 'sendCompressed'](
        `[7,"${t.topic}",${event}]`);
    for (const receiver of receivers)
      for (const event of events)
        assert.equal(await receiver.receive(), `[8,"${t.topic}",${event}]`);
    const { frames_compressed: after } = await admin.result('wampd.stats');
    assert.deepEqual(receivers.map((peer) => peer.compressed ?? 0),
      [after - before, after - before, 0, 0, 0], 'compressed once for all');
    assert.ok(after - before >= 6 && after - before < events.length);
  });

  for (const [settings, isCompressed] of NPM_SETTINGS)
    for (const transport of TRANSPORTS)
      test(`npm ws ${JSON.stringify(settings)} is understood, ${transport}`,
        async (t) => exchange(t, await openNpm(t, transport, settings),
          isCompressed));

  test('a retained event comes to late subscribers', async (t) => {
    const admin = await open(t, 'control');
    const event = eventOf(5000);

    await admin.result('wampd.publish', t.topic, event, { retain: true });
    for (const [transport, count] of [['ws', 1], ['wss', 1], ['control']]) {
      const peer = await open(t, transport, { deflate: true });
      peer.send([5, t.topic]);
      assert.deepEqual(await peer.events(t.topic), [event]);
      assert.equal(peer.compressed, count);
    }
  });
};

brokerGroup('deflate', 'on', { tls: true, config: CONFIG }, whenOn);

brokerGroup('deflate', 'on_violation: ignore', {
  config: `${CONFIG}on_violation: ignore\n` }, (test) => {
  test('a message that is too large is skipped', async (t) => {
    const peer = await open(t, 'ws', { deflate: true });

    peer.sendCompressed(callOf(2 * LIMIT));
    peer.sendCompressed(CALL);
    assert.equal(await peer.receive(), ANSWER);
  });

  test('data that is broken still closes with 1007', async (t) => {
    const peer = await open(t, 'ws', { deflate: true });

    peer.frame(...text(CALL));
    await peer.expectViolation(1007);
  });
});
