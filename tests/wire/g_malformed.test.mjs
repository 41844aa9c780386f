/*
 * Group G, rows 114 to 122, and the rows of other groups whose answer is
 * "protocol error": messages that are none.
 */
import assert from 'node:assert/strict';
import { brokerGroup, everyWayGroup, open } from './lib/broker.mjs';
import { TEXT } from './lib/frame.mjs';

/* Violations in both modes. */
const MALFORMED = [
  ['B26', '[0,"x",1,"y"]'],
  ['C39', '[1,"p"]'],
  ['C39', '[1]'],
  ['C40', '[1,["a"],["b"]]'],
  ['C40', '[1,"p",5]'],
  ['D58', '[2,"i"]'],
  ['D59', '[2]'],
  ['D', '[2,"i",null]'],
  ['E72', '[5,["x"]]'],
  ['E72', '[5,{"a":1}]'],
  ['E72', '[5,true]'],
  ['E72', '[5,123]'],
  ['E72', '[6,["x"]]'],
  ['E74', '[5]'],
  ['E74', '[5,null]'],
  ['E74', '[6]'],
  ['F108', '[7,"t"]'],
  ['F108', '[7]'],
  ['F109', '[7,["bad"],"x"]'],
  ['G114', 'Hello World!'],
  ['G116', 'null'],
  ['G116', 'true'],
  ['G116', '5'],
  ['G116', '"x"'],
  ['G117', '{"valid":"json","invalid":"message"}'],
  ['G117', '{"0":5,"1":"t"}'],
  ['G117', '{}'],
  ['G119', '[]'],
  ['G120', '[9]'],
  ['G120', '[-1,"x"]'],
  ['G120', '[3]'],
  ['G120', '[3,"i",null]'],
  ['G120', '[4]'],
  ['G120', '[4,"i","u","text"]'],
  ['G120', '[8]'],
  ['G120', '[8,"t","e"]'],
  ['G120', '["5","t"]'],
  ['G120', '[true,"t"]'],
  ['G120', '[null,"t"]'],
  ['G120', '[5.0,"t"]'],
  ['G120', '[5e0,"t"]'],
  ['G120', '[18446744073709551621,"t"]'],
  ['G122', '[5,"t"'],
  ['G122', '[5,"t'],
  ['G', '[5,"t"]]'],
  ['G', '[5,"t"] [5,"t"]'],
  ['G', '[5,"t",]'],
  ['G', "[5,'t']"],
  ['G', '[7,"t",01]'],
  ['G', '[7,"t",NaN]'],
  ['G', '[7,"t","\\x"]'],
  ['G', '[7,"t","tab\tinside"]'],
  ['G', '\ufeff[5,"t"]'],
];

/* Violations in one mode only (wamp1.h). */
const MODE_MALFORMED = {
  oro: [['D', '[2,null,"wampd.echo"]'], ['F', '[7,"t","e",[],5]'],
    ['F', '[7,"t","e",[],null]']],
  spec: [['D', '[2,7,"wampd.echo"]', 1002]],
};

/* What only the other mode refuses. */
const MODE_TAKEN = {
  oro: MODE_MALFORMED.spec,
  spec: [['F', '[7,"t","e",[],5]'], ['F', '[7,"t","e",[],null]']],
};

/* Elements behind the known ones are nobody's business in either mode. */
const MORE_ELEMENTS = [['C', '[1,"p","http://e/",1]'],
  ['E', '[5,"t","more"]'], ['E', '[6,"t",null]'],
  ['F', '[7,"t","e",[],[],"more"]'], ['F', '[7,"t","e",false,[],{},1]']];

const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);

everyWayGroup('malformed messages', (test, { compat, transport }) => {
  for (const [row, text, code = 1007] of [...MALFORMED,
    ...MODE_MALFORMED[compat]])
    test(`${row} ${text} closes with ${code}`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText(text);
      await peer.expectViolation(code);
    });

  for (const [row, text] of [...MORE_ELEMENTS, ...MODE_TAKEN[compat]])
    test(`${row} ${text} is taken in this mode`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText(text);
      await peer.sync();
    });

  test('G a violation ends no other session', async (t) => {
    const [bad, good] = [await open(t, transport), await open(t, transport)];

    good.send([5, t.topic]);
    bad.sendText('no message');
    await bad.expectViolation(1007);
    good.send([7, t.topic, 1, false]);
    assert.deepEqual(await good.events(t.topic), [1]);
  });

  test('G what came before a violation is done', async (t) => {
    const [bad, good] = [await open(t, transport), await open(t, transport)];

    good.send([5, t.topic]);
    await good.sync();
    /* In one write: a later one might meet a closed socket. */
    bad.wire.socket.cork();
    bad.send([7, t.topic, 1]);
    bad.sendText('no message');
    bad.send([7, t.topic, 2]);
    bad.wire.socket.uncork();
    await bad.expectViolation(1007);
    assert.deepEqual(await good.events(t.topic), [1]);
  });

  /* The message's own array is the first level. */
  test('G 128 levels of nesting are taken', async (t) => {
    const peer = await open(t, transport);
    const event = nested(127);

    peer.send([5, t.topic]);
    peer.sendText(`[7,"${t.topic}",${event},false]`);
    assert.equal(await peer.receive(), `[8,"${t.topic}",${event}]`);
  });

  for (const depth of [129, 100000])
    test(`G ${depth} levels of nesting are not`, async (t) => {
      const peer = await open(t, transport);

      peer.sendText(`[7,"${t.topic}",${nested(depth - 1)},false]`);
      await peer.expectViolation(1007);
    });
});

brokerGroup('malformed messages', 'oro, ws', {}, (test) => {
  test('G115 an empty message closes with 1007', async (t) => {
    const peer = await open(t, 'ws');

    peer.sendText('');
    await peer.expectViolation(1007);
  });
});

brokerGroup('log of violations', 'oro, ws', {}, (test) => {
  test('G a violation is logged once and without its payload', async (t) => {
    const peer = await open(t, 'ws');

    peer.sendText('[5,"t","secret-payload"');
    await peer.expectViolation(1007);
    /* Only then is the log complete. */
    await t.fixture.stop();
    const lines = t.fixture.log.split('\n')
      .filter((line) => /violation/.test(line) && line.includes(peer.id));
    assert.equal(lines.length, 1, t.fixture.log);
    assert.ok(!t.fixture.log.includes('secret-payload'));
  });
});

for (const transport of ['ws', 'control'])
  brokerGroup('violations ignored', `on_violation: ignore, ${transport}`,
    { config: 'on_violation: ignore\n' }, (test) => {
      for (const [row, text] of [...MALFORMED, ...MODE_MALFORMED.oro])
        test(`${row} ${text} is ignored`, async (t) => {
          const peer = await open(t, transport);

          peer.send([5, t.topic]);
          peer.sendText(text);
          peer.send([7, t.topic, 1, false]);
          if (transport === 'control')
            await peer.expectViolationReport();
          assert.deepEqual(await peer.events(t.topic), [1]);
        });
    });

/* That one is WebSocket's (RFC 6455 section 8.1), wherever in a message. */
const NOT_UTF8 = ['[7,"t","\xff"]', '[5,"t"] \xc0\xaf', 'Hello \xed\xa0\x80',
  '{"a":1} \x80', '\xf0\x9f'];

brokerGroup('violations ignored', 'on_violation: ignore, UTF-8',
  { config: 'on_violation: ignore\n' }, (test) => {
    for (const text of NOT_UTF8)
      test(`G125 ${JSON.stringify(text)} as bytes closes nevertheless`,
        async (t) => {
          const peer = await open(t, 'ws');

          peer.frame(TEXT, Buffer.from(text, 'latin1'));
          await peer.expectViolation(1007);
        });

    test('G125 over the control socket it is reported', async (t) => {
      const peer = await open(t, 'control');

      peer.wire.write(Buffer.from('[7,"t","\xff"]\n', 'latin1'));
      await peer.expectViolationReport();
      await peer.sync();
    });
  });
