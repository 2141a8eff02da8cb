// The log panel with long lines wrapped: every line of the screen is reached, the
// end is the end, and what was in sight stays so.
//
//	BRUMMER_RPC_VSCODE=$(.ci/vscode) BRUMMER_RPC_VSIX=FILE node --test editors/vscode/test/ui/logs-wrap.test.mjs
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { caller, LogPanel } from "./logpanel.mjs";
import { folder, Server } from "./server.mjs";
import { until } from "./until.mjs";
import { launch, Workbench } from "./workbench.mjs";

const temporary = folder();
const workspace = path.join(temporary.root, "long");
let server, browser, workbench, panel, call;

// Every third line is long, every thirtieth of letters that are twice as wide.
const long = `
for (let i = 1; i <= 2000; i++) {
  const more = i % 30 === 0 ? "長い行".repeat(100) : i % 3 === 0 ? " and so on".repeat(50) : "";
  console.log("row " + i + "." + more);
}
`;

before(async () => {
  mkdirSync(workspace);
  server = await Server.start(temporary.root, process.env.BRUMMER_RPC_VSIX);
  call = caller(server, workspace);
  browser = await launch();
  workbench = await Workbench.open(browser, server, workspace);
  panel = new LogPanel(workbench);
  await panel.open();
  await call("process/start", { name: "long", command: ["node", "-e", long] });
  await panel.sees("row 2000.");
});

after(async () => {
  await workbench?.shoot("logs-wrap-last");
  await browser?.close();
  await server?.stop();
  temporary.remove();
});

const wraps = () => panel.frame.getByRole("button", { name: "Wrap long lines" });
const pressed = async () => (await wraps().getAttribute("aria-pressed")) === "true";

// boxes tells where the rows in sight are: their numbers, tops and bottoms in
// pixels, from the top of the list on; and how high the list is.
function boxes() {
  return panel.list.evaluate((list) => {
    const { top, height } = list.getBoundingClientRect();
    const rows = [...list.querySelectorAll(".row")].map((row) => {
      const box = row.getBoundingClientRect();
      return {
        n: Number(/^row (\d+)/.exec(row.querySelector(".text")?.textContent ?? "")?.[1]),
        top: box.top - top,
        bottom: box.bottom - top,
      };
    });
    return { height, rows };
  });
}

// covered checks that rows follow each other, without holes, over the whole list.
function covered({ height, rows }) {
  assert.ok(
    rows[0].top <= 1 && rows.at(-1).bottom >= height - 1,
    `rows from ${rows[0].top} to ${rows.at(-1).bottom} of ${height}`,
  );
  for (let i = 1; i < rows.length; i++) {
    assert.equal(rows[i].n, rows[i - 1].n + 1);
    assert.ok(Math.abs(rows[i].top - rows[i - 1].bottom) < 1, `row ${rows[i].n} begins where the one before ends`);
  }
}

test("the button wraps long lines, and the end of the log stays in sight", async () => {
  const lines = (await boxes()).rows.length;
  await wraps().click();
  await until("fewer rows", async () => (await boxes()).rows.length < lines);
  assert.equal(await pressed(), true);
  const now = await boxes();
  covered(now);
  assert.equal(now.rows.at(-1).n, 2000);
  assert.ok(Math.abs(now.rows.at(-1).bottom - now.height) <= 1, "the last line ends where the list does");
  assert.equal(await panel.following(), true);
  const scroller = panel.frame.locator(".scroller");
  assert.ok(await scroller.evaluate((s) => s.scrollWidth <= s.clientWidth), "nothing is beyond the right edge");
});

test("lines that come are followed, however long", async () => {
  const more = 'for (let i = 2001; i <= 2020; i++) console.log("row " + i + "." + "長い行".repeat(i % 40 * 10))';
  await call("process/start", { name: "more", command: ["node", "-e", more] });
  await until("the last line at the end of the list", async () => {
    const { rows, height } = await boxes();
    return rows.at(-1).n === 2020 && Math.abs(rows.at(-1).bottom - height) <= 1;
  });
  covered(await boxes());
});

test("a wheel goes over every line", async () => {
  let before = await boxes();
  for (let i = 0; i < 12; i++) {
    await panel.wheel(-300);
    await panel.settled();
    const now = await boxes();
    covered(now);
    assert.ok(
      now.rows.at(-1).n >= before.rows[0].n - 1,
      `rows ${before.rows[0].n} to ${now.rows.at(-1).n} were passed over`,
    );
    assert.ok(now.rows[0].n < before.rows[0].n || now.rows[0].top > before.rows[0].top, "it has moved");
    before = now;
  }
  assert.equal(await panel.following(), false);
});

test("keys go to the first line, and line by line", async () => {
  await panel.press("Home");
  await panel.at("row 1.");
  covered(await boxes());
  for (let i = 0; i < 30; i++) await panel.press("ArrowDown");
  await panel.at("row 31.");
  await panel.press("PageDown", "End");
  await panel.at("row 2020.");
});

test("the key wraps no longer, and again; the line in sight stays", async () => {
  await panel.look("row 999.", "1 of 1");
  await panel.at("row 999.");
  await panel.press("w");
  await until("one line each", async () => (await boxes()).rows.every((r) => r.bottom - r.top < 30));
  assert.ok((await boxes()).rows.some((r) => r.n === 999));
  await panel.press("Alt+z");
  await until("wrapped", () => pressed());
  await until("the line in sight", async () => (await boxes()).rows.some((r) => r.n === 999));
  covered(await boxes());
  await panel.press("Escape");
});

test("it is wrapped after a reload, and not in a new panel unless the setting says so", async () => {
  const another = async () => {
    await workbench.command("View: Close All Editors");
    await workbench.command("Brummer: Show Logs");
    await panel.list.waitFor();
    return pressed();
  };
  await workbench.keeps(/wrap[^\w]+true/);
  await workbench.reload();
  await until("wrapped", () => pressed());
  assert.equal(await another(), false);
  server.settings({ "brummer-rpc.logs.wrapLines": true });
  await workbench.reload();
  assert.equal(await another(), true);
});
