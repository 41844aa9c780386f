#!/usr/bin/env node
// ticket.js FILE NAME [ROLE...]: make a ticket with which a page connects as
// that user, for five minutes.  It is a PASETO; Node's own crypto signs it.
// FILE has the secret key:
//
//     wamp-ticket key --output ticket.key >ticket.pub
//
// wampd.yml names the other file:
//
//     tickets: { paseto: { keys: ticket.pub } }
//
// A page gets the ticket from your server, which knows who has logged in, and
// connects to 'wss://.../?ticket=' + encodeURIComponent(ticket).
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');

const HEADER = 'v4.public.';

// PASETO's way to sign several texts at once: each with its length.
function pae(...texts) {
  const number = (n) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(n));
    return bytes;
  };

  return Buffer.concat([number(texts.length), ...texts.flatMap((text) => [
    number(Buffer.byteLength(text)), Buffer.from(text)])]);
}

// The secret key of a file: "k4.secret.TEXT", a seed and the public key.
function secretKey(file) {
  const found = /^k4\.secret\.([\w-]{86})$/m.exec(
    fs.readFileSync(file, 'utf8'));

  if (!found) throw new Error(`${file}: no line with k4.secret is there`);
  const bytes = Buffer.from(found[1], 'base64url');

  return crypto.createPrivateKey({ format: 'jwk', key: {
    kty: 'OKP', crv: 'Ed25519',
    d: bytes.subarray(0, 32).toString('base64url'),
    x: bytes.subarray(32).toString('base64url'),
  } });
}

// claims: name, and perhaps user_id and roles.
function ticket(key, claims, seconds = 300) {
  const now = Date.now();
  const message = JSON.stringify({
    ...claims,
    iat: new Date(now).toISOString(),
    exp: new Date(now + seconds * 1000).toISOString(),
    jti: crypto.randomBytes(16).toString('base64url'),
  });
  const signature = crypto.sign(null, pae(HEADER, message, '', ''), key);

  return HEADER + Buffer.concat([Buffer.from(message), signature])
    .toString('base64url');
}

module.exports = { secretKey, ticket };

if (require.main === module) {
  const [file, name, ...roles] = process.argv.slice(2);

  try {
    if (!name) throw new Error('usage: ticket.js FILE NAME [ROLE...]');
    console.log(ticket(secretKey(file), { name, roles }));
  } catch (error) {
    console.error(`ticket.js: ${error.message}`);
    process.exitCode = 1;
  }
}
