/*
 * A reload under many sessions: a certificate, a route and a right change at
 * once, and nobody is disconnected.
 */
import assert from 'node:assert/strict';
import { brokerGroup, open, openMany } from './lib/broker.mjs';
import { newCertificate } from './lib/certificate.mjs';

const SESSIONS = 1000;

const ROUTES = `
news: { channel: 'news/{name}', handler: { callback: news } }
staff: { channel: 'staff/{name}', handler: { callback: staff } }
`;

const CONFIG = `
handlers:
  news: { type: broadcast, subscribe: anyone, publish: local }
  staff: { type: broadcast, subscribe: anyone, publish: local }
`;

/* The certificate that a new client gets. */
async function fingerprint(t) {
  const peer = await open(t, 'wss');

  return peer.wire.socket.getPeerCertificate().fingerprint256;
}

/* Replace all files: news has another route, and staff is for a role. */
function change(broker) {
  broker.rewrite('tls.pem', newCertificate());
  broker.rewrite('websocket_routing.yml', ROUTES.replace('news/{name}',
    'news/{name}/{part}').replace('news:', `old: { channel: 'news/{name}', ` +
    'handler: { callback: news } }\nnews:'));
  broker.rewrite('wampd.yml', `tls: { cert: tls.pem, key: tls.pem }
${CONFIG.replace('staff: { type: broadcast, subscribe: anyone',
    'staff: { type: broadcast, subscribe: "role:staff"')}`);
}

brokerGroup('reload', 'ws', { config: CONFIG, routes: ROUTES, tls: true },
  (test) => {
    test('a certificate, a route and a right change under many sessions',
      async (t) => {
        const admin = await open(t, 'control');
        const secure = await open(t, 'wss');
        const peers = await openMany(t, SESSIONS, 'ws');
        const before = await fingerprint(t);

        for (const peer of [...peers, secure]) {
          peer.send([5, 'news/all']);
          peer.send([5, 'staff/all']);
        }
        await Promise.all([...peers, secure].map((peer) => peer.sync()));
        change(t.fixture);
        await admin.result('wampd.reload');
        /* Subscriptions are judged in the turns after it. */
        while ((await admin.result('wampd.stats')).subscriptions_ended <
          SESSIONS + 1)
          ;
        admin.send([7, 'staff/all', 'secret']);
        admin.send([7, 'news/all', 'for everybody']);
        admin.send([7, 'news/all/new', 'the new route']);
        assert.deepEqual((await admin.result('wampd.barrier')).refused, 0);
        for (const peer of [...peers, secure]) {
          const said = (await peer.sync()).map((text) => JSON.parse(text));

          assert.deepEqual(said, [[8, 'news/all', 'for everybody']]);
        }
        await t.fixture.logged(/subscribe topic=staff\/all refused: after/);
        assert.notEqual(await fingerprint(t), before);
        const info = await admin.result('wampd.info');
        assert.equal(info.generations, 1, 'the old one is freed');
      });
  });
