/*
 * child.mjs: the program of an exec handler (see wamp-exec(7)) that does as
 * the tests tell it.  The order is the event of a publication, or the first
 * argument of a call; a subscription has none, and is answered by the topic's
 * attribute "name": "refused" is, and one that begins with "held" waits as if
 * it was ordered to hold.  An order is an object with any of:
 *
 *	print	lines to print as they are, first
 *	exit	end with this status
 *	await	[type, session]: go on once the child was told of that
 *	hold	a name: go on when it is released
 *	release	a name: let go on what was held under it
 *	answer	the answer, to which the id is added
 *	echo	the text of the result, to be printed as it is
 *
 * An order without an answer, and any other event, is allowed; the result of
 * such a call is the child's process id.
 */
import { createInterface } from 'node:readline';

const held = new Map();
const told = [];
let waiting = [];

function print(line) {
  process.stdout.write(`${line}\n`);
}

function orderOf({ type, attributes, event, args }) {
  if (type === 'call')
    return Array.isArray(args) ? args[0] : args;
  if (type === 'publish')
    return event;
  if (attributes.name === 'refused')
    return { answer: { allow: false, reason: 'not today' } };
  return attributes.name.startsWith('held') ? { hold: attributes.name } : {};
}

/* The line that answers. */
function answerTo({ id, type }, { answer, echo }) {
  if (echo !== undefined)
    return `{"id":${id},"result":${echo}}`;
  return JSON.stringify({ id, ...answer ??
    (type === 'call' ? { result: [process.pid] } : { allow: true }) });
}

function isTold([type, session]) {
  return told.some((one) => one.type === type && one.session.id === session);
}

/* Answer those who wait for what has been told by now. */
function wake() {
  const ready = waiting.filter(({ what }) => isTold(what));

  waiting = waiting.filter(({ what }) => !isTold(what));
  for (const { answer } of ready)
    print(answer);
}

function take(request) {
  const order = orderOf(request) ?? {};
  const answer = answerTo(request, order);

  for (const line of order.print ?? [])
    print(line);
  if (order.exit !== undefined)
    process.exit(order.exit);
  if (order.release !== undefined)
    print(held.get(order.release));
  if (order.hold !== undefined) {
    held.set(order.hold, answer);
  } else if (order.await !== undefined) {
    waiting.push({ what: order.await, answer });
    wake();
  } else {
    print(answer);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);

  if (message.id !== undefined) {
    take(message);
  } else {
    told.push(message);
    wake();
  }
});
