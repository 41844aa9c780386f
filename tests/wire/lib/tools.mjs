/*
 * tools.mjs: wamp-sub and wamp-pub as peers of the tests, over a WebSocket.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BIN, urlOf } from './broker.mjs';
import { Queue } from './queue.mjs';

class Tool {
  #process;
  #said = '';

  /* The tool ends with the test. */
  constructor(t, name, transport, args) {
    const tls = transport === 'wss' ? ['--insecure'] : [];

    this.#process = spawn(join(BIN, name), [...tls, '-u',
      urlOf(t.fixture, transport), ...args],
    { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (text) => this.#said += text);
    this.stdio = this.#process.stdio;
    this.ended = once(this.#process, 'close');
    t.defer(() => {
      this.#process.kill('SIGKILL');
      return this.ended;
    });
  }

  /* It must end by itself, and well. */
  async finish() {
    const [status, signal] = await this.ended;

    assert.equal(signal ?? status, 0, this.#said);
    assert.equal(this.#said, '');
  }
}

export class ToolSub extends Tool {
  /* What it prints: "topic<tab>event". */
  lines = new Queue();

  /* Resolves when it has subscribed to the topics. */
  static async open(t, transport, topics) {
    const sub = new ToolSub(t, 'wamp-sub', transport,
      ['-t', '--ready-fd', '3', ...topics]);

    createInterface({ input: sub.stdio[1] })
      .on('line', (line) => sub.lines.push(line));
    sub.ended.then(() => sub.lines.end(new Error('wamp-sub has ended')));
    await Promise.race([once(sub.stdio[3], 'data'), sub.ended]);
    return sub;
  }
}

export class ToolPub extends Tool {
  constructor(t, transport, topic) {
    super(t, 'wamp-pub', transport, ['-l', topic]);
  }

  publish(event) {
    this.stdio[0].write(`${event}\n`);
  }

  /* All was published and acknowledged. */
  close() {
    this.stdio[0].end();
    return this.finish();
  }
}
