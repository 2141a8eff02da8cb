// The log panel in a window of the workbench, and the engine behind it as a shell
// would ask it.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { until } from "./until.mjs";

const program = path.resolve(import.meta.dirname, "../../../../bin/brummer-rpc");

// caller gives a function that calls a method of the engine of a folder, on the
// sockets that a server of the tests has.
export function caller(server, folder) {
  const env = { ...process.env, XDG_RUNTIME_DIR: path.join(server.dir, "run") };
  return async (method, params = {}) => {
    const { stdout } = await promisify(execFile)(program, ["call", method, JSON.stringify(params)], {
      cwd: folder,
      env,
    });
    return JSON.parse(stdout);
  };
}

export class LogPanel {
  constructor(workbench) {
    this.workbench = workbench;
    this.page = workbench.page;
    this.frame = workbench.webview();
    this.list = this.frame.getByRole("listbox", { name: "Log lines" });
    this.rows = this.list.getByRole("option");
    this.search = this.frame.getByRole("searchbox");
    this.count = this.frame.locator("output.count");
    this.followButton = this.frame.getByRole("button", { name: /^Follow/ });
    this.place = this.frame.locator(".place");
    this.said = this.frame.locator(".said");
  }

  // open shows the panel of all processes, and waits until it follows its engine.
  async open() {
    await this.workbench.command("Brummer: Show Logs");
    await this.list.waitFor();
    await until("a panel that follows", () => this.following());
  }

  row(text) {
    return this.rows.filter({ hasText: text });
  }

  // sees waits until a row with a text is there.
  async sees(text) {
    await this.row(text).first().waitFor();
  }

  // inSight gives the texts of the rows in sight, without time and process.
  inSight() {
    return this.frame.locator(".row .text").allTextContents();
  }

  async following() {
    return (await this.followButton.getAttribute("aria-pressed")) === "true";
  }

  async press(...keys) {
    await this.list.focus();
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // active is the text of the row that a screen reader is told the keyboard is at.
  active() {
    return this.list.evaluate((list) => {
      const id = list.getAttribute("aria-activedescendant");
      return id && document.querySelector(`#${id} .text`)?.textContent;
    });
  }

  // at waits until the keyboard is at a row with a text.
  async at(text) {
    await until(`the keyboard at "${text}"`, async () => (await this.active())?.startsWith(text));
  }

  // look types into the search box and waits for what is said of it.
  async look(text, says) {
    await this.search.fill(text);
    await this.says(says);
  }

  async says(text) {
    const said = async () => (await this.count.getAttribute("aria-busy")) === "false" && this.count.textContent();
    await until(`"${text}" beside the search box`, async () => (await said()) === text);
  }

  // settled gives the texts of the rows in sight once they stay: a wheel is smooth.
  async settled() {
    let last = "";
    return until("rows that stay", async () => {
      const rows = await this.inSight();
      const same = rows.join() === last;
      last = rows.join();
      return same && rows;
    });
  }

  // axe gives what axe-core finds wrong with the panel's page, in words. The colours
  // of a process's output are its own affair.
  async axe() {
    const source = readFileSync(path.join(process.env.BRUMMER_RPC_VSCODE, "node_modules/axe-core/axe.min.js"), "utf8");
    const frame = await this.list.elementHandle().then((e) => e.ownerFrame());
    await frame.evaluate(source);
    const { violations, passes } = await frame.evaluate(() => window.axe.run({ exclude: [".ansi"] }));
    return {
      passes: passes.length,
      violations: violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`),
    };
  }

  // wheel turns the mouse's wheel over the list.
  async wheel(by) {
    const box = await this.page.locator("iframe.webview.ready").boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.wheel(0, by);
  }

  // frames measures how far apart the frames of the panel's page are while something
  // is done: in ms, in order.
  async frames(during) {
    const frame = await this.list.elementHandle().then((e) => e.ownerFrame());
    await frame.evaluate(() => {
      window.gaps = [];
      let last = performance.now();
      const tick = (now) => {
        if (!window.gaps) return;
        window.gaps.push(now - last);
        last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    await during();
    const gaps = await frame.evaluate(() => {
      const all = window.gaps;
      window.gaps = undefined;
      return all;
    });
    return gaps.slice(1);
  }
}
