// What is in the .vsix, and nothing else: sources, tests, maps and the modules of
// npm stay out, and the program can be run.
//
//	BRUMMER_RPC_VSIX=FILE node --test editors/vscode/test/ui/vsix.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";

const expected = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/media/brummer.svg",
  "extension/media/icon.png",
  "extension/media/walkthrough-follow.svg",
  "extension/media/walkthrough-look.svg",
  "extension/media/walkthrough-run.svg",
  "extension/out/main.js",
  "extension/out/webview/logs.page.css",
  "extension/out/webview/logs.page.js",
  "extension/package.json",
  "extension/readme.md",
  "extension/schema/brummer.schema.json",
  "extension/server/brummer-rpc",
];

// entries reads the directory at the end of a zip file (APPNOTE.TXT 4.3.12): name,
// Unix mode and a function that gives the content.
function entries(zip) {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06"));
  const found = new Map();
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const size = zip.readUInt32LE(at + 20);
    const compressed = zip.readUInt16LE(at + 10) === 8;
    const content = () => {
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(from, from + size);
      return compressed ? inflateRawSync(bytes) : bytes;
    };
    found.set(zip.toString("utf8", at + 46, at + 46 + name), { mode: zip.readUInt16LE(at + 40), content });
    at += 46 + name + extra + comment;
  }
  return found;
}

const packed = entries(readFileSync(process.env.BRUMMER_RPC_VSIX));

test("the .vsix has what the extension needs and nothing else", () => {
  assert.deepEqual([...packed.keys()].sort(), expected.sort());
});

test("the program can be run", () => {
  assert.equal(packed.get("extension/server/brummer-rpc").mode & 0o111, 0o111);
});

test("the bundle is the small one, without a map", () => {
  const bundle = packed.get("extension/out/main.js").content().toString();
  assert(!bundle.includes("sourceMappingURL"));
  assert(bundle.length < 300_000, `${bundle.length} bytes`);
});

test("it is for one platform", () => {
  assert.match(packed.get("extension.vsixmanifest").content().toString(), /TargetPlatform="linux-x64"/);
});
