// What the tests in a browser share: the program over a pipe, a browser, and a
// server whose answers a test decides.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const modules = process.env.BRUMMER_RPC_BROWSER;
const binary = process.env.BRUMMER_RPC_BINARY;
const shots = process.env.SCREENSHOTS;
export const { chromium } = createRequire(modules + '/')('playwright-core');
export const vite = path.join(modules, 'node_modules/vite/bin/vite.js');
const patience = 60_000;

// launch opens a browser that asks nobody but this machine.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// shoot keeps a picture, if somebody wants to look at it.
export async function shoot(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, name + '.png') });
}

// workspace makes a folder with files.
export function workspace(files = {}) {
  const root = mkdtempSync(path.join(tmpdir(), 'brummer-browser-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

// Program is the real binary with an engine of its own.
export class Program {
  #child;
  #next = 0;
  #calls = new Map();
  #ended;

  constructor(root) {
    this.#child = spawn(binary, ['--socket=off', '--root', root], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = new Promise((done) => this.#child.once('exit', done));
    createInterface(this.#child.stdout).on('line', (line) => {
      const { id, result, error } = JSON.parse(line);
      const call = this.#calls.get(id);
      if (!call) return; // a notification
      this.#calls.delete(id);
      if (error) call.reject(new Error(JSON.stringify(error)));
      else call.resolve(result);
    });
  }

  call(method, params = {}) {
    const id = ++this.#next;
    this.#child.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  async register(url, more = {}) {
    return this.call('proxy/register', { url, ...more });
  }

  // exit ends the program, and its processes with it.
  async exit() {
    this.#child.stdin.end();
    return this.#ended;
  }
}

// until asks again and again, until what it asks for is there.
export async function until(what, ask) {
  for (const end = Date.now() + patience; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error('it never comes: ' + what);
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

// serve answers by handlers named by path.
export async function serve(handlers) {
  const server = http.createServer((request, response) => {
    const handler = handlers[new URL(request.url, 'http://h').pathname];
    if (!handler) return response.writeHead(404).end();
    handler(request, response);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

// gate is a promise and what fulfils it.
export function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}

// html answers with a page.
export function html(body, headers = {}) {
  return (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}
