import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Program, launch, shoot, until, vite, workspace } from './support.mjs';

const files = {
  'brummer.toml': '[proxy]\nautoRegister = true\n',
  'index.html': `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>shop</title></head>
  <body><h1 id="title">loading</h1><script type="module" src="/src/main.ts"></script></body>
</html>
`,
  'src/main.ts': `import './style.css';
import { title } from './title';

interface Named { name: string }
const shop: Named = { name: title };
document.querySelector('#title')!.textContent = shop.name;

if (import.meta.hot) {
  import.meta.hot.accept('./title', (next) => {
    document.querySelector('#title')!.textContent = next!.title;
  });
}
`,
  'src/title.ts': `export const title = 'first';
`,
  'src/fail.ts': `type Cart = { items: string[] };

export function checkout(cart: Cart | undefined) {
  return cart!.items.length;
}
`,
  'src/style.css': `h1 { color: rgb(1, 2, 3) }
`,
};

let program, browser, page, folder, proxy;

before(async () => {
  folder = workspace(files);
  program = new Program(folder.root);
  await program.call('process/start', { name: 'web', command: [process.execPath, vite, '--host', '127.0.0.1', '--port', '0', '--strictPort'] });
  // Nobody registers anything: the address that Vite prints is one that it serves.
  proxy = await until('a proxy', async () => (await program.call('proxy/list')).proxies.find((p) => p.process === 'web'));
  browser = await launch();
  page = await browser.newPage();
  await page.goto(proxy.proxyUrl);
  await page.waitForFunction(() => document.querySelector('#title').textContent === 'first');
  await page.evaluate(() => (window.survivor = true));
});

after(async () => {
  await browser?.close();
  assert.equal(await program?.exit(), 0);
  folder?.remove();
});

// change saves a file, and again if the page does not show it: Vite overlooks a
// change that comes right behind another, without a proxy as well.
const change = async (name, from, to, shows) => {
  const file = path.join(folder.root, name);
  for (let tries = 1; ; tries++) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    try {
      return await page.waitForFunction(shows, to, { timeout: 5000 });
    } catch (err) {
      if (tries === 4) throw err;
    }
  }
};

test('a script is replaced without a reload', async () => {
  await change('src/title.ts', 'first', 'second', (text) => document.querySelector('#title').textContent === text);
  assert.equal(await page.evaluate(() => window.survivor), true);
});

test('a style is replaced without a reload', async () => {
  await change('src/style.css', 'rgb(1, 2, 3)', 'rgb(4, 5, 6)', (color) => getComputedStyle(document.querySelector('#title')).color === color);
  assert.equal(await page.evaluate(() => window.survivor), true);
});

test('the socket for that goes through the proxy', async () => {
  const { requests } = await program.call('proxy/requests', {});
  const socket = requests.find((r) => r.upgrade === 'websocket');
  assert.ok(socket?.pending, JSON.stringify(requests.map((r) => r.url)));
});

test('what breaks in the page is at the line that was written', async () => {
  await page.evaluate(() => {
    import('/src/fail.ts').then((m) => setTimeout(() => m.checkout(undefined)));
  });
  const error = await until('the error', async () => {
    const { events } = await program.call('telemetry/events', { kinds: ['error'] });
    return events[0];
  });
  assert.match(error.message, /undefined/);
  assert.deepEqual([error.frames[0].file, error.frames[0].line, error.frames[0].function], [path.join(folder.root, 'src/fail.ts'), 4, 'Module.checkout']);
  // It is a problem as a compiler's are, until the page is loaded anew.
  const problems = () => program.call('problems/list', {}).then((r) => r.problems.filter((p) => p.source === 'browser'));
  const [problem] = await problems();
  assert.equal(problem.process, 'web');
  assert.equal(problem.location.file, path.join(folder.root, 'src/fail.ts'));
  assert.deepEqual([problem.location.line, problem.severity], [3, 'error']);
  await page.reload();
  await until('the end of the problem', async () => (await problems()).length === 0);
});

test('the console, loads, requests and web vitals arrive', async () => {
  await page.evaluate(() => {
    console.warn('careful', { a: 1 });
    document.body.append(Object.assign(new Image(), { src: '/missing.png' }));
    return fetch('/index.html');
  });
  const kinds = ['page', 'load', 'console', 'request', 'resource', 'vital'];
  const events = await until(kinds, async () => {
    const { events } = await program.call('telemetry/events', { kinds });
    return kinds.every((k) => events.some((e) => e.kind === k)) && events;
  });
  assert.ok(events.some((e) => e.level === 'warn' && e.message === 'careful {"a":1}'), JSON.stringify(events));
  assert.ok(events.some((e) => e.kind === 'resource' && e.tag === 'img' && e.url.endsWith('/missing.png')));
  for (const { value } of events.filter((e) => e.kind === 'load')) assert.ok(value > 0, `a page was loaded in ${value} ms`);
  const vitals = events.filter((e) => e.kind === 'vital').map((e) => e.name);
  assert.ok(vitals.includes('TTFB') || vitals.includes('FCP'), vitals.join());

  // The page, its request and what it asked for are one story.
  const { sessions } = await program.call('telemetry/sessions', {});
  const { request } = await program.call('proxy/request', { id: sessions[0].request });
  assert.equal(request.injected, true);
  assert.equal(request.silent, undefined);
  const fetched = events.find((e) => e.kind === 'request' && e.url.endsWith('/index.html'));
  const timeline = await program.call('timeline/query', { session: sessions[0].id });
  for (const id of [sessions[0].request, fetched.request]) {
    assert.ok(timeline.events.some((e) => e.by === 'id' && e.request.id === id), `${id} is not in the timeline`);
  }
  await shoot(page, 'proxy-page');
});
