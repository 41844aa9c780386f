/*
 * site.mjs: the broker that a soak disturbs, with its files in a folder of its
 * own.  It listens at the same addresses in each of its lives.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync,
  readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newCertificate } from '../wire/lib/certificate.mjs';
import { ControlPeer } from '../wire/lib/control.mjs';
import { BIN } from '../wire/lib/broker.mjs';

/* What a client of the site sends. */
export const PAGE = { headers: { Origin: 'https://example.com' } };

const START_LIMIT = 60_000;	/* ms to come up */

const ROUTES = ['plain/{n}', 'kept/{n}', 'told/{n}', 'counted/{n}', 'open/{n}']
  .map((channel) => {
    const name = channel.split('/')[0];

    return `${name}: { channel: '${channel}', handler: ` +
      `{ callback: soak.${name} } }\n`;
  }).join('');

/* A program that answers, publishes what it gets, and dies when it is told. */
const CHILD = `
import sys, json
for line in sys.stdin:
    told = json.loads(line)
    if told.get("type") == "publish" and told.get("event") == "die":
        sys.exit(3)
    if "id" in told:
        print(json.dumps({"id": told["id"], "allow": True}), flush=True)
`;

export class Site {
  folder = mkdtempSync(join(tmpdir(), 'wampd-soak-'));
  ports = null;
  lives = 0;
  #variant = 0;
  #process = null;

  constructor() {
    writeFileSync(join(this.folder, 'routes.yml'), ROUTES);
    writeFileSync(join(this.folder, 'child.py'), CHILD);
    mkdirSync(join(this.folder, 'state'));
    this.renewCertificate();
    this.control = join(this.folder, 'control.sock');
    this.log = join(this.folder, 'log');
    this.configure();
  }

  get pid() {
    return this.#process.pid;
  }

  get host() {
    return '127.0.0.1';
  }

  get port() {
    return this.ports.ws;
  }

  get tlsPort() {
    return this.ports.wss;
  }

  renewCertificate() {
    this.#write('tls.pem', newCertificate());
  }

  /* The next configuration: another one each time, which differs in what a
   * reload can change. */
  configure() {
    const n = this.#variant++;

    this.#write('wampd.yml', `
listen: ["127.0.0.1:${this.ports?.ws ?? 0}", "tls:127.0.0.1:${
  this.ports?.wss ?? 0}"]
control: { path: control.sock }
tls: { cert: tls.pem, key: tls.pem }
state_dir: state
state: { sync: always }
routes: [routes.yml]
drain: { spread: 1s }
keepalive: ${20 + n % 3}s
limits: { subscriptions: ${1000 + n % 7}, queue: 256KiB }
origins: [example.com, "site${n % 5}.example.org"]
blocked_ips: [203.0.113.${n % 200}]
handlers:
    soak.plain: { type: broadcast, subscribe: [anyone], publish: [local] }
    soak.kept: { type: broadcast, subscribe: [anyone], publish: [local],
        retain: true }
    soak.told: { type: broadcast, subscribe: [anyone], publish: [local],
        history: 100 }
    soak.counted: { type: exec, command: [python3, child.py],
        subscribe: [anyone], publish: [local], timeout: ${5 + n % 2}s }
    soak.open: { type: jq, subscribe: 'true',
        publish: 'select(${n % 4} >= 0) | {event: .event}' }
`);
  }

  /* Replace a file at once. */
  #write(name, text) {
    const path = join(this.folder, name);

    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /* Start it; more are options, such as --takeover.  Resolves when it listens,
   * to its process. */
  async start(...more) {
    const bound = join(this.folder, `ports.${this.lives}`);
    const log = openSync(this.log, 'a');
    const child = spawn(join(BIN, 'wampd'), ['-c', 'wampd.yml',
      '--ports-file', bound, ...more],
    { cwd: this.folder, stdio: ['ignore', 'ignore', log] });
    const until = Date.now() + START_LIMIT;

    closeSync(log);

    this.lives++;
    child.over = once(child, 'exit');
    while (!existsSync(bound)) {
      assert.equal(child.exitCode ?? child.signalCode, null,
        `wampd ended at its start: ${readFileSync(this.log, 'utf8')
          .slice(-2000)}`);
      assert.ok(Date.now() < until, 'wampd comes up in time');
      await delay(20);
    }
    const text = readFileSync(bound, 'utf8');
    this.ports = { ws: Number(text.match(/^ws .*:(\d+)$/m)[1]),
      wss: Number(text.match(/^wss .*:(\d+)$/m)[1]) };
    this.#process = child;
    this.configure();	/* with the addresses that it has got */
    return child;
  }

  /* One that nobody can use. */
  breakConfiguration() {
    this.#write('wampd.yml', 'listen: ["127.0.0.1:1"\nroutes: [none.yml]\n');
  }

  /* Its end: [status, signal]. */
  over() {
    return this.#process.over;
  }

  kill(signal) {
    this.#process.kill(signal);
    return this.over();
  }

  /* Another one takes over; resolves when the old one has ended, to its
   * status. */
  async replace() {
    const old = this.#process;

    await this.start('--takeover');
    return (await old.over)[0];
  }

  async call(procedure, ...args) {
    const peer = await ControlPeer.open(this);

    try {
      return await peer.result(procedure, ...args);
    } finally {
      await peer.vanish();
    }
  }

  /* What the kernel knows of the process: kB, and counts. */
  figures() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const number = (name) =>
      Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);

    return { rss: number('VmRSS'), threads: number('Threads'),
      descriptors: readdirSync(`/proc/${this.pid}/fd`).length };
  }

  logSize() {
    return statSync(this.log).size;
  }

  /* Lines of the log that must not be there. */
  complaints() {
    return readFileSync(this.log, 'utf8').split('\n').filter((line) =>
      /Sanitizer|runtime error|out of memory|assert/i.test(line));
  }

  discard() {
    this.#process?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
