/*
 * http.mjs: requests that the broker refuses, and its answers.
 */
import assert from 'node:assert/strict';
import { openWire } from './broker.mjs';

/* An answer with its body, which must be no longer than it says: { line,
 * fields (a Map, names in lower case), body }. */
function parseAnswer(bytes) {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [line, ...lines] = text.slice(0, end).split('\r\n');
  const fields = new Map(lines.map((one) => {
    const [, name, value] = one.match(/^([\w-]+): (.*)$/);
    return [name.toLowerCase(), value];
  }));

  assert.equal(fields.size, lines.length, 'no field comes twice');
  return { line, fields, body: text.slice(end + 4) };
}

/* Send bytes and read to the end, which must not be a reset. */
export async function ask(t, transport, bytes) {
  const wire = await openWire(t, transport);

  wire.write(bytes);
  const answer = parseAnswer(await wire.rest());
  assert.equal(wire.fault, null, 'the connection ends as it should');
  return answer;
}

/*
 * The answer must be a refusal with that status, and nothing in it may differ
 * from: fields (others than all refusals have), connection, and hasBody.
 */
export function assertRefusal(answer, status, { fields = {},
  connection = 'close', hasBody = true } = {}) {
  const { 'date': date, 'content-length': length, ...rest } =
    Object.fromEntries(answer.fields);

  assert.equal(answer.line, `HTTP/1.1 ${status}`);
  assert.ok(Math.abs(Date.parse(date) - Date.now()) < 60000, date);
  assert.deepEqual(rest, { ...fields, connection,
    'content-type': 'text/plain; charset=utf-8' });
  assert.ok(Number(length) > 0);
  if (hasBody) {
    assert.equal(answer.body.length, Number(length));
    assert.match(answer.body, /^[^\n]+\.\n$/, 'a sentence');
  } else {
    assert.equal(answer.body, '');
  }
}
