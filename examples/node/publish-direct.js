#!/usr/bin/env node
// publish-direct.js TOPIC JSON...: publish events over the broker's control
// socket, without any program or library.
//
// Each message is a JSON list on a line of its own.  PUBLISH, type 7, has no
// answer; the call of wampd.barrier tells what became of all before it.
'use strict';

const { createConnection } = require('node:net');
const { createInterface } = require('node:readline');

// Resolves to how many sessions got them, added up; rejects with the reason
// when one was not accepted.
function publish(topic, events) {
  const path = process.env.WAMPD_CONTROL || '/run/wampd/control.sock';

  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.setTimeout(10000, () => socket.destroy());
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${path}: no answer`)));
    for (const event of events) {
      socket.write(`${JSON.stringify([7, topic, event])}\n`);
    }
    socket.write('[2,"done","wampd.barrier"]\n');
    const lines = createInterface({ input: socket });
    lines.on('error', reject);          // those of the socket, once more
    lines.on('line', (line) => {
      const [type, , ...rest] = JSON.parse(line);
      if (type === 3) {
        resolve(rest[0].delivered);
      } else if (type === 4) {
        reject(new Error(`${rest[0]}: ${rest[1]}`));
      } else {
        return;           // WELCOME
      }
      socket.destroy();
    });
  });
}

const [topic, ...texts] = process.argv.slice(2);
publish(topic, texts.map((text) => JSON.parse(text))).then(
  (delivered) => console.log(`${delivered} deliveries`),
  (error) => {
    console.error(`publish-direct.js: ${error.message}`);
    process.exitCode = 1;
  });
