/*
 * Group B: WELCOME.  Row 25 (an empty ident) has no setting yet; row 26 is
 * with the other violations.
 */
import assert from 'node:assert/strict';
import { everyWayGroup, open, openMany } from './lib/broker.mjs';

const SESSIONS = 20;

everyWayGroup('WELCOME', (test, { transport }) => {
  test('B23 WELCOME comes first and has four elements', async (t) => {
    const { hello } = await open(t, transport);

    assert.equal(hello.length, 4);
    assert.match(hello[1], /^[A-Za-z0-9_-]{16,}$/);
    assert.equal(hello[2], 1);
    assert.match(hello[3], /^wampd\/\d+\.\d+\.\d+/);
  });

  test('B24 session ids differ and do not look alike', async (t) => {
    const ids = (await openMany(t, SESSIONS, transport)).map((p) => p.id);

    /* A counter or a clock would repeat itself in one half or the other;
     * eight random characters do so once in 10^12 runs. */
    for (const half of [ids.map((id) => id.slice(0, 8)),
      ids.map((id) => id.slice(-8))])
      assert.equal(new Set(half).size, SESSIONS);
  });
});
