/*
 * browser.mjs: a real browser, Chromium without a window, and the pages of
 * several sites for it.  All sites are on this machine: the browser is told to
 * look for their names there, which is what a site does that rebinds its name.
 *
 * The browser is driven over a pipe, by the DevTools protocol: JSON messages
 * with a NUL behind each.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome'];

/* Without a sandbox, because it needs what containers and root do not have; no
 * page here is a stranger's.  /dev/shm may be too small in a container. */
const OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu',
  '--disable-dev-shm-usage', '--disable-extensions', '--no-first-run',
  '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--no-proxy-server', '--remote-debugging-pipe',
  '--host-resolver-rules=MAP *.test 127.0.0.1'];

/* The browser's name, or undefined: there is none. */
export const command = COMMANDS.find((name) =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);

export class Browser {
  #folder = mkdtempSync(join(tmpdir(), 'wampd-browser-'));
  #process;
  #server = createServer((_, answer) => answer.setHeader('Content-Type',
    'text/html').end('<!DOCTYPE html><title>page</title>'));
  #text = '';
  #said = '';
  #serial = 0;
  #waiting = new Map();

  static async start() {
    const browser = new Browser();

    try {
      browser.#server.listen(0, '127.0.0.1');
      await once(browser.#server, 'listening');
      browser.#open();
      await browser.#send('Browser.getVersion');
    } catch (e) {
      browser.discard();
      throw e;
    }
    return browser;
  }

  #open() {
    this.#process = spawn(command, [...OPTIONS,
      `--user-data-dir=${this.#folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: true });
    this.#process.stderr.on('data', (text) => {
      this.#said = (this.#said + text).slice(-8192);
    });
    this.#process.stdio[3].on('error', () => {});
    this.#process.stdio[4].on('data', (text) => this.#receive(text));
    this.ended = once(this.#process, 'exit');
    this.ended.then(() => this.#fail(), () => this.#fail());
    process.on('exit', () => this.discard());
  }

  #fail() {
    const error = new Error(`the browser ended:\n${this.#said}`);

    this.#waiting.forEach(({ reject }) => reject(error));
  }

  #receive(text) {
    const parts = (this.#text + text).split('\0');

    this.#text = parts.pop();
    for (const { id, error, result } of parts.map((one) => JSON.parse(one))) {
      if (!this.#waiting.has(id))
        continue;		/* an event */
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error)
        reject(new Error(error.message));
      else
        resolve(result);
    }
  }

  #send(method, params = {}, sessionId = undefined) {
    const id = ++this.#serial;

    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdio[3].write(
        `${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /* The page of a site with that name. */
  page(name) {
    return this.pageAt(`http://${name}:${this.#server.address().port}/`);
  }

  /* A page by its URL, as a function: page(f, ...args) runs f(...args) there
   * and resolves to what it resolves to. */
  async pageAt(url) {
    const { targetId } = await this.#send('Target.createTarget', { url });
    const { sessionId } = await this.#send('Target.attachToTarget',
      { targetId, flatten: true });
    const run = async (f, ...args) => {
      const { result, exceptionDetails } = await this.#send(
        'Runtime.evaluate', {
          expression: `(${f})(...${JSON.stringify(args)})`,
          awaitPromise: true, returnByValue: true,
        }, sessionId);

      assert.equal(exceptionDetails?.exception?.description, undefined);
      return result.value;
    };

    while (await run(() => document.readyState + location.href) !==
      `complete${url}`);
    return run;
  }

  async stop() {
    this.discard();
    await this.ended;
  }

  /* End it at once, with all its processes. */
  discard() {
    this.#server.close();
    this.#server.closeAllConnections();
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      /* they have ended */
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
