// Debian's Chromium, driven by playwright-core, and what every walk does in it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where screenshots go. */
export const SHOTS = process.env.CASEWIRE_SHOTS ?? join(tmpdir(), 'casewire-shots');
mkdirSync(SHOTS, { recursive: true });

export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), 'casewire-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // The page's policy stays in force; axe is evaluated from outside of it.
    bypassCSP: false,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** A tab that is signed in; what goes wrong in it fails the walk. */
export async function open(context, demo) {
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const expected = /Failed to load resource: the server responded with a status of (4\d\d|503)/.test(message.text());
    if (message.type() === 'error' && !expected) troubles.push(`console: ${message.text()}`);
  });
  await page.goto(demo.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, troubles };
}

/** What can be another in another look. */
const OF_LOOK = { light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], dark: ['color-contrast'], narrow: ['target-size', 'scrollable-region-focusable'] };

/** Names what axe finds serious or critical: all of WCAG 2.2 AA in light, and what a look changes in the others. */
export async function axe(page, look = 'light') {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), OF_LOOK[look]);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join(' | ')}`);
}

/** A picture of the view in light, dark and at 320 px, and what axe says of each. */
export async function shots(page, name) {
  const found = [];
  for (const [look, scheme, width, height] of [['light', 'light', 1440, 900], ['dark', 'dark', 1440, 900], ['narrow', 'light', 320, 720]]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(120);
    await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`), fullPage: look === 'narrow' });
    found.push(...(await axe(page, look)).map((one) => `${name} ${look}: ${one}`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${name} ${look}: the page is ${wide} px wider than the window`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}
