// VS Code's client library, driven by clients_test.go: node vscode.js BRUMMER-RPC.
//
// Each line of stdin is a command: {"id", "method", "params"} sends a call, without
// an id a notification; {"order": N} is the order test. Each line of stdout is
// {"id", "result" or "error"} or {"note": method, "params"}.
const { spawn } = require('child_process');
const readline = require('readline');
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-jsonrpc/node');

const server = spawn(process.argv[2], process.argv.slice(3), { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');

let follow; // takes logs/lines during an order test
connection.onNotification((method, params) => {
  if (method === 'logs/lines' && follow) follow(params);
  else say({ note: method, params });
});
connection.listen();

// order follows a process that prints the numbers from 1 to n, one notification for
// each, and tells in which order they came.
async function order(n) {
  const seen = { notifications: 0, delivered: 0, lost: 0, inversions: 0 };
  let last = 0;
  const done = new Promise((resolve) => {
    follow = (m) => {
      if (m.batch !== ++seen.notifications) seen.inversions++;
      if (m.gap) seen.lost += m.gap.count;
      for (const line of m.lines) {
        seen.delivered++;
        if (line.seq <= last) seen.inversions++;
        last = line.seq;
      }
      if (seen.delivered + seen.lost >= n) resolve();
    };
  });
  await connection.sendRequest('logs/subscribe', { window: 0, maxBatch: 1 });
  await connection.sendRequest('process/start', { name: 'numbers', command: `seq ${n}` });
  await done;
  return seen;
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params, order: n } = JSON.parse(line);
  if (id === undefined) return connection.sendNotification(method, params);
  try {
    say({ id, result: n ? await order(n) : await connection.sendRequest(method, params) });
  } catch (e) {
    say({ id, error: { code: e.code, message: e.message, data: e.data } });
  }
}).on('close', () => server.stdin.end());
server.on('exit', (code) => process.exit(code));
