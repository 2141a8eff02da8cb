// Makes pictures of the pages that scenes.lua has written: node pictures.mjs FROM TO.
// It looks for playwright-core where .ci/browser has put it.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [from, to] = process.argv.slice(2)
const require = createRequire(join(process.env.BRUMMER_RPC_BROWSER, 'node_modules', '/'))
const { chromium } = require('playwright-core')
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
for (const name of readdirSync(from).filter((n) => n.endsWith('.html'))) {
  await page.setContent(readFileSync(join(from, name), 'utf8'))
  await page.locator('#screen').screenshot({ path: join(to, name.replace('.html', '.png')) })
}
await browser.close()
