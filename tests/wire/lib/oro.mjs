/*
 * oro.mjs: tickets as Oro makes them.
 */
import { createHash } from 'node:crypto';

const ROUNDS = 5000;

export const SECRET = 'ThisTokenIsNotSoSecretChangeIt';

const sha512 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha512'))
    .digest();

/* A time as PHP's date('c') writes it, so many seconds from now. */
export function dateC(offset = 0) {
  const date = new Date(Date.now() + offset * 1000);

  return date.toISOString().replace(/\.\d+Z$/, '+00:00');
}

/* The ticket of a user with that hash of his password; without a user, of the
 * back end. */
export function oroTicket({ user = '', password = SECRET, secret = SECRET,
  nonce = Math.random().toString(16).slice(2), created = dateC() } = {}) {
  const salted = `${nonce}|${created}|${password}{${secret}}`;
  let digest = sha512(salted);

  for (let round = 1; round < ROUNDS; round++)
    digest = sha512(digest, salted);
  return Buffer.from([digest.toString('base64'), user, nonce, created]
    .join(';')).toString('base64');
}

/* The path with a ticket, and the fields, that Oro's PHP client sends. */
export function backEnd(ticket = oroTicket()) {
  return {
    path: `/ws?ticket=${encodeURIComponent(ticket)}`,
    headers: { 'Pragma': 'no-cache', 'Cache-Control': 'no-cache',
      'Upgrade': 'WebSocket', 'Origin': '127.0.0.1' },
  };
}

/* The same of a page of the shop. */
export function page(ticket) {
  return {
    path: `/ws?ticket=${encodeURIComponent(ticket)}`,
    headers: { Origin: 'http://localhost' },
  };
}
