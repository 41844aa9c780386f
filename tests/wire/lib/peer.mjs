/*
 * peer.mjs: what the tests do with a WAMP session, whatever its transport.
 *
 * There is no waiting for "nothing happens".  The broker handles a session's
 * messages in order and queues its output in order, so the answer to a call
 * proves that everything sent before was handled, and that every event meant
 * for the session by then has been received: see sync().
 */
import assert from 'node:assert/strict';
import { Queue } from './queue.mjs';

export class Peer {
  /* Messages in the order they came, as text; the transport fills it. */
  messages = new Queue();
  #calls = 0;
  #passed = [];

  constructor(wire) {
    this.wire = wire;
    /* Resolves when the connection is gone and all it brought is taken. */
    this.ended = this.#pump();
  }

  /* Hand what comes to the transport's take(bytes), until the end. */
  async #pump() {
    try {
      for (;;)
        this.take(await this.wire.chunks.next());
    } catch (e) {
      this.wire.socket.destroy();
      this.endQueues(e);
    }
  }

  /* Nothing comes any more: whoever waits gets error. */
  endQueues(error) {
    this.messages.end(error);
  }

  /* WELCOME, which must come first. */
  async welcome() {
    this.hello = JSON.parse(await this.messages.next());
    assert.equal(this.hello[0], 0, 'the first message is WELCOME');
    this.id = this.hello[1];
    return this;
  }

  send(message) {
    this.sendText(JSON.stringify(message));
  }

  /* The next message as text. */
  async receive() {
    return this.#passed.shift() ?? this.messages.next();
  }

  /* The next message, parsed. */
  async receiveJson() {
    return JSON.parse(await this.receive());
  }

  /* The answer to the call that has this id; what came before is kept for
   * receive() and sync(). */
  async answer(id) {
    for (;;) {
      const text = await this.messages.next();
      const message = JSON.parse(text);
      if ((message[0] === 3 || message[0] === 4) && message[1] === id)
        return message;
      this.#passed.push(text);
    }
  }

  /* CALL and wait: [3, id, result] or [4, id, uri, description, ...]. */
  call(procedure, ...args) {
    const id = `call-${++this.#calls}`;

    this.send([2, id, procedure, ...args]);
    return this.answer(id);
  }

  /* The result of a call that must succeed. */
  async result(procedure, ...args) {
    const message = await this.call(procedure, ...args);

    assert.equal(message[0], 3, JSON.stringify(message));
    return message[2];
  }

  /* Wait until the broker has handled everything sent so far; returns the
   * messages received since the last time, as text. */
  async sync() {
    await this.result('wampd.echo');
    return this.#passed.splice(0);
  }

  /* sync(); nothing but events of topic may have come: what they carry. */
  async events(topic) {
    return (await this.sync()).map((text) => {
      const message = JSON.parse(text);

      assert.deepEqual(message, [8, topic, message[2]]);
      return message[2];
    });
  }

  vanish() {
    return this.wire.vanish();
  }
}
