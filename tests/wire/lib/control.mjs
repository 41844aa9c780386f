/*
 * control.mjs: a session over the control socket: one JSON array a line.
 */
import assert from 'node:assert/strict';
import { Peer } from './peer.mjs';
import { Wire } from './wire.mjs';

export class ControlPeer extends Peer {
  #line = [];

  /* Connect and receive WELCOME. */
  static async open(broker) {
    return new ControlPeer(await this.connect(broker)).welcome();
  }

  static connect(broker) {
    return Wire.open({ path: broker.control });
  }

  take(chunk) {
    let from = 0;
    let to;

    while ((to = chunk.indexOf(10, from)) !== -1) {
      this.#line.push(chunk.subarray(from, to));
      this.messages.push(Buffer.concat(this.#line).toString());
      this.#line = [];
      from = to + 1;
    }
    this.#line.push(chunk.subarray(from));
  }

  sendText(text) {
    this.wire.write(`${text}\n`);
  }

  /* The next message must report a violation. */
  async expectViolationReport() {
    const report = await this.receiveJson();

    assert.deepEqual(report.slice(0, 3),
      [4, '', 'wampd.error.protocol_violation']);
    assert.ok(report[3].length > 0, 'it says what is wrong');
  }

  /* The broker must report a violation and hang up.  The close code is the
   * WebSocket's alone. */
  async expectViolation() {
    await this.expectViolationReport();
    await this.ended;
  }

  /* There is no goodbye on this transport. */
  close() {
    return this.vanish();
  }
}
