#!/usr/bin/env node
// publish.js TOPIC JSON: publish an event through wamp-pub.
//
// Nothing but the program is needed, on the broker's machine and, with
// WAMP_URL in the environment, on any other.
'use strict';

const { execFile } = require('node:child_process');

// Resolves when the broker has accepted the event; rejects with the reason.
function publish(topic, event) {
  return new Promise((resolve, reject) => {
    const child = execFile('wamp-pub', ['--', topic],
      (error, _, stderr) => error
        ? reject(new Error(stderr.trim() || error.message))
        : resolve());
    child.stdin.on('error', () => {});    // it may end before it reads
    child.stdin.end(JSON.stringify(event));
  });
}

publish(process.argv[2], JSON.parse(process.argv[3])).catch((error) => {
  console.error(`publish.js: ${error.message}`);
  process.exitCode = 1;
});
