import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { ensureTools } from "../../sandbox/toolchain/index.ts";

/** Without these a browser looks for its maker's servers at every start. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A real headless Chromium with an empty profile of its own. Whoever opens it closes it. */
export async function openBrowser(): Promise<Browser> {
  const { chromium: executablePath } = await ensureTools(["chromium"]);
  return chromium.launch({ executablePath, headless: true, args: QUIET });
}
