// The log panel on screen: what a reader of logs does with it.
//
//	BRUMMER_RPC_VSCODE=$(.ci/vscode) BRUMMER_RPC_VSIX=FILE node --test editors/vscode/test/ui/logs.test.mjs
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { caller, LogPanel } from "./logpanel.mjs";
import { folder, Server } from "./server.mjs";
import { until } from "./until.mjs";
import { launch, line, Workbench } from "./workbench.mjs";

const temporary = folder();
const workspace = path.join(temporary.root, "shop");
let server, browser, workbench, panel, call;

// Its lines: a number each; the hundredth has colours, the last two a place and an address.
const counter = `
for (let i = 1; i <= 3000; i++) console.log(i === 100 ? "\\u001b[31mred\\u001b[0m and \\u001b[1mbold\\u001b[0m 100" : "count " + i);
console.log("error: it broke at src/broken.js:7:3 (see http://127.0.0.1:9/help)");
setInterval(() => {}, 1000);
`;

// What a shop's processes may say, for the pictures.
const shop = `
const [who] = process.argv.slice(2);
const lines = {
  web: [
    "\u001b[36m  VITE\u001b[0m v8.3.4  \u001b[2mready in\u001b[0m \u001b[1m312\u001b[22m ms",
    "  \u001b[32m➜\u001b[0m  \u001b[1mLocal\u001b[0m:   \u001b[36mhttp://localhost:5173/\u001b[0m",
    "\u001b[2m12:04:31\u001b[0m \u001b[36m[vite]\u001b[0m \u001b[32mhmr update\u001b[0m /src/cart/Cart.tsx",
    "warning: src/cart/price.ts:7:12 'currency' is never used",
    "\u001b[2m12:04:35\u001b[0m \u001b[36m[vite]\u001b[0m \u001b[32mhmr update\u001b[0m /src/cart/Checkout.tsx",
  ],
  api: [
    "listening on http://127.0.0.1:8080",
    "\u001b[32mGET\u001b[0m  /api/products 200 \u001b[2m4 ms\u001b[0m",
    "\u001b[32mGET\u001b[0m  /api/cart 200 \u001b[2m2 ms\u001b[0m",
    "\u001b[33mPOST\u001b[0m /api/checkout \u001b[31m500\u001b[0m \u001b[2m31 ms\u001b[0m",
    "error: checkout: card declined (gateway timeout)",
    "    at pay (src/broken.js:12:9)",
    "    at checkout (src/broken.js:7:3)",
    "\u001b[32mGET\u001b[0m  /api/products?page=2 200 \u001b[2m3 ms\u001b[0m",
  ],
};
for (let i = 0; i < 3; i++) for (const line of lines[who]) console.log(line);
`;

before(async () => {
  mkdirSync(path.join(workspace, "src"), { recursive: true });
  writeFileSync(path.join(workspace, "counter.js"), counter);
  writeFileSync(path.join(workspace, "shop.js"), shop);
  writeFileSync(path.join(workspace, "src/broken.js"), "// a line\n".repeat(2000));
  server = await Server.start(temporary.root, process.env.BRUMMER_RPC_VSIX);
  writeFileSync(
    path.join(temporary.root, "data/User/keybindings.json"),
    JSON.stringify([
      {
        key: "ctrl+alt+9",
        command: "brummer-rpc.showLogs",
        args: { folder: `file://${workspace}`, process: "count", seq: 500 },
      },
    ]),
  );
  call = caller(server, workspace);
  browser = await launch();
  workbench = await Workbench.open(browser, server, workspace);
  await workbench.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  panel = new LogPanel(workbench);
  await panel.open();
  await call("process/start", { name: "count", command: ["node", "counter.js"] });
  await panel.sees("it broke");
});

afterEach(async (t) => {
  if (t.passed === false) await workbench?.shoot(`failed ${t.name.slice(0, 30)}`);
});

after(async () => {
  await workbench?.shoot("logs-last");
  await browser?.close();
  await server?.stop();
  temporary.remove();
});

test("the newest lines are shown, and only those in sight are elements", async () => {
  await until("the last line is the last row", async () =>
    (await panel.inSight()).at(-1)?.startsWith("error: it broke"),
  );
  assert.ok((await panel.rows.count()) < 100);
  assert.equal(await panel.followButton.textContent(), "Following");
  assert.equal(await panel.row("it broke").getAttribute("aria-setsize"), "3001");
  assert.equal(await panel.row("it broke").getAttribute("aria-posinset"), "3001");
});

test("keys go to the first line and back to the end", async () => {
  await panel.press("Home");
  await panel.at("count 1");
  await panel.press("ArrowDown", "ArrowDown", "PageDown");
  await panel.press("Home", "ArrowDown");
  await panel.at("count 2");
  assert.equal(await panel.following(), false);
  await panel.press("End");
  await until("following", () => panel.following());
  await panel.at("error: it broke");
});

test("colours are the theme's", async () => {
  await panel.look("red and", "1 of 1");
  const red = panel.row("red and").locator(".ansi", { hasText: "red" });
  assert.equal(await red.evaluate((e) => e.style.color), "var(--vscode-terminal-ansiRed)");
  assert.ok(await panel.row("red and").locator(".ansi.bold", { hasText: "bold" }).isVisible());
  await panel.press("Escape");
});

test("following lets go when somebody scrolls up, counts what comes, and goes on at the end", async () => {
  await panel.press("End");
  await until("following", () => panel.following());
  await panel.wheel(-400);
  await until("let go", async () => !(await panel.following()));
  const before = await panel.settled();
  await call("process/start", { name: "late", command: "seq -f 'late %.0f' 1 50" });
  await until("50 new lines are counted", async () => (await panel.followButton.textContent()) === "Follow (50 new)");
  assert.deepEqual(await panel.inSight(), before);
  await panel.followButton.click();
  await panel.sees("late 50");
  assert.equal(await panel.following(), true);
});

test("a search counts, marks, and goes from hit to hit", async () => {
  await panel.press("End");
  await until("following", () => panel.following());
  await panel.look("count 29", "111 of 111");
  await panel.at("count 2999");
  await until("marks", async () => (await panel.frame.locator("mark").count()) > 5);
  assert.equal(await panel.frame.locator(".current mark").textContent(), "count 29");
  await panel.press("N");
  await panel.says("110 of 111");
  await panel.at("count 2998");
  await panel.press("n", "n");
  await panel.says("1 of 111");
  await panel.at("count 29");
  await panel.look("count (", "no matches");
  await panel.frame.getByRole("button", { name: "Regular expression" }).click();
  await until("what is wrong", async () => /missing closing/.test((await panel.count.textContent()) ?? ""));
  await panel.frame.getByRole("button", { name: "Regular expression" }).click();
  await panel.press("Escape");
  await panel.says("");
});

test("only the lines that match are shown, with those around them", async () => {
  await panel.look("count 1500", "1 of 1");
  await panel.frame.getByRole("button", { name: "Show only lines that match" }).click();
  await until("one row", async () => (await panel.inSight()).join() === "count 1500");
  await panel.frame.getByRole("combobox", { name: "Lines around each match" }).selectOption("2");
  await until(
    "five rows",
    async () => (await panel.inSight()).join() === "count 1498,count 1499,count 1500,count 1501,count 1502",
  );
  await panel.press("Escape");
  await until("all rows", async () => (await panel.rows.count()) > 5);
});

test("a filter leaves out what is not asked for", async () => {
  await panel.frame.getByRole("combobox", { name: "Least level" }).selectOption("error");
  await until("only the error", async () => (await panel.inSight()).every((t) => t.startsWith("error: it broke")));
  await panel.frame.getByRole("button", { name: "Reset", exact: true }).click();
  await panel.frame.getByRole("button", { name: "All processes" }).click();
  const input = workbench.page.locator(".quick-input-widget");
  await input
    .locator(".monaco-list-row", { hasText: "count" })
    .locator("input[type=checkbox], .monaco-checkbox")
    .first()
    .click();
  await input.getByRole("button", { name: "OK" }).click();
  await until(
    "only late",
    async () => (await panel.inSight()).every((t) => t.startsWith("late")) && (await panel.rows.count()) > 5,
  );
  await workbench.tab("Logs: late").waitFor();
  await panel.frame.getByRole("button", { name: "Reset", exact: true }).click();
});

test("a command goes to a line of a process", async () => {
  await workbench.page.keyboard.press("Control+Alt+9");
  await panel.sees(/count 500$/);
  await panel.at("count 500");
});

test("a panel that is behind another editor comes back to a line", async () => {
  await workbench.command("File: New Untitled Text File");
  await workbench.tab("Untitled-1").waitFor();
  await workbench.page.keyboard.press("Control+Alt+9");
  await panel.sees(/count 500$/);
  await panel.at("count 500");
  await workbench.tab("Untitled-1").click();
  await workbench.command("View: Close Editor");
  await panel.list.waitFor();
});

test("a search that is typed while the panel comes back goes to its hit", async () => {
  for (const wanted of ["count 1234", "count 77$", "count 2001"]) {
    await workbench.command("File: New Untitled Text File");
    await panel.list.waitFor({ state: "detached" });
    await workbench.command("View: Close Editor");
    await panel.list.waitFor();
    if (wanted.endsWith("$")) await panel.frame.getByRole("button", { name: "Regular expression" }).click();
    await panel.look(wanted, "1 of 1");
    await panel.at(wanted.replace("$", ""));
    await panel.press("Escape");
  }
});

test("a place in a line opens the file there, by mouse and by key", async () => {
  await panel.look("it broke", "1 of 1");
  await panel.row("it broke").locator(".link", { hasText: "src/broken.js:7:3" }).click();
  await workbench.tab("broken.js").waitFor();
  await until("line 7", async () => (await line(workbench)) === 7);
  await workbench.command("View: Close All Editors in Group");
  await panel.press("Enter");
  await workbench.tab("broken.js").waitFor();
  await workbench.command("View: Close All Editors in Group");
  await panel.press("Escape");
});

test("a click counts where the mouse was pressed, though lines come meanwhile", async () => {
  await panel.press("End");
  const tick = 'let n = 0; setInterval(() => console.log("tick " + ++n + " at src/broken.js:" + n + ":1"), 400)';
  await call("process/start", { name: "tick", command: ["node", "-e", tick] });
  await panel.sees("tick 3 at");
  const { mouse } = workbench.page;
  const pressed = panel.row("tick 3 at").locator(".link");
  const box = await pressed.boundingBox();
  await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await panel.list.evaluate((list) =>
    list.addEventListener("mousedown", ({ target }) => (list.dataset.pressed = target.textContent), { once: true }),
  );
  await mouse.down();
  const place = await panel.list.getAttribute("data-pressed");
  const under = panel.frame.locator(".row:hover .link");
  await until("another row under the mouse", async () => (await under.textContent()) !== place);
  await mouse.up();
  await workbench.tab("broken.js").waitFor();
  const n = Number(/:(\d+):/.exec(place)[1]);
  await until("the line that was pressed", async () => (await line(workbench)) === n);
  await call("process/stop", { id: "tick" });
  await call("logs/clear", { filter: { processes: ["tick"] } });
  await workbench.command("View: Close All Editors in Group");
});

test("lines are copied with and without their colours", async () => {
  const clipboard = () => workbench.page.evaluate(() => navigator.clipboard.readText());
  await panel.look("red and", "1 of 1");
  await panel.press("Shift+ArrowDown", "Control+c");
  await until("plain lines", async () => (await clipboard()) === "red and bold 100\ncount 101\n");
  await panel.press("Y");
  await until("lines with colours", async () => (await clipboard()).startsWith("\u001b[31mred\u001b[0m and"));
  await panel.press("Escape");
});

test("filter, search and place are there again after a reload", async () => {
  await panel.frame.getByRole("combobox", { name: "Stream" }).selectOption("stdout");
  await panel.look("count 777", "1 of 1");
  await panel.at("count 777");
  const before = await panel.settled();
  const top = (await panel.rows.first().getAttribute("id")).replace("row", "");
  await workbench.keeps(new RegExp(`top[^\\w]+${top}\\b`));
  await workbench.reload();
  await panel.sees("count 777");
  assert.deepEqual((await panel.inSight()).slice(0, 10), before.slice(0, 10));
  assert.equal(await panel.search.inputValue(), "count 777");
  assert.equal(await panel.frame.getByRole("combobox", { name: "Stream" }).inputValue(), "stdout");
  await panel.frame.getByRole("button", { name: "Reset", exact: true }).click();
  await panel.press("Escape");
});

test("what was lost is a row that says how much", async () => {
  await panel.press("End");
  await until("following", () => panel.following());
  await panel.wheel(-400);
  await until("let go", async () => !(await panel.following()));
  await call("process/start", { name: "gone", command: "seq -f 'gone %.0f' 1 50" });
  await call("process/wait", { id: "gone", for: "exited", timeoutMs: 10_000 });
  await call("logs/clear", { filter: { processes: ["gone"] } });
  await call("process/start", { name: "after", command: "echo behind the gap" });
  await until("the last row", async () => {
    await panel.wheel(4000);
    return (await panel.row("behind the gap").count()) > 0;
  });
  assert.ok(await panel.row("50 lines cleared").isVisible());
  await until("following again", () => panel.following());
});

test("two processes beside each other", async () => {
  await panel.press("End");
  for (const name of ["web", "api"]) await call("process/start", { name, command: ["node", "shop.js", name] });
  await until("their last lines", async () => (await panel.row("page=2").count()) > 1);
  assert.ok((await panel.frame.locator(".row.error").count()) > 1);
  assert.ok((await panel.frame.locator(".row.warn").count()) > 0);
});

const themes = [
  ["light", "Light Modern"],
  ["dark", "Dark Modern"],
  ["hc", "Default High Contrast"],
  ["hc-light", "Default High Contrast Light"],
];

// Each theme has a window of its own: one that is open overlooks a change of the
// settings' file now and then.
for (const [name, theme] of themes) {
  test(`a screen reader and a keyboard can use it, and it can be read: ${theme}`, async () => {
    const kind =
      { light: "vscode-light", dark: "vscode-dark", hc: "vscode-high-contrast" }[name] ?? "vscode-high-contrast-light";
    server.settings({ "workbench.colorTheme": theme });
    const themed = await Workbench.open(browser, server, workspace);
    try {
      const log = new LogPanel(themed);
      await log.open();
      await log.frame.locator(`body.${kind}`).waitFor();
      await log.look("checkout", "12 of 12");
      await until("marks", async () => (await log.frame.locator("mark").count()) > 5);
      const { violations, passes } = await log.axe();
      assert.deepEqual(violations, []);
      assert.ok(passes > 15, `axe has looked at ${passes} rules`);
      await themed.shoot(`vscode-logs-${name}`);
    } finally {
      await themed.close();
    }
  });
}

test("an engine that dies is said to be gone, and the next one is followed", async () => {
  await panel.press("Escape");
  await panel.said.evaluate((el) => {
    new MutationObserver(() => {
      if (el.textContent) el.dataset.heard = el.textContent; // it is gone again with the next engine
    }).observe(el, { childList: true });
  });
  process.kill(await server.engine(), "SIGKILL");
  await until("it is said", () => panel.said.getAttribute("data-heard"));
  await until("a panel that follows", () => panel.following());
  await call("process/start", { name: "again", command: "echo here again" });
  await panel.sees("here again");
  assert.equal(await panel.row("count").count(), 0);
});
