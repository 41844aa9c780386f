/*
 * report.mjs: what a soak has found.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const FILE = 'build/soak/report.json';
const ROWS = 12;		/* of the table */

/* The figures that must not grow: name, and by how much they may, as a share
 * and in all.  The broker needs a while until its buffers have grown to what
 * the load needs. */
const FLAT = [
  ['rss', 0.03, 1024],
  ['descriptors', 0, 12],
  ['threads', 0, 4],
  ['timers', 0, 12],
  ['generations', 0, 2],
  ['topics', 0, 4],
];

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

export class Report {
  #begin = Date.now();
  #samples = [];
  #counts = {};
  #steady = 0;

  constructor(minutes, seed) {
    this.minutes = minutes;
    this.seed = seed;
  }

  count(name) {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  add(sample) {
    this.#samples.push({ seconds: (Date.now() - this.#begin) / 1000,
      ...sample });
  }

  steady(connects) {
    this.#steady = connects;
  }

  /* The median in the second third and in the last one. */
  #trend(name) {
    const values = this.#samples.map((one) => one[name]);
    const third = Math.floor(values.length / 3);

    if (third === 0 || values.includes(undefined))
      return null;
    return { before: median(values.slice(third, 2 * third)),
      after: median(values.slice(-third)) };
  }

  #table() {
    const columns = ['seconds', 'sessions', 'rss', 'descriptors', 'threads',
      'timers', 'log'].filter((name) => this.#samples[0]?.[name] !== undefined);
    const every = Math.ceil(this.#samples.length / ROWS);

    console.log(columns.map((name) => name.padStart(11)).join(' '));
    this.#samples.filter((_, i) => i % every === 0).forEach((one) =>
      console.log(columns.map((name) =>
        String(Math.round(one[name])).padStart(11)).join(' ')));
  }

  #trends() {
    return FLAT.flatMap(([name, share, margin]) => {
      const trend = this.#trend(name);

      if (trend === null)
        return [];
      return [{ name, ...trend,
        flat: trend.after <= trend.before * (1 + share) + margin }];
    });
  }

  /* Print it, and write it to a file.  Returns the exit status. */
  print(ledger, totals, complaints) {
    const trends = this.#trends();
    const { sent, acknowledged, refused, unknown, received, faults } = ledger;

    console.log(`soak: ${this.minutes} minutes, WAMP_SEED=${this.seed}`);
    console.log(`disturbances: ${JSON.stringify(this.#counts)}`);
    console.log(`connections: ${totals.connects}, tries that failed: ${
      totals.failures}, of steady subscribers before the ends: ${
      this.#steady}`);
    console.log(`events: ${sent} sent, ${acknowledged} acknowledged, ${refused
    } in batches with a refusal, ${unknown} in flight at an end; ${received
    } received`);
    this.#table();
    for (const { name, before, after, flat } of trends)
      console.log(`${name}: ${before} in the second third, ${after} in the ` +
        `last: ${flat ? 'flat' : 'IT GROWS'}`);
    for (const fault of [...faults, ...complaints])
      console.log(`FAULT: ${fault}`);
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(FILE, `${JSON.stringify({ minutes: this.minutes,
      seed: this.seed, counts: this.#counts, totals, trends, faults,
      complaints, events: { sent, acknowledged, refused, unknown, received },
      samples: this.#samples }, null, 1)}\n`);
    const good = faults.length === 0 && complaints.length === 0 &&
      trends.every(({ flat }) => flat) && this.#steady === 3;
    console.log(good ? 'ok' : 'not ok');
    return good ? 0 : 1;
  }
}
