// VS Code's client library follows a flood in columns while it asks for the state of
// a process every 20 ms, as a panel does: node columns.js BRUMMER-RPC CHILD MILLISECONDS
//
// It prints {lines, ms, polls, p50, p99, parse}: what came in the time, how long the
// polls took in ms, and how long JSON.parse alone takes for a line of it, in ns.
const { spawn } = require('child_process');
const { performance } = require('perf_hooks');
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-jsonrpc/node');
const [, , brummer, child, ms] = process.argv;

const server = spawn(brummer, ['--socket=off'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));

let lines = 0;
let over = false;
const samples = []; // of messages, for the yardstick
connection.onNotification('logs/lines', (m) => {
  lines += m.dt.length;
  if (samples.length < 200 && m.dt.length === 256) samples.push(JSON.stringify({ jsonrpc: '2.0', method: 'logs/lines', params: m }));
  if (!over) connection.sendNotification('logs/ack', { subscription: m.subscription, batch: m.batch });
});
connection.onNotification(() => {});
connection.listen();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (list, p) => list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(p * list.length))];

// parseTime is JSON.parse's own time for a line, in nanoseconds.
function parseTime() {
  let parsed = 0;
  const begun = performance.now();
  while (performance.now() - begun < 300) {
    for (const s of samples) parsed += JSON.parse(s).params.text.length;
  }
  return (1e6 * (performance.now() - begun)) / parsed;
}

(async () => {
  await connection.sendRequest('initialize', { capabilities: {} });
  await connection.sendRequest('logs/subscribe', { format: 'columns' });
  await connection.sendRequest('process/start', { name: 'flood', command: [child], env: { BRUMMER_BENCH_CHILD: 'endless' } });
  await sleep(300); // both are warm
  const polls = [];
  const before = lines;
  const begun = performance.now();
  while (performance.now() - begun < Number(ms)) {
    const asked = performance.now();
    await connection.sendRequest('process/status', { id: 'flood' });
    polls.push(performance.now() - asked);
    await sleep(20);
  }
  const took = performance.now() - begun;
  const came = lines - before;
  over = true;
  await connection.sendRequest('process/stop', { id: 'flood' });
  console.log(JSON.stringify({ lines: came, ms: took, polls: polls.length, p50: at(polls, 0.5), p99: at(polls, 0.99), parse: parseTime() }));
  server.stdin.end();
})();
server.on('exit', (code) => process.exit(code));
