/*
 * Mutated bytes below the messages: heads of HTTP, frames, compressed data and
 * TLS.  As in hostile.test.mjs, neighbours must lose nothing.  Whatever the
 * broker answers must be right, too.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { brokerGroup, open, openWire } from './lib/broker.mjs';
import { OFFER, RSV1, compressed } from './lib/deflate.mjs';
import { CLOSE, CONTINUATION, PING, TEXT, closePayload, encodeFrame }
  from './lib/frame.mjs';
import { MESSAGES, declare, survives, together } from './lib/hostile.mjs';
import { Random, SEED } from './lib/random.mjs';
import { openRecorded } from './lib/records.mjs';
import { WebSocketPeer, upgradeRequest } from './lib/websocket.mjs';
import { Wire } from './lib/wire.mjs';

const WORKERS = 4;
const COUNTS = {
  ws: { heads: 1200, streams: 1200, peers: 1500 },
  wss: { heads: 200, streams: 200, peers: 300 },
};
const HELLOS = 400;
const RECORDS = 100;

const DEFLATE = { 'Sec-WebSocket-Extensions': OFFER };
const STATUSES = [0, 101, 400, 403, 405, 408, 413, 414, 417, 421, 426, 431, 501,
  505];

/* In several workers, each with chance of its own: call body(random) so often
 * in all. */
function often(t, count, body) {
  t.note(`WAMP_SEED=${SEED}`);
  return together(Array.from({ length: WORKERS }, async (_, worker) => {
    const random = new Random(SEED + worker);

    for (let i = 0; i < count / WORKERS; i++)
      await body(random);
  }));
}

/* Send bytes and no more.  The answer must be one of HTTP, or nothing to what
 * is not complete; and what follows a 101, whole frames and JSON. */
async function assertAnswered(t, transport, bytes) {
  const wire = await openWire(t, transport);
  const peer = new WebSocketPeer(wire);

  wire.write(bytes);
  wire.finish();
  await peer.ended;
  const [{ status } = { status: 0 }] = peer.response.take();
  assert.ok(STATUSES.includes(status), `status ${status}`);
  if (status !== 101)
    return;
  for (const message of peer.messages.take())
    JSON.parse(message);
  await assert.rejects(peer.messages.next(), /the broker closed/);
}

/* ---- heads ---- */

const FIELDS = ['Host: a\r\n', 'Upgrade: h2c, websocket/13\r\n', ': \r\n',
  'Connection: close, keep-alive\r\n', 'Content-Length: 5\r\n', ' folded\r\n',
  'Transfer-Encoding: gzip, chunked\r\n', 'Expect: 100-continue\r\n',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits="12"' +
  ', x; y="\\"', 'Sec-WebSocket-Protocol: a, b,, wamp.2.json\r\n', '\r\n',
  'http://[::1]:80/', ' HTTP/1.0\r\n', 'HEAD ', '\r\n\r\n', '"', ';', ',', '=',
].map((text) => Buffer.from(text));

const sendMutantHeads = (t, transport) =>
  often(t, COUNTS[transport].heads, (random) => {
    const request = Buffer.from(upgradeRequest(t.fixture, {
      path: '/ws?ticket=a%2Bb', headers: { ...DEFLATE, Cookie: 'a=b; c=d',
        'Origin': 'https://localhost', 'X-Forwarded-For': '::1' } }));

    return assertAnswered(t, transport, Buffer.concat([
      random.mutate(request, FIELDS), encodeFrame(TEXT, MESSAGES[2])]));
  });

/* ---- frames ---- */

/* The frames of a message, compressed or not, in one piece or two. */
function framesOf(message) {
  const packed = compressed(message);

  return [
    encodeFrame(TEXT, message),
    encodeFrame(TEXT, packed, { rsv: RSV1 }),
    Buffer.concat([
      encodeFrame(TEXT, packed.subarray(0, 5), { rsv: RSV1, fin: false }),
      encodeFrame(CONTINUATION, packed.subarray(5))]),
  ];
}

const FRAMES = [...MESSAGES.flatMap(framesOf), encodeFrame(PING, 'abc'),
  encodeFrame(CLOSE, closePayload(1000, 'bye')),
  encodeFrame(TEXT, compressed(Buffer.alloc(1 << 22)), { rsv: RSV1 })];

const sendMutantStreams = (t, transport) =>
  often(t, COUNTS[transport].streams, (random) => {
    const stream = Buffer.concat(Array.from({ length: 5 },
      () => random.pick(FRAMES)));

    return assertAnswered(t, transport, Buffer.concat([
      Buffer.from(upgradeRequest(t.fixture, { headers: DEFLATE })),
      random.mutate(stream, FRAMES)]));
  });

/* ---- compressed data ---- */

const BLOCKS = [...MESSAGES.flatMap((text) => [0, 1, 9].map((level) =>
  compressed(text, { level }))), compressed('x'.repeat(1000), { strategy: 4 })];

const sendMutantData = (t, transport) =>
  often(t, COUNTS[transport].peers, async (random) => {
    const peer = await open(t, transport, { deflate: true });

    do
      peer.frame(TEXT, random.mutate(random.pick(BLOCKS), BLOCKS),
        { rsv: RSV1 });
    while (await survives(peer));
  });

/* ---- TLS ---- */

/* The first bytes of a client, which server gets instead of the broker. */
function clientHello() {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        socket.destroy();
        server.close();
        resolve(bytes);
      });
    });

    server.listen(0, '127.0.0.1', () => {
      connectTls({ host: '127.0.0.1', port: server.address().port,
        servername: 'localhost', ALPNProtocols: ['http/1.1'] })
        .on('error', () => {});
    });
  });
}

async function sendMutantHellos(t) {
  const { host, tlsPort } = t.fixture;
  const hello = await clientHello();
  const spare = [hello.subarray(0, 5), hello.subarray(40, 80)];

  await often(t, HELLOS, async (random) => {
    const wire = await Wire.open({ host, port: tlsPort });
    wire.write(random.mutate(hello, spare));
    await wire.finish();
  });
}

/* Something gets between the records of a client. */
const sendMutantRecords = (t) =>
  often(t, RECORDS, async (random) => {
    const { wire } = await openRecorded(t.fixture,
      { maxVersion: random.pick(['TLSv1.2', 'TLSv1.3']) });
    const peer = new WebSocketPeer(wire);

    wire.write(upgradeRequest(t.fixture));
    await peer.welcome();
    const record = Buffer.concat([
      Buffer.of(random.between(20, 24), 3, 3, 0, 40), random.bytes(40)]);
    wire.raw.write(random.mutate(record, [record]));
    wire.raw.end();
    await wire.closed;
  });

brokerGroup('hostile', 'deflate, TLS', { tls: true,
  config: 'websocket: { deflate: true }\n' }, (test) => {
  for (const transport of ['ws', 'wss']) {
    declare(test, `hostile: mutated heads, ${transport}`,
      (t) => sendMutantHeads(t, transport));
    declare(test, `hostile: mutated frames, ${transport}`,
      (t) => sendMutantStreams(t, transport));
    declare(test, `hostile: mutated compressed data, ${transport}`,
      (t) => sendMutantData(t, transport));
  }
  declare(test, 'hostile: mutated hellos of TLS', sendMutantHellos);
  declare(test, 'hostile: mutated records of TLS', sendMutantRecords);

  test('hostile: in the end nothing is left of it', async (t) => {
    const admin = await open(t, 'control');

    while ((await admin.result('wampd.info')).sessions > 1)
      await admin.sync();
  });
});
