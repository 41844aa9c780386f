#!/usr/bin/env node
// receive.js COUNT TOPIC...: handle events that wamp-sub receives.
//
// wamp-sub does what a client must do: connect, here or with WAMP_URL
// elsewhere, subscribe, and keep the connection alive.
'use strict';

const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

const [count, ...topics] = process.argv.slice(2);
const sub = spawn('wamp-sub', ['--json', '--count', count, '--', ...topics],
  { stdio: ['ignore', 'pipe', 'inherit'] });

createInterface({ input: sub.stdout }).on('line', (line) => {
  const { topic, event } = JSON.parse(line);
  console.log(topic, 'has', event);
});
sub.on('close', (status) => { process.exitCode = status; });
