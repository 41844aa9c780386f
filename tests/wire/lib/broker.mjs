/*
 * broker.mjs: a wampd of its own for a group of tests: free port, control
 * socket and files in a temporary folder, nothing left behind.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, watch,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificate } from './certificate.mjs';
import { ControlPeer } from './control.mjs';
import { group } from './tap.mjs';
import { ProxiedPeer, SecurePeer, WebSocketPeer } from './websocket.mjs';

const LOG_KEPT = 256 * 1024;
export const BIN = process.env.WAMP_BIN ??
  fileURLToPath(new URL('../../../bin', import.meta.url));

/* A runner that dies must leave no broker and no folder. */
const alive = new Set();
process.on('exit', () => alive.forEach((broker) => broker.discard()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.exit(1));

class Broker {
  #log = '';
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'wampd-wire-'));

  /* options: args (more arguments), config (text of wampd.yml), routes (text
   * of a routing file), tls (listen with TLS as well; a text is more keys of
   * it), files (more of them beside wampd.yml: { name: text }), env (more
   * variables), proxy
   * (listen for proxies, too). */
  static async start(options = {}) {
    const broker = new Broker();

    alive.add(broker);
    try {
      await broker.#start(options);
    } catch (e) {
      broker.discard();
      throw e;
    }
    return broker;
  }

  async #start(options) {
    const ports = join(this.#folder, 'ports');

    this.control = join(this.#folder, 'control.sock');
    this.#process = spawn(join(BIN, 'wampd'), ['-l', '127.0.0.1:0',
      '-S', this.control, '--ports-file', ports, ...this.#files(options),
      ...options.args ?? []], { stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...options.env } });
    this.#process.stderr.on('data', (text) => {
      this.#log = (this.#log + text).slice(-LOG_KEPT);
    });
    /* "close" comes when the log is complete, "exit" may come before. */
    this.ended = once(this.#process, 'close');
    const bound = await this.#appearance(ports);
    const line = bound.match(/^ws (.*):(\d+)$/m);
    this.host = line[1];
    this.port = Number(line[2]);
    this.proxyPort = Number(bound.match(/^proxy:ws .*:(\d+)$/m)?.[1]);
    this.tlsPort = Number(bound.match(/^wss .*:(\d+)$/m)?.[1]);
  }

  #files({ config, routes, tls, proxy, files = {} }) {
    const args = proxy ? ['-l', 'proxy:127.0.0.1:0'] : [];

    for (const [name, text] of Object.entries(files))
      writeFileSync(join(this.#folder, name), text, { mode: 0o600 });

    if (tls) {
      writeFileSync(join(this.#folder, 'tls.pem'), certificate());
      config = `tls: { cert: tls.pem, key: tls.pem, ${
        tls === true ? '' : tls} }\n${config ?? ''}`;
      args.push('-l', 'tls:127.0.0.1:0');
    }
    for (const [option, name, text] of [['-c', 'wampd.yml', config],
      ['-r', 'websocket_routing.yml', routes]]) {
      if (text === undefined)
        continue;
      const path = join(this.#folder, name);
      writeFileSync(path, text);
      args.push(option, path);
    }
    return args;
  }

  /* Replace one of its files at once. */
  rewrite(name, text) {
    const path = join(this.#folder, name);

    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /* The text of a file that is renamed into the folder. */
  #appearance(path) {
    let watcher;

    return new Promise((resolve, reject) => {
      const look = () => {
        if (existsSync(path))
          resolve(readFileSync(path, 'utf8'));
      };
      watcher = watch(this.#folder, look);
      look();
      this.ended.then(([status, signal]) => {
        reject(new Error(`wampd ended (${signal ?? status}):\n${this.#log}`));
      }, reject);
    }).finally(() => watcher.close());
  }

  get pid() {
    return this.#process.pid;
  }

  /* What the broker has logged so far (its end, when it is long). */
  get log() {
    return this.#log;
  }

  /* Resolves when the log has a line that matches, to that match. */
  async logged(pattern) {
    let match;

    while ((match = this.#log.match(pattern)) === null)
      await once(this.#process.stderr, 'data');
    return match;
  }

  /* The same for a refusal.  The log takes only some of them in a second, and
   * then says how many more there were: if so, refuse again. */
  async loggedRefusal(pattern, refuse) {
    const sums = () => this.#log.split(/ refused: \d+ more/).length;

    while (!pattern.test(this.#log)) {
      const before = sums();

      await refuse();
      while (!pattern.test(this.#log) && sums() === before)
        await once(this.#process.stderr, 'data');
    }
  }

  /* Stop as a supervisor does: status 0, no complaint of a sanitizer, and no
   * socket left.  Once more does no harm. */
  async stop() {
    try {
      this.#process.kill('SIGTERM');
      const [status, signal] = await this.ended;
      assert.equal(signal ?? status, 0, `wampd's end:\n${this.#log}`);
      assert.doesNotMatch(this.#log, /Sanitizer|runtime error/);
      assert.ok(!existsSync(this.control), 'the control socket is removed');
    } finally {
      this.discard();
    }
  }

  discard() {
    alive.delete(this);
    this.#process?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/* Declare tests that share a broker started with options; see group(). */
export function brokerGroup(subject, way, options, define) {
  group(subject, way, () => Broker.start(options), define);
}

/*
 * Declare the same tests for both modes over both transports, and with TLS.
 * define is called for each with test and { compat, transport }.
 */
export function everyWayGroup(subject, define) {
  for (const [compat, transport] of [['oro', 'ws'], ['oro', 'control'],
    ['spec', 'ws'], ['spec', 'control'], ['oro', 'wss']])
    brokerGroup(subject, `${compat}, ${transport}`,
      { args: ['--compat', compat], tls: transport === 'wss' },
      (test) => define(test, { compat, transport }));
}

const TRANSPORTS = { ws: WebSocketPeer, wss: SecurePeer,
  proxy: ProxiedPeer, control: ControlPeer };

/* Where a WebSocket client finds the broker. */
export function urlOf({ host, port, tlsPort }, transport) {
  return `${transport}://${host}:${transport === 'wss' ? tlsPort : port}/`;
}

/* A bare connection to the test's broker that ends with the test. */
export async function openWire(t, transport) {
  const wire = await TRANSPORTS[transport].connect(t.fixture);

  t.defer(() => wire.vanish());
  return wire;
}

/* A session with the test's broker that ends with the test. */
export async function open(t, transport, options) {
  const peer = await TRANSPORTS[transport].open(t.fixture, options);

  t.defer(() => peer.vanish());
  return peer;
}

/* n sessions, as open(). */
export function openMany(t, n, transport) {
  return Promise.all(Array.from({ length: n }, () => open(t, transport)));
}
