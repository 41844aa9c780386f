/*
 * Who a client is: what proves it, and what is refused.
 */
import { brokerGroup } from './lib/broker.mjs';
import { ask, assertRefusal } from './lib/http.mjs';
import { upgradeRequest } from './lib/websocket.mjs';

brokerGroup('identity', 'anonymous: no', { config: 'anonymous: no\n' },
  (test) => {
    test('I1 a client without a proof is refused', async (t) => {
      const got = await ask(t, 'ws', upgradeRequest(t.fixture));

      assertRefusal(got, '401 Unauthorized',
        { fields: { 'www-authenticate': 'Bearer' } });
    });
  });
