import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Program, gate, html, launch, serve, shoot, until, workspace } from './support.mjs';

let program, browser, folder;

before(async () => {
  folder = workspace();
  program = new Program(folder.root);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  assert.equal(await program?.exit(), 0);
  folder?.remove();
});

// visit serves pages behind a proxy and opens one of them.
async function visit(t, handlers, at = '/', open = {}) {
  const server = await serve(handlers);
  const proxy = await program.register(server.url);
  const page = await browser.newPage();
  t.after(async () => {
    await page.close();
    await program.call('proxy/unregister', { id: proxy.id });
    await server.close();
  });
  await page.goto(proxy.proxyUrl.replace(/\/$/, at), open);
  return { page, proxy, server };
}

const pageEvents = (proxy, kinds) => program.call('telemetry/events', { proxy: proxy.id, kinds }).then((r) => r.events);

test('a page that is streamed is shown as it comes', async (t) => {
  const seen = gate();
  const { page } = await visit(t, {
    '/': async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<!doctype html><title>s</title><h1>shell</h1><script>fetch("/seen")</script>');
      await seen.opened; // the rest is not sent before the browser runs what is there
      response.end('<p>rest</p>');
    },
    '/seen': (_request, response) => {
      response.end();
      seen.open();
    },
  });
  assert.equal(await page.textContent('p'), 'rest');
});

test('events of a server come one by one', async (t) => {
  let stream;
  const acks = [];
  const { page } = await visit(t, {
    '/': html(`<!doctype html><title>sse</title><script>
      new EventSource('/events').onmessage = (e) => fetch('/ack?' + e.data);
    </script>`),
    '/events': (_request, response) => {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('data: 0\n\n');
    },
    '/ack': (request, response) => {
      response.end();
      acks.push(request.url.split('?')[1]);
      if (acks.length < 4) stream.write(`data: ${acks.length}\n\n`);
    },
  });
  await until('four events', () => acks.length === 4);
  assert.deepEqual(acks, ['0', '1', '2', '3']);
  await page.close();
});

// Each page tries to run a script of its own that its policy forbids, and one
// that it allows.
const policies = [
  { name: 'none', heard: true, evil: true },
  { name: 'self', policy: "default-src 'self'", heard: true },
  { name: 'nonce', policy: "script-src 'nonce-abc'; connect-src 'self'", heard: true },
  { name: 'strict-dynamic', policy: "script-src 'strict-dynamic' 'nonce-abc'", heard: true },
  { name: 'strict-dynamic by hash', policy: "script-src 'strict-dynamic' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='", heard: true },
  { name: 'elsewhere', policy: 'script-src https://cdn.example; connect-src https://api.example', heard: true },
  { name: 'nothing at all', policy: "default-src 'none'", heard: true },
  { name: 'inline allowed', policy: "script-src 'unsafe-inline'; connect-src 'none'", heard: true, evil: true },
  { name: 'report only', policy: "script-src 'none'", header: 'content-security-policy-report-only', heard: true, evil: true },
  { name: 'in the page', meta: "default-src 'none'", heard: false },
];

for (const { name, policy, header = 'content-security-policy', meta, heard, evil = false } of policies) {
  test(`a page with a policy: ${name}`, async (t) => {
    const { page, proxy } = await visit(t, {
      '/': html(
        `<!doctype html><html><head>${meta ? `<meta http-equiv="content-security-policy" content="${meta}">` : ''}<title>p</title></head>
         <body><script>window.evil = true</script></body></html>`,
        policy ? { [header]: policy } : {},
      ),
    });
    assert.equal(await page.evaluate(() => window.evil === true), evil, 'what the policy forbids stays forbidden');
    assert.equal(await page.evaluate(() => typeof window[Symbol.for('brummer-rpc')]), 'string', 'our script runs');
    const { requests } = await program.call('proxy/requests', { filter: { proxy: proxy.id, path: '/' } });
    const load = requests.find((r) => r.url === '/');
    assert.equal(load.injected, true);
    if (heard) {
      await until('the first report', async () => (await pageEvents(proxy, ['page'])).some((e) => e.request === load.id));
    } else {
      // Blocked telemetry is told of: the page was loaded, and says nothing.
      await until('the silence', async () => (await program.call('proxy/request', { id: load.id })).request.silent);
      assert.deepEqual(await pageEvents(proxy, ['page']), []);
    }
  });
}

for (const [name, type, bytes, title] of [
  ['Latin-1', 'text/html; charset=iso-8859-1', Buffer.from('<title>caf\xe9</title>', 'latin1'), 'café'],
  ['a byte order mark', 'text/html', Buffer.from('\ufeff<title>café</title>'), 'café'],
  ['UTF-16', 'text/html; charset=utf-16', Buffer.from('\ufeff<title>café</title>', 'utf16le'), 'café'],
]) {
  test(`a page in ${name} is shown right`, async (t) => {
    const { page } = await visit(t, {
      '/': (_request, response) => response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes),
    });
    assert.equal(await page.title(), title);
  });
}

test('a form keeps its origin', async (t) => {
  let asked;
  const { page, proxy } = await visit(t, {
    '/': html('<!doctype html><title>f</title><form method="post" action="/post"><button>go</button></form>'),
    '/post': (request, response) => {
      asked = request.headers;
      html('<title>done</title>')(request, response);
    },
  });
  await page.click('button');
  await page.waitForFunction(() => document.title === 'done');
  assert.equal(asked.origin, 'http://' + asked.host);
  assert.equal(asked.host, new URL(proxy.proxyUrl).host);
});

test('another origin gets neither the script nor a hearing', async (t) => {
  const { proxy } = await visit(t, { '/': html('<title>ours</title>') });
  const own = proxy.proxyUrl + '__brummer__/';
  const { page } = await visit(t, { '/': html('<title>theirs</title>') });
  const got = await page.evaluate(
    async ([own, socket]) => ({
      script: await new Promise((done) => {
        const script = document.createElement('script');
        Object.assign(script, { src: own + 't.js', onload: () => done('loaded'), onerror: () => done('refused') });
        document.head.append(script);
      }),
      report: await fetch(own + 'e', { method: 'POST', mode: 'no-cors', body: '{}' }).then((r) => r.type, (e) => e.name),
      read: await fetch(own + 't.js').then(() => 'read', (e) => e.name),
      socket: await new Promise((done) => {
        const ws = new WebSocket(socket);
        ws.onopen = () => done('open');
        ws.onerror = () => done('refused');
      }),
    }),
    [own, proxy.proxyUrl.replace('http:', 'ws:')],
  );
  assert.deepEqual([got.script, got.read, got.socket], ['refused', 'TypeError', 'refused']);
  const ours = await pageEvents(proxy, ['console', 'error']);
  assert.deepEqual(ours, []);
});

test('a page waits for its server, says how that is, and loads by itself', async (t) => {
  // A port that nobody listens on yet, as one that has just been listened on.
  const placeholder = createServer();
  await new Promise((listening) => placeholder.listen(0, '127.0.0.1', listening));
  const { port } = placeholder.address();
  await new Promise((closed) => placeholder.close(closed));

  const script = `setTimeout(() => require('http').createServer((q, r) => r.end('<title>up</title>')).listen(${port}, '127.0.0.1'), 2500)`;
  await program.call('process/start', { name: 'late', command: [process.execPath, '-e', script] });
  const proxy = await program.register(`http://127.0.0.1:${port}`, { process: 'late' });
  const page = await browser.newPage();
  t.after(async () => {
    await page.close();
    await program.call('process/stop', { id: 'late' });
  });
  await page.goto(proxy.proxyUrl);
  assert.match(await page.title(), /late does not answer/);
  assert.match(await page.textContent('main'), /late is running[\s\S]*connection refused/);
  await shoot(page, 'proxy-waiting');
  await program.call('process/stop', { id: 'late' });
  await page.waitForFunction(() => document.getElementById('process')?.textContent === 'late is stopped');
  await program.call('process/restart', { id: 'late' });
  await page.waitForFunction(() => document.title === 'up');
});

test('a server that dies and comes back under load is all that clients notice', async (t) => {
  let server = await serve({ '/': html('<title>x</title>') });
  const { port } = new URL(server.url);
  const proxy = await program.register(server.url);
  t.after(() => server.close());
  const statuses = {};
  let over = false;
  const client = async () => {
    while (!over) {
      const { status } = await fetch(proxy.proxyUrl);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  const clients = [1, 2, 3, 4].map(client);
  await until('answers', () => statuses[200] > 50);
  await server.close();
  await until('failures', () => statuses[502] > 5);
  const before = statuses[200];
  server = await serveAt(port);
  await until('answers again', () => statuses[200] > before + 50);
  over = true;
  await Promise.all(clients);
  assert.deepEqual(Object.keys(statuses).sort(), ['200', '502']);
});

async function serveAt(port) {
  const { default: http } = await import('node:http');
  const server = http.createServer(html('<title>again</title>'));
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return { close: () => new Promise((closed) => (server.close(closed), server.closeAllConnections())) };
}
