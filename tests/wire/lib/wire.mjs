/*
 * wire.mjs: a bare connection to the broker, for bytes of any kind.
 */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Queue } from './queue.mjs';

export class Wire {
  /* Resolves when the connection stands.  where: as net.connect() takes it. */
  static open(where) {
    return Wire.#opened(connect({ ...where, noDelay: true }), 'connect');
  }

  /* The same over TLS, when that is shaken hands on; whoever it is.  where: as
   * tls.connect() takes it. */
  static openTls(where) {
    const raw = connect({ ...where, noDelay: true });
    const socket = connectTls({ rejectUnauthorized: false, ...where,
      socket: raw });

    return Wire.#opened(socket, 'secureConnect', raw);
  }

  static #opened(socket, event, raw) {
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once(event, () => {
        socket.off('error', reject);
        resolve(new Wire(socket, raw));
      });
    });
  }

  /* raw: the connection below TLS. */
  constructor(socket, raw = socket) {
    this.socket = socket;
    this.raw = raw;
    this.chunks = new Queue();
    /* What broke the connection, such as ECONNRESET. */
    this.fault = null;
    socket.on('data', (chunk) => this.chunks.push(chunk));
    /* A reset is one more way to be disconnected: "close" follows. */
    for (const one of new Set([socket, raw]))
      one.on('error', ({ code }) => this.fault ??= code);
    /* Resolves when the connection is gone. */
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.chunks.end(new Error('the broker closed the connection'));
        resolve();
      });
    });
  }

  write(bytes) {
    this.socket.write(bytes);
  }

  /* One write(2) a byte: the next leaves when the kernel has the last. */
  async writeSlowly(bytes) {
    for (const byte of Buffer.from(bytes))
      await new Promise((resolve) => {
        this.socket.write(Buffer.of(byte), resolve);
      });
  }

  /* All that comes up to the end. */
  async rest() {
    await this.closed;
    return Buffer.concat(this.chunks.take());
  }

  /* Say that no more will come, and wait for the broker to hang up. */
  finish() {
    this.socket.end();
    return this.closed;
  }

  /* Vanish without a word: over TCP the broker gets a reset.  (Below TLS,
   * Node 20 crashes after one.) */
  vanish() {
    if (this.raw === this.socket && this.socket.remoteAddress !== undefined)
      this.socket.resetAndDestroy();
    else
      this.socket.destroy();
    return this.closed;
  }
}
