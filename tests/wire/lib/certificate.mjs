/*
 * certificate.mjs: a certificate for brokers with TLS.
 */
import { execFileSync } from 'node:child_process';

let text;

/* For this machine, and its key: one text in PEM. */
export function newCertificate() {
  return execFileSync('openssl', ['req', '-x509', '-newkey', 'ec',
    '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', '-',
    '-out', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/* The same, made once a run. */
export function certificate() {
  return text ??= newCertificate();
}
