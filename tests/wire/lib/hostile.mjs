/*
 * hostile.mjs: what tests with wrong input share.
 */
import { Neighbours } from './neighbours.mjs';

const LIMIT_SECONDS = 180;
const PROBE = '[2,"probe","wampd.echo"]';

/* Good messages, to be mutated. */
export const MESSAGES = [
  '[1,"calc","http://example.com/simple/calc#"]',
  '[2,"7DK6TdN4wLiUJgNM","http://example.com/api#howdy"]',
  '[2,"Yp9EFZt9DFkuKndg","calc:add2",23,99]',
  '[2,"M0nncaH0ywCSYzRv","wampd.echo",[9,1,3,4]]',
  '[2,"M0nncaH0ywCSYzRw","wampd.echo",{"a":1,"b":[null,true]}]',
  '[2,"ujL7WKGXCn8bkvFV","wampd.publish","t",{"value1":"23"},' +
    '{"exclude":["x"],"eligible":["y"]}]',
  '[2,"i","wampd.barrier"]',
  '[2,"i","wampd.topics"]',
  '[2,"i","wampd.kick","nobody"]',
  '[5,"http://example.com/simple"]',
  '[5,"t"]',
  '[6,"calc:myevent1"]',
  '[7,"t","Hello, \\u00e9\\ud83d\\ude00 w\u00f6rld!"]',
  '[7,"t",null,true]',
  '[7,"http://example.com/event#myevent2",{"rand":0.09187032734575862,' +
    '"flag":false,"num":23,"created":"2012-03-29T10:41:09.864Z"},false]',
  '[7,"t","hello",["NwtXQ8rdfPsy-ewS","dYqgDl0FthI6_hjb"]]',
  '[7,"t","hello",["dYqgDl0FthI6_hjb"],["NwtXQ8rdfPsy-ewS"]]',
].map((text) => Buffer.from(text));

/* Wait for all, the failed ones too: none may go on when the test is over. */
export async function together(promises) {
  for (const { reason } of await Promise.allSettled(promises))
    if (reason !== undefined)
      throw reason;
}

/* Declare a test whose body must not disturb the neighbours. */
export function declare(test, name, body) {
  test(name, async (t) => {
    const neighbours = await Neighbours.start(t);

    await body(t);
    await neighbours.stop();
  }, LIMIT_SECONDS);
}

/* Whether the session is still there: it answers, or the broker has ended
 * it.  Anything else (an answer that is no JSON, silence) fails. */
export async function survives(peer) {
  peer.sendText(PROBE);
  try {
    await peer.answer('probe');
    await peer.sync();
    return true;
  } catch (e) {
    if (!/the broker closed/.test(e.message))
      throw e;
    await peer.ended;
    return false;
  }
}
