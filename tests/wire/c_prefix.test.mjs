/*
 * Group C: PREFIX and the expansion of CURIEs.  Rows 39 and 40 are with the
 * other violations.
 */
import assert from 'node:assert/strict';
import { everyWayGroup, open } from './lib/broker.mjs';

/* Whether a subscription to written, by a session that has the prefixes, hears
 * what others publish on full. */
async function assertExpands(t, transport, prefixes, written, full) {
  const subscriber = await open(t, transport);
  const publisher = await open(t, transport);

  for (const [name, uri] of Object.entries(prefixes))
    subscriber.send([1, name, uri]);
  subscriber.send([5, written]);
  assert.deepEqual(await subscriber.sync(), []);
  publisher.send([7, full, 'event']);
  await publisher.sync();
  assert.deepEqual(await subscriber.events(full), ['event']);
}

everyWayGroup('prefixes', (test, { compat, transport }) => {
  const spec = compat === 'spec';

  test('C27 PREFIX has no answer', async (t) => {
    const peer = await open(t, transport);

    peer.send([1, 'calc', 'http://example.com/simple/calc#']);
    assert.deepEqual(await peer.sync(), []);
  });

  test('C28 a CALL by CURIE calls the full URI, "#" not doubled',
    async (t) => {
      const peer = await open(t, transport);

      peer.send([1, 'calc', 'http://example.com/simple/calc#']);
      const error = await peer.call('calc:add', 2, 3);
      const full = 'http://example.com/simple/calc#add';
      assert.equal(error[0], 4);
      assert.equal(spec ? error[3] : error[2],
        spec ? `No RPC endpoint registered for ${full}.` : full);
    });

  test('C29 how URI and rest are joined', (t) =>
    assertExpands(t, transport, { ev: `http://example.com/${t.topic}` },
      'ev:a', `http://example.com/${t.topic}${spec ? 'a' : '#a'}`));

  for (const end of ['#', '/'])
    test(`C29 a URI that ends in "${end}" is joined as it is`, (t) =>
      assertExpands(t, transport, { ev: `http://example.com/${t.topic}${end}` },
        'ev:a', `http://example.com/${t.topic}${end}a`));

  test('C the rest keeps its further colons', (t) =>
    assertExpands(t, transport, { ev: `http://example.com/${t.topic}#` },
      'ev:a:b', `http://example.com/${t.topic}#a:b`));

  test('C30 a prefix can be redefined', async (t) => {
    const peer = await open(t, transport);

    peer.send([1, 'ev', `http://old.example.com/${t.topic}#`]);
    peer.send([1, 'ev', `http://new.example.com/${t.topic}#`]);
    peer.send([5, 'ev:a']);
    const other = await open(t, transport);
    await peer.sync();
    other.send([7, `http://old.example.com/${t.topic}#a`, 'old']);
    other.send([7, `http://new.example.com/${t.topic}#a`, 'new']);
    await other.sync();
    assert.deepEqual(
      await peer.events(`http://new.example.com/${t.topic}#a`), ['new']);
  });

  test('C31 an unknown prefix is taken literally', (t) =>
    assertExpands(t, transport, {}, `nope:${t.topic}`, `nope:${t.topic}`));

  test('C34 a prefix is its own session\'s', async (t) => {
    const owner = await open(t, transport);

    owner.send([1, 'mine', 'http://example.com/mine#']);
    await owner.sync();
    await assertExpands(t, transport, {}, 'mine:a', 'mine:a');
  });

  test('C35 prefixes end with the session', async (t) => {
    const before = await open(t, transport);

    before.send([1, 'gone', 'http://example.com/gone#']);
    await before.sync();
    await before.close();
    await assertExpands(t, transport, {}, 'gone:a', 'gone:a');
  });

  test('C36 EVENT carries the full URI', (t) =>
    assertExpands(t, transport, { ev: 'http://example.com/' },
      `ev:${t.topic}`, `http://example.com/${t.topic}`));

  test('C36 PUBLISH expands too', async (t) => {
    const peer = await open(t, transport);
    const full = `http://example.com/${t.topic}`;

    peer.send([1, 'ev', 'http://example.com/']);
    peer.send([5, full]);
    peer.send([7, `ev:${t.topic}`, 'event', false]);
    assert.deepEqual(await peer.events(full), ['event']);
  });

  test('C37 UNSUBSCRIBE by CURIE ends a full URI\'s', async (t) => {
    const peer = await open(t, transport);
    const full = `http://example.com/${t.topic}`;

    peer.send([1, 'ev', 'http://example.com/']);
    peer.send([5, full]);
    peer.send([6, `ev:${t.topic}`]);
    peer.send([7, full, 'event', false]);
    assert.deepEqual(await peer.events(full), []);
  });

  test('C38 a scheme that is no prefix is taken literally', (t) =>
    assertExpands(t, transport, {}, `ssh://example.com/${t.topic}`,
      `ssh://example.com/${t.topic}`));

  /* wamp1.md section 1.3, column "http guard". */
  test(`C a prefix "http" ${spec ? 'captures' : 'spares'} http://`, (t) =>
    assertExpands(t, transport, { http: 'x#' }, `http://${t.topic}`,
      spec ? `x#//${t.topic}` : `http://${t.topic}`));
});
