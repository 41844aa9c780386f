/*
 * TLS: the handshake and what comes instead of one, and what goes on below
 * the frames.  What the frames and messages say is tested over TLS with the
 * other suites, as "wss".
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';
import { TEXT, encodeFrame } from './lib/frame.mjs';
import { openRecorded } from './lib/records.mjs';
import { SecurePeer, upgradeRequest } from './lib/websocket.mjs';
import { Wire } from './lib/wire.mjs';

const RECORD = 16384;
const OVERHEAD = 24;		/* at most, of a record's encryption */
const GARBAGE = Buffer.from(Array.from({ length: 3000 },
  (_, i) => i * i * 31 & 255));

async function openTls(t, options) {
  const wire = await Wire.openTls({ host: t.fixture.host,
    port: t.fixture.tlsPort, ...options });

  t.defer(() => wire.vanish());
  return wire;
}

async function openRaw(t, port) {
  const wire = await Wire.open({ host: t.fixture.host, port });

  t.defer(() => wire.vanish());
  return wire;
}

/* The broker is there, and takes sessions with TLS. */
async function assertServes(t) {
  const peer = await open(t, 'wss');

  await peer.sync();
}

/* What is not TLS must end the connection, with that in the log. */
async function assertRefused(t, bytes, reason) {
  const wire = await openRaw(t, t.fixture.tlsPort);
  const from = `address=127.0.0.1:${wire.socket.localPort} `;

  wire.write(bytes);
  await wire.closed;
  await assertServes(t);
  const lines = t.fixture.log.split('\n').filter((l) => l.includes(from));
  assert.equal(lines.length, 1, 'it is logged once');
  assert.match(lines[0], reason);
}

/* A session whose records are seen. */
async function openSeen(t, maxVersion) {
  const { wire, lengths } = await openRecorded(t.fixture, { maxVersion });
  const peer = new SecurePeer(wire);

  t.defer(() => wire.vanish());
  wire.write(upgradeRequest(t.fixture));
  return { peer: await peer.welcome(), lengths };
}

/* Whether a record of that length may have so many bytes of data in it. */
function holds(length, data) {
  return length > data && length <= data + OVERHEAD;
}

/* Publish count events to topic in one write, and so in whole records. */
function flood(peer, topic, count) {
  const pad = 'x'.repeat(40);

  peer.wire.write(Buffer.concat(Array.from({ length: count },
    (_, i) => encodeFrame(TEXT, `[7,"${topic}",{"n":${i},"pad":"${pad}"}]`))));
}

brokerGroup('TLS', 'oro', { tls: true }, (test) => {
  test('HTTP on the port of TLS is refused', (t) =>
    assertRefused(t, upgradeRequest(t.fixture), /http request/));

  test('garbage instead of a ClientHello is refused', (t) =>
    assertRefused(t, GARBAGE, /the TLS handshake failed/));

  test('TLS on the port of clear text ends the connection', async (t) => {
    const { host, port } = t.fixture;

    await assert.rejects(Wire.openTls({ host, port }));
    await assertServes(t);
  });

  test('TLS 1.1 is refused', async (t) => {
    await assert.rejects(openTls(t, { maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
    await assertServes(t);
  });

  test('TLS 1.2 is taken', async (t) => {
    const wire = await openTls(t, { maxVersion: 'TLSv1.2' });
    const peer = new SecurePeer(wire);

    wire.write(upgradeRequest(t.fixture));
    await peer.welcome();
    await peer.sync();
  });

  /* There is one certificate: it is for every name. */
  for (const servername of ['localhost', 'wampd', 'wampd-tls'])
    test(`the server name ${servername} is taken`, async (t) => {
      const wire = await openTls(t, { servername });
      const peer = new SecurePeer(wire);

      wire.write(upgradeRequest(t.fixture));
      await peer.welcome();
    });

  test('HTTP/2 is not offered', async (t) => {
    const wire = await openTls(t, { ALPNProtocols: ['h2', 'http/1.1'] });

    assert.equal(wire.socket.alpnProtocol, 'http/1.1');
  });

  test('messages in the record of the request are handled', async (t) => {
    const wire = await openTls(t);
    const peer = new SecurePeer(wire);

    wire.write(Buffer.concat([Buffer.from(upgradeRequest(t.fixture)),
      encodeFrame(TEXT, '[2,"early","wampd.echo",1]')]));
    await peer.welcome();
    assert.deepEqual(await peer.answer('early'), [3, 'early', [1]]);
  });

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`the 101 and WELCOME are one record, ${version}`, async (t) => {
      const { peer, lengths } = await openSeen(t, version);

      assert.ok(holds(lengths.at(-1), peer.headLength + 2 +
        JSON.stringify(peer.hello).length), `${lengths}`);
    });

    test(`a large message comes in full records, ${version}`, async (t) => {
      const { peer, lengths } = await openSeen(t, version);
      const text = 'x'.repeat(500000);

      lengths.splice(0);
      await peer.result('wampd.echo', text);
      assert.equal(lengths.length, Math.ceil(text.length / RECORD));
      assert.ok(lengths.slice(0, -1).every((n) => holds(n, RECORD)),
        `${lengths}`);
    });
  }

  test('records of every size around a whole one are read', async (t) => {
    const peer = await open(t, 'wss');

    for (let size = RECORD - 60; size < RECORD + 20; size++) {
      const text = 'x'.repeat(size);
      assert.deepEqual(await peer.result('wampd.echo', text), [text]);
    }
  });

  test('a large message comes whole, both ways', async (t) => {
    const peer = await open(t, 'wss');
    const text = 'é'.repeat(500000);

    assert.deepEqual(await peer.result('wampd.echo', text), [text]);
  });

  test('a peer that ends TCP, and not TLS, is gone', async (t) => {
    const peer = await open(t, 'wss');
    const admin = await open(t, 'control');

    peer.wire.raw.end();
    await peer.ended;
    const ids = (await admin.result('wampd.sessions')).map(({ id }) => id);
    assert.ok(!ids.includes(peer.id));
  });

  test('a peer that ends TLS, and not TCP, is gone', async (t) => {
    const peer = await open(t, 'wss');

    peer.wire.socket.end();
    await peer.ended;
    await assertServes(t);
  });
});

/* The receiver stops, its queue fills up, and the publisher is paused amid a
 * record; all the same nothing is lost when it goes on. */
brokerGroup('TLS', 'slow receivers', { tls: true, config: `
limits: { queue: 64KiB, stall: 1h, stall_window: 2h }\n` }, (test) => {
  for (const [from, to] of [['wss', 'wss'], ['wss', 'ws'], ['ws', 'wss']])
    test(`from ${from} to ${to}, a flood waits and comes whole`,
      async (t) => {
        const [publisher, receiver] = [await open(t, from), await open(t, to)];
        const admin = await open(t, 'control');
        const pauses = async () =>
          (await admin.result('wampd.stats')).pauses;
        const before = await pauses();
        const count = 200000;

        receiver.send([5, t.topic]);
        await receiver.sync();
        receiver.wire.socket.pause();
        flood(publisher, t.topic, count);
        while (await pauses() === before)
          await admin.sync();
        /* Whoever is served now is served while the others wait. */
        await (await open(t, 'wss')).sync();
        receiver.wire.socket.resume();
        for (let i = 0; i < count; i++)
          assert.equal((await receiver.receiveJson())[2].n, i);
        await publisher.sync();
      });
});

brokerGroup('TLS', 'limits.handshake: 1s', { tls: true,
  config: 'limits: { handshake: 1s }\n' }, (test) => {
  test('who says nothing is dropped', async (t) => {
    const wire = await openRaw(t, t.fixture.tlsPort);

    await wire.closed;
  });

  test('who stops amid the ClientHello is dropped', async (t) => {
    const wire = await openRaw(t, t.fixture.tlsPort);

    wire.write(Buffer.from('160301020001', 'hex'));
    await wire.closed;
  });

  test('who shakes hands and asks for nothing is dropped', async (t) => {
    const wire = await openTls(t);

    await wire.closed;
  });

  test('who says nothing on the port of clear text is dropped', async (t) => {
    const wire = await openRaw(t, t.fixture.port);

    await wire.closed;
  });
});
