/*
 * tap.mjs: the test runner: groups of tests that share one fixture, run one
 * after the other, their results printed as TAP for prove(1).
 *
 * Not node:test, because the way to make it print TAP differs between the
 * Node versions in use (18 to 20), and because a fixture's end (the broker's
 * exit status) must be a test of its own.
 */

/* On a slow machine longer: tests/run says how many times. */
const SLOW = Number(process.env.WAMP_TEST_SLOW ?? 1);
const LIMIT_SECONDS = 60;

const groups = [];
let serial = 0;

/*
 * Declare tests about a subject that share a fixture; way says what is special
 * about it.  start() makes the fixture when the first of them is due; its
 * stop() ends it and fails by throwing.  define is called at once with
 * test(name, body, limit); body gets a Context; limit is in seconds.
 */
export function group(subject, way, start, define) {
  const tests = [];

  define((name, body, limit = LIMIT_SECONDS) => {
    tests.push({ name: `${name} (${way})`, body, limit });
  });
  groups.push({ title: `${subject} (${way})`, start, tests });
}

/* What a test's body gets. */
class Context {
  #cleanups = [];

  constructor(fixture) {
    this.fixture = fixture;
    /* A topic of this test alone, so that tests may share a broker. */
    this.topic = `t/${++serial}`;
  }

  /* Have fn called when the test is over, whatever its result. */
  defer(fn) {
    this.#cleanups.push(fn);
  }

  note(text) {
    print(comment(text));
  }

  async cleanUp() {
    while (this.#cleanups.length > 0)
      await this.#cleanups.pop()();
  }
}

/* Run the tests whose name contains one of the words (all when there is none).
 * Resolves to whether every one passed. */
export async function runTests(words) {
  const report = new Report();
  const wanted = ({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word));

  for (const { title, start, tests } of groups) {
    const chosen = tests.filter(wanted);
    if (chosen.length > 0)
      await runGroup(report, title, start, chosen);
  }
  return report.finish();
}

async function runGroup(report, title, start, tests) {
  let fixture;

  if (!await report.row(`start: ${title}`, LIMIT_SECONDS, async () => {
    fixture = await start();
  }))
    return;
  for (const { name, body, limit } of tests) {
    const t = new Context(fixture);
    await report.row(name, limit, async () => {
      await body(t);
    });
    await t.cleanUp();
  }
  await report.row(`stop: ${title}`, LIMIT_SECONDS, () => fixture.stop());
}

class Report {
  #rows = 0;
  #failed = 0;

  /* Run one test and print its line; true when it passed. */
  async row(name, limit, body) {
    let failure = null;

    try {
      await within(limit * SLOW, body());
    } catch (e) {
      failure = e;
      this.#failed++;
    }
    print(`${failure ? 'not ' : ''}ok ${++this.#rows} - ${escaped(name)}`);
    if (failure)
      print(comment(failure.stack ?? String(failure)));
    return failure === null;
  }

  finish() {
    print(`1..${this.#rows}`);
    return this.#failed === 0 && this.#rows > 0;
  }
}

function within(seconds, promise) {
  let timer;
  const expiry = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after the limit of ${seconds} seconds`));
    }, seconds * 1000);
  });

  return Promise.race([promise, expiry]).finally(() => clearTimeout(timer));
}

/* "#" begins a directive in TAP. */
function escaped(name) {
  return name.replace(/[\\#]/g, '\\$&');
}

function comment(text) {
  return text.replace(/^/gm, '# ');
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
