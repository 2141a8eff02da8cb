// Makes media/icon.png, which the gallery shows, of icon.svg: a browser draws it.
//
//   BRUMMER_RPC_VSCODE=$(.ci/vscode) node editors/vscode/icon/make.mjs
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../test/harness/tools.mjs";

const side = 128;
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(
    `<style>* { margin: 0 } svg { display: block }</style>${readFileSync(join(import.meta.dirname, "icon.svg"))}`,
  );
  await page.screenshot({ path: join(import.meta.dirname, "../media/icon.png"), omitBackground: true });
} finally {
  await browser.close();
}
