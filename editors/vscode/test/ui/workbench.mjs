// A window of the real workbench in a real browser, as a user has it: things are
// found by what a screen reader would say. A browser has several windows; each
// keeps a list of what it has asked of somebody outside this machine.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { patience, until } from "./until.mjs";

const { chromium } = createRequire(path.join(process.env.BRUMMER_RPC_VSCODE ?? "", "package.json"))("playwright-core");

// launch opens a browser that can't leave this machine: it knows no other name.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

export class Workbench {
  #context;
  #outside = [];

  constructor(context, page) {
    this.#context = context;
    this.page = page;
    context.on("request", (request) => this.#asked(request));
  }

  // open shows a folder in a window of its own.
  static async open(browser, server, folder, { width = 1280, height = 800 } = {}) {
    const context = await browser.newContext({ viewport: { width, height } });
    context.setDefaultTimeout(patience);
    const workbench = new Workbench(context, await context.newPage());
    await workbench.page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    await workbench.ready();
    return workbench;
  }

  // ready waits until the workbench is there.
  async ready() {
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
  }

  // reload loads the window again, as "Developer: Reload Window" does.
  async reload() {
    await this.page.reload();
    await this.ready();
  }

  // keeps waits until the browser's storage has something for the next load of the
  // window: the workbench writes there now and then.
  async keeps(pattern) {
    const kept = async (source) => {
      const wanted = new RegExp(source);
      for (const { name } of await indexedDB.databases()) {
        const done = (request) =>
          new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
        const db = await done(indexedDB.open(name));
        try {
          for (const store of db.objectStoreNames) {
            const values = await done(db.transaction(store).objectStore(store).getAll());
            if (values.some((value) => typeof value === "string" && wanted.test(value))) return true;
          }
        } finally {
          db.close();
        }
      }
      return false;
    };
    await until(`${pattern} in the browser's storage`, () => this.page.evaluate(kept, pattern.source));
  }

  // command runs a command by its title, as somebody would who presses F1. Those of
  // an extension are there a little after the workbench, so it is asked for again; what
  // runs it is one key. A click on its row that has run it may still be reported as
  // failed on a busy machine, and running it again closes one editor too many.
  async command(title) {
    const row = this.page.locator(
      `.quick-input-list .monaco-list-row:is([aria-label="${title}"], [aria-label^="${title}, "])`,
    );
    await until(`the command ${title}`, async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      try {
        await this.#palette.fill(`>${title}`, { timeout: 2000 });
        await row.first().waitFor({ timeout: 1000 });
        return true;
      } catch {
        return false; // it was not there yet, or the box was still closing
      }
    });
    const focused = row.and(this.page.locator(".focused"));
    await until(`the row of ${title} has the keyboard`, async () => {
      if ((await focused.count()) > 0) return true;
      await this.page.keyboard.press("ArrowDown");
      return false;
    });
    await this.page.keyboard.press("Enter");
    await until(`the palette gone, or what ${title} asks in it`, async () => {
      if (!(await this.#palette.isVisible())) return true;
      return (await this.#palette.inputValue()) !== `>${title}`;
    });
  }

  get #palette() {
    return this.page.locator(".quick-input-widget input.input");
  }

  // container shows a container of the activity bar.
  async container(title) {
    const icon = this.page.locator(`.activitybar .action-item a[aria-label^="${title}"]`);
    await icon.click({ force: true }); // a badge may lie on it
  }

  // row is a row of a view: label is the beginning of what is said of it.
  row(label) {
    return this.page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`);
  }

  // act clicks the button in a row that shows when the mouse is there. A row that
  // has news meanwhile is drawn anew, so it is tried again.
  async act(row, action) {
    await until(`${action} in a row`, async () => {
      try {
        await row.hover({ timeout: 2000 });
        await row.locator(`.actions a[aria-label^="${action}"]`).click({ timeout: 2000 });
        return true;
      } catch {
        return false;
      }
    });
  }

  // tab is an editor's tab.
  tab(title) {
    return this.page.locator(`.tab[data-resource-name="${title}"], .tab[aria-label^="${title}"]`).first();
  }

  // webview is the document in the webview that is shown: the workbench puts it
  // into a frame in a frame.
  webview() {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  // notification is one of the messages in the corner.
  notification(text) {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
  }

  // shoot keeps a picture, if BRUMMER_RPC_SCREENSHOTS names a folder.
  async shoot(name) {
    const dir = process.env.BRUMMER_RPC_SCREENSHOTS;
    if (!dir) return;
    mkdirSync(dir, { recursive: true });
    await this.page.screenshot({ path: path.join(dir, `${name}.png`) });
  }

  // outside lists what was asked of somebody who is not this machine. A webview's
  // own resources have addresses below vscode-cdn.net, and the workbench's service
  // worker answers those itself; so does each other answer that it has given.
  async outside() {
    const answered = await Promise.all(
      this.#outside.map(async (request) => (await request.response())?.fromServiceWorker()),
    );
    return this.#outside.filter((_, i) => !answered[i]).map((request) => request.url());
  }

  #asked(request) {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1" && hostname !== "localhost")
      this.#outside.push(request);
  }

  async close() {
    await this.#context.close();
  }
}

// line is the number that the status bar says the cursor is in.
export async function line(workbench) {
  const said = await workbench.page.locator("#status\\.editor\\.selection").textContent();
  const n = /Ln (\d+)/.exec(said ?? "")?.[1];
  assert(n, `the status bar says ${said}`);
  return Number(n);
}
