/*
 * Whole conversations as the clients in use hold them (wamp1.md section 2,
 * oro.md sections 12 and 16), in the order and the spelling that they use.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openMany } from './lib/broker.mjs';
import { CLOSE, TEXT } from './lib/frame.mjs';

/* AutobahnJS 0.8: call ids of Math.random().toString(36), procedures shrunk
 * to CURIEs, topics as the application wrote them, a close without code. */
async function talkAsAutobahnJs(t) {
  const [page, other] = await openMany(t, 2, 'ws');
  const event = `http://example.com/${t.topic}#`;
  const full = `http://example.com/${t.topic}#created`;

  page.sendText(`[1,"event","${event}"]`);
  page.sendText('[1,"calc","http://example.com/calc#"]');
  page.sendText('[5,"event:created"]');
  page.sendText(`[5,"${t.topic}"]`);
  page.sendText('[2,"0.s8xzvde8j1k","wampd.echo",null,null]');
  assert.equal(await page.receive(), '[3,"0.s8xzvde8j1k",[null,null]]');
  page.sendText('[2,"0.4fzyo82mvyr","calc:add",2,3]');
  const error = await page.receiveJson();
  assert.deepEqual(error.slice(0, 2), [4, '0.4fzyo82mvyr']);

  other.send([7, full, { id: 1 }]);
  await other.sync();
  assert.deepEqual(await page.events(full), [{ id: 1 }]);
  page.sendText('[7,"event:created",{"id":2},false]');
  assert.deepEqual(await page.events(full), [{ id: 2 }]);
  page.sendText('[7,"event:created",{"id":3},true]');
  assert.deepEqual(await page.sync(), []);
  page.sendText(`[7,"event:created",{"id":4},[],["${page.id}"]]`);
  assert.deepEqual(await page.events(full), [{ id: 4 }]);

  page.sendText('[6,"event:created"]');
  page.sendText('[7,"event:created",{"id":5},false]');
  assert.deepEqual(await page.sync(), []);
  page.frame(CLOSE, '');
  await page.closed();
}

for (const compat of ['oro', 'spec'])
  brokerGroup('dialects', compat, { args: ['--compat', compat] }, (test) => {
    test('AutobahnJS talks', talkAsAutobahnJs);

    test('AutobahnPython publishes with a null 4th element', async (t) => {
      const [publisher, subscriber] = await openMany(t, 2, 'ws');

      for (const peer of [publisher, subscriber]) {
        peer.send([5, t.topic]);
        await peer.sync();
      }
      publisher.sendText(`[7, "${t.topic}", {"a": 1}, null]`);
      assert.deepEqual(await publisher.events(t.topic),
        compat === 'spec' ? [] : [{ a: 1 }]);
      assert.deepEqual(await subscriber.events(t.topic), [{ a: 1 }]);
    });

    test('AutobahnPython gives eligible and its own id', async (t) => {
      const [publisher, subscriber] = await openMany(t, 2, 'ws');

      for (const peer of [publisher, subscriber]) {
        peer.send([5, t.topic]);
        await peer.sync();
      }
      publisher.send([7, t.topic, 'e', [publisher.id],
        [publisher.id, subscriber.id]]);
      assert.deepEqual(await publisher.sync(), []);
      assert.deepEqual(await subscriber.events(t.topic), ['e']);
    });
  });

brokerGroup('dialects', 'oro, back end and page', {}, (test) => {
  /* The PHP client connects for each publication, sends five elements with
   * escaped slashes, and ends without a close frame. */
  test("Oro's back end publishes to a page", async (t) => {
    const page = await open(t, 'ws', { path: '/ws?ticket=cGFnZQ%3D%3D',
      headers: { 'Origin': 'http://127.0.0.1' } });
    const backEnd = await open(t, 'ws', { path: '/?ticket=Ozs7',
      headers: { 'Upgrade': 'WebSocket', 'Origin': '127.0.0.1' } });

    page.sendText('[5,"oro/maintenance"]');
    page.sendText('[5,"oro/data/update"]');
    await page.sync();
    backEnd.frame(TEXT,
      '[7,"oro\\/maintenance",{"isOn":true,"userId":5},[],[]]');
    await backEnd.wire.finish();
    assert.equal(await page.receive(),
      '[8,"oro/maintenance",{"isOn":true,"userId":5}]');
  });

  test('its "event" message is a violation, as with Ratchet', async (t) => {
    const backEnd = await open(t, 'ws');

    backEnd.sendText('[8,"oro\\/data\\/update",[]]');
    await backEnd.expectViolation(1007);
  });

  /* The call is sent and the connection dropped: nobody reads the result. */
  test('its call without reading the result harms nobody', async (t) => {
    const [backEnd, page] = await openMany(t, 2, 'ws');

    backEnd.sendText('[2,"5f3e1c2b4a697","sample\\/sum",1,2]');
    await backEnd.wire.finish();
    await page.sync();
  });
});
