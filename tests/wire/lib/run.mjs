/*
 * run.mjs: load every suite of the folder above and run it; see ../run.
 */
import { readdirSync } from 'node:fs';
import { runTests } from './tap.mjs';

const folder = new URL('../', import.meta.url);
const suites = readdirSync(folder).filter((f) => f.endsWith('.test.mjs'));

for (const suite of suites.sort())
  await import(new URL(suite, folder).href);
process.exit(await runTests(process.argv.slice(2)) ? 0 : 1);
