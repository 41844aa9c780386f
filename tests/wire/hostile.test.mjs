/*
 * Input of every wrong kind.  In each test a well-behaved publisher and two
 * subscribers, one on each transport, keep exchanging events and must lose
 * none; the broker must be there at the end.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, closePayload,
  encodeFrame } from './lib/frame.mjs';
import { MESSAGES, declare, survives, together } from './lib/hostile.mjs';
import { Random, SEED } from './lib/random.mjs';
import { WebSocketPeer, upgradeRequest } from './lib/websocket.mjs';

const MUTATIONS = 10000;
const STREAMS = 1000;
const WORKERS = 4;

/* ---- handshakes ---- */

function garbageHandshakes(t) {
  const request = upgradeRequest(t.fixture);
  const random = new Random(SEED);

  return [
    '', '\r\n\r\n', '\0\0\0\0\r\n\r\n', 'Hello World!\r\n\r\n',
    'GET /\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    '[5,"t"]\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    encodeFrame(TEXT, '[5,"t"]'),
    request.replace('GET', 'POST'),
    request.replace('Sec-WebSocket-Key: ', 'Sec-WebSocket-Kay: '),
    request.replace(/Key: .*/, 'Key: short'),
    request.replace(/Key: .*/, `Key: ${'A'.repeat(5000)}`),
    request.replace('Version: 13', 'Version: 99999999999999999999'),
    request.replace(/Host: .*\r\n/, ''),
    request.replace('GET / ', `GET /${'a'.repeat(100000)} `),
    request.replace('\r\n\r\n', `\r\n${'X-Flood: y\r\n'.repeat(100000)}`),
    request.replace(/\r\n/g, '\n').replace('\n\n', '\n \n'),
    'A'.repeat(1024 * 1024),
    ...Array.from({ length: 50 }, () => random.bytes(random.int(2000))),
  ];
}

async function sendGarbageHandshakes(t) {
  for (const garbage of garbageHandshakes(t)) {
    const wire = await openWire(t, 'ws');
    wire.write(garbage);
    wire.finish();
    await wire.closed;
  }
}

async function leaveHandshakesUnfinished(t) {
  const request = upgradeRequest(t.fixture);

  for (let i = 0; i < 50; i++) {
    const wire = await openWire(t, 'ws');
    t.defer(() => wire.vanish());
    wire.write(request.slice(0, i * 4));
  }
  /* They are still open: a newcomer is served nevertheless. */
  await (await open(t, 'ws')).sync();
}

/* ---- messages cut short ---- */

/* What a peer sends up to its first message. */
function firstBytes(t, transport) {
  if (transport === 'control')
    return Buffer.from('[5,"t"]\n[7,"t",{"a":[1,"b"]}]\n');
  return Buffer.concat([Buffer.from(upgradeRequest(t.fixture)),
    encodeFrame(TEXT, '[5,"t"]'), encodeFrame(TEXT, 'x'.repeat(200)),
    encodeFrame(PING, 'abc')]);
}

/* After each possible number of bytes, by each of the ways. */
async function cutShort(t, transport, ways) {
  const bytes = firstBytes(t, transport);

  for (let length = 0; length <= bytes.length; length++)
    for (const leave of ways) {
      const wire = await openWire(t, transport);
      await new Promise((resolve) => {
        wire.socket.write(bytes.subarray(0, length), resolve);
      });
      await wire[leave]();
    }
}

async function talkSlowly(t, transport) {
  const peer = transport === 'control' ? await open(t, 'control') :
    new WebSocketPeer(await openWire(t, 'ws'));
  const call = '[2,"slow","wampd.echo",1]';

  if (transport === 'ws') {
    t.defer(() => peer.vanish());
    await peer.wire.writeSlowly(upgradeRequest(t.fixture));
    await peer.welcome();
    await peer.wire.writeSlowly(encodeFrame(TEXT, call));
  } else {
    await peer.wire.writeSlowly(`${call}\n`);
  }
  assert.deepEqual(await peer.answer('slow'), [3, 'slow', [1]]);
}

/* ---- mutations ---- */

/* Send bytes as one message; once in a while differently than a client would.
 * Close frames are among the mutated streams. */
function sendMutant(peer, bytes, transport, random) {
  const cut = random.int(bytes.length + 1);

  if (transport === 'control') {
    peer.wire.write(bytes);
    peer.wire.write('\n');
  } else if (random.int(8) > 0) {
    peer.frame(TEXT, bytes);
  } else if (random.int(2) > 0) {
    peer.frame(TEXT, bytes.subarray(0, cut), { fin: false });
    peer.frame(CONTINUATION, bytes.subarray(cut));
  } else {
    peer.frame(random.pick([BINARY, PING, PONG, CONTINUATION, 3]),
      bytes.subarray(0, 125));
  }
}

async function sendMutants(t, transport, seed, count) {
  const random = new Random(seed);
  let peer = await open(t, transport);

  for (let i = 0; i < count; i++) {
    sendMutant(peer, random.mutate(random.pick(MESSAGES), MESSAGES),
      transport, random);
    if (!await survives(peer))
      peer = await open(t, transport);
  }
}

/* Mutate whole streams, frame headers and handshake included. */
async function sendMutantStreams(t) {
  const random = new Random(SEED);
  const frames = [...MESSAGES.map((text) => encodeFrame(TEXT, text)),
    encodeFrame(PING, 'abc'), encodeFrame(CLOSE, closePayload(1000, 'bye'))];

  for (let i = 0; i < STREAMS; i++) {
    const request = Buffer.from(upgradeRequest(t.fixture));
    const stream = Buffer.concat([random.pick(frames), random.pick(frames),
      random.pick(frames)]);
    const wire = await openWire(t, 'ws');
    wire.write(random.int(4) === 0 ? random.mutate(request, frames) : request);
    wire.write(random.mutate(stream, frames));
    await wire.finish();
  }
}

brokerGroup('hostile', 'oro', {}, (test) => {
  declare(test, 'hostile: garbage instead of a handshake',
    sendGarbageHandshakes);
  declare(test, 'hostile: handshakes that never end',
    leaveHandshakesUnfinished);

  for (const transport of ['ws', 'control']) {
    declare(test, `hostile: peers that leave anywhere, ${transport}`,
      (t) => cutShort(t, transport,
        /* A control peer that says no more may still listen. */
        transport === 'ws' ? ['vanish', 'finish'] : ['vanish']));
    declare(test, `hostile: peers that send byte by byte, ${transport}`,
      (t) => together(Array.from({ length: 5 },
        () => talkSlowly(t, transport))));
    declare(test, `hostile: ${MUTATIONS} mutated messages, ${transport}`,
      async (t) => {
        t.note(`WAMP_SEED=${SEED}`);
        await together(Array.from({ length: WORKERS }, (_, worker) =>
          sendMutants(t, transport, SEED + worker, MUTATIONS / WORKERS)));
      });
  }

  declare(test, `hostile: ${STREAMS} mutated streams`, async (t) => {
    t.note(`WAMP_SEED=${SEED}`);
    await sendMutantStreams(t);
  });

  declare(test, 'hostile: frames that announce more than there is', (t) =>
    together([31n, 32n, 62n, 63n, 64n].flatMap((bits) =>
      [TEXT, BINARY, CONTINUATION, CLOSE, PING].map(async (opcode) => {
        const peer = await open(t, 'ws');
        peer.frame(opcode, 'x'.repeat(1000), { length: 2n ** bits - 1n });
        await peer.closed();
      }))));

  test('hostile: in the end nothing is left of it', async (t) => {
    const admin = await open(t, 'control');

    /* The broker may learn of the last peers' end a moment later. */
    while ((await admin.result('wampd.info')).sessions > 1)
      await admin.sync();
  });
});
