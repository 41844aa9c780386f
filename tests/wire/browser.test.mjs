/*
 * What the pages of a real browser can do to a broker on the user's machine
 * that nobody has configured: those of this machine all, and those of other
 * sites nothing.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open } from './lib/broker.mjs';
import { Browser, command } from './lib/browser.mjs';

/* Runs in the page: connect, subscribe, publish, and wait for the own event.
 * Resolves to what happened. */
async function attack(url, topic, mark) {
  const got = [];
  const socket = new WebSocket(url, 'wamp');

  return new Promise((resolve) => {
    socket.onopen = () => {
      got.push('open');
      socket.send(JSON.stringify([5, topic]));
      socket.send(JSON.stringify([7, topic, mark]));
      socket.send(JSON.stringify([2, 'last', 'wampd.barrier']));
    };
    socket.onmessage = ({ data }) => {
      got.push(data);
      if (data.startsWith('[3,"last"') || data.startsWith('[4,"last"'))
        socket.close();
    };
    socket.onclose = () => resolve(got);
  });
}

/* The same in a frame whose origin is "null". */
async function attackFromFrame(source, ...args) {
  const frame = document.createElement('iframe');

  frame.sandbox = 'allow-scripts';
  frame.srcdoc = `<script>(${source})(...${JSON.stringify(args)}).then(
    (got) => parent.postMessage(got, '*'));</script>`;
  document.body.append(frame);
  return new Promise((resolve) => {
    onmessage = ({ data }) => resolve(data);
  });
}

/* Runs in the page: what it can read of the broker by plain HTTP. */
async function fetched(url) {
  try {
    const answer = await fetch(url);

    return `${answer.status} ${await answer.text()}`;
  } catch (e) {
    return e.name;
  }
}

if (command === undefined)
  process.stdout.write('# no Chromium: its tests are left out\n');
else
  brokerGroup('browser', 'nothing configured', {}, (test) => {
    /* All in one test, because a browser takes long to start. */
    test('W1 only pages of this machine can read or publish', async (t) => {
      const { port } = t.fixture;
      const browser = await Browser.start();
      t.defer(() => browser.stop());
      const admin = await open(t, 'control');
      admin.send([5, t.topic]);
      await admin.sync();
      const refused = async () => {
        const stats = await admin.result('wampd.stats');

        return ['foreign_origin', 'foreign_host', 'bad_origin'].map(
          (cause) => stats[`refused_${cause}`]);
      };

      const evil = await browser.page('evil.test');
      for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
        assert.deepEqual(await evil(attack, `ws://${host}:${port}/`, t.topic,
          'evil'), [], host);
      assert.deepEqual(await refused(), [3, 0, 0], 'the page of another site');

      assert.deepEqual(await evil(attack, `ws://evil.test:${port}/`, t.topic,
        'evil'), []);
      const rebound = await browser.pageAt(`http://evil.test:${port}/`);
      assert.deepEqual(await rebound(attack, `ws://evil.test:${port}/`,
        t.topic, 'evil'), []);
      assert.match(await rebound(fetched, `http://evil.test:${port}/`),
        /^421 /);
      const [foreign, host] = await refused();
      assert.equal(foreign, 3);
      assert.ok(host >= 4, 'a name that points here');

      assert.deepEqual(await evil(attackFromFrame, `${attack}`,
        `ws://127.0.0.1:${port}/`, t.topic, 'evil'), []);
      assert.equal((await refused())[2], 1, 'a page that hides its site');
      assert.equal(await evil(fetched, `http://127.0.0.1:${port}/`),
        'TypeError');
      assert.deepEqual(await admin.events(t.topic), [], 'nothing was heard');

      for (const name of ['localhost', '127.0.0.1', 'app.localhost']) {
        const page = await browser.page(name);
        const got = await page(attack, `ws://localhost:${port}/`, t.topic,
          name);

        assert.equal(got[0], 'open', name);
        assert.ok(got.includes(JSON.stringify([8, t.topic, name])), `${got}`);
        assert.deepEqual(await admin.events(t.topic), [name]);
      }
    });
  });
