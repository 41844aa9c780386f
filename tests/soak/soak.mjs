/*
 * soak.mjs: run a broker under load for a long time, disturb it, and report
 * whether it stays as it was.
 *
 *	node tests/soak/soak.mjs MINUTES
 *
 * In the first part, one process lives through churning clients, slow readers,
 * reloads and dying handlers: its memory and its descriptors must stay flat.
 * In the second part, it is killed, drained and taken over again and again: it
 * must keep what it has acknowledged.  In both, each event is accounted for.
 *
 * WAMP_BIN	folder of the programs under test (default: bin/)
 * WAMP_SEED	of the random choices; the report prints it
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Random, SEED } from '../wire/lib/random.mjs';
import { WebSocketPeer } from '../wire/lib/websocket.mjs';
import { Ledger, checkKept } from './ledger.mjs';
import { Load } from './load.mjs';
import { Report } from './report.mjs';
import { PAGE, Site } from './site.mjs';

const LIVE_PART = 0.7;		/* of the time */
const STEP = 1000;		/* ms between two disturbances */
const STEPS_TO_SAMPLE = 5;

const minutes = Number(process.argv[2] ?? 3);
const random = new Random(SEED);
const ledger = new Ledger();
const site = new Site();
const load = new Load(site, ledger, random);
const report = new Report(minutes, SEED);

process.on('exit', () => site.discard());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.exit(1));

function expect(what, truth) {
  if (!truth)
    ledger.fault(what);
}

/* ---- disturbances of one life ---- */

async function reload() {
  site.configure();
  await site.call('wampd.reload');
}

async function renew() {
  site.renewCertificate();
  await reload();
}

/* A file with a fault changes nothing. */
async function fail() {
  let failed = false;

  site.breakConfiguration();
  await site.call('wampd.reload').catch(() => failed = true);
  expect('a reload of a broken file fails', failed);
  site.configure();
}

async function die() {
  await site.call('wampd.publish', 'counted/1', 'die').catch(() => {});
}

/* Many come at once, and vanish. */
async function storm() {
  const crowd = await Promise.allSettled(Array.from({ length: 100 },
    () => WebSocketPeer.open(site, PAGE)));

  for (const { value } of crowd)
    value?.wire.socket.destroy();
  expect('everybody of a crowd gets in',
    crowd.every(({ status }) => status === 'fulfilled'));
}

/* What is no WebSocket and no WAMP. */
async function nonsense() {
  const wire = await WebSocketPeer.connect(site);

  wire.write(random.bytes(random.between(1, 2000)));
  await delay(50);
  await wire.vanish();
}

/* ---- ends of lives ---- */

async function kill() {
  await site.kill('SIGKILL');
  await site.start();
}

async function stop() {
  const [status] = await site.kill('SIGTERM');

  expect('SIGTERM ends it with status 0', status === 0);
  await site.start();
}

async function drain() {
  await site.call('wampd.drain', { spread: 1 });
  expect('a drain ends with status 0', (await site.over())[0] === 0);
  await site.start();
}

async function takeOver() {
  expect('who is taken over ends with status 0', await site.replace() === 0);
}

/* What was acknowledged is there again. */
async function check() {
  const told = await site.call('wampd.history', 'told/1', { last: 1 });
  const kept = await WebSocketPeer.open(site, PAGE);

  kept.send([5, 'kept/1']);
  checkKept(ledger, 'kept/1', (await kept.receiveJson())[2]);
  await kept.vanish();
  checkKept(ledger, 'told/1', told.at(-1).event);
}

/* ---- both parts ---- */

async function sample() {
  await load.settle();
  report.add({ ...site.figures(), log: site.logSize(),
    ...await site.call('wampd.info') });
}

async function liveThrough(until) {
  const disturbances = [reload, reload, reload, renew, fail, die, die, storm,
    nonsense];

  for (let step = 1; Date.now() < until; step++) {
    const disturb = random.pick(disturbances);

    await disturb();
    report.count(disturb.name);
    await delay(STEP);
    if (step % STEPS_TO_SAMPLE === 0)
      await sample();
  }
}

async function dieOften(until) {
  const ends = [kill, kill, kill, stop, drain, takeOver];

  while (Date.now() < until) {
    const end = random.pick(ends);

    await delay(random.int(2000));
    await end();
    report.count(end.name);
    await load.hold();
    await check();
    load.release();
    await delay(STEP);
    await load.settle();
  }
}

async function soak() {
  const begin = Date.now();
  const length = minutes * 60_000;

  await site.start();
  load.begin();
  await liveThrough(begin + length * LIVE_PART);
  report.steady(load.steadyConnects());
  await dieOften(begin + length);
  await load.end();
  const [status] = await site.kill('SIGTERM');
  expect('SIGTERM ends it with status 0', status === 0);
}

try {
  await soak();
} catch (e) {
  ledger.fault(e.stack);
}
process.exitCode = report.print(ledger, load.totals(), site.complaints());
