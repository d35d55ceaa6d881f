import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boardHtml } from "../../../components/board";
import type { Board } from "../../../components/board";
import { openBrowser } from "../../support/browser.ts";
import { largeBoard, richBoard, smallBoard } from "../../unit/board/boards";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** From a narrow phone to a wide screen, with both sides of the page's own limit at 34 rem. */
const WIDTHS = [360, 390, 480, 543, 545, 768, 1024, 1280, 1600];
const BOARDS: Readonly<Record<string, Board>> = {
  "one environment with one cluster": smallBoard(),
  "something of everything": richBoard(),
  "twelve environments of forty clusters": largeBoard(),
};
/** Checking contrast takes a page of some thousand texts a minute, and its colours are those of the others. */
const CHECKED = [
  ["light", "one environment with one cluster", {}],
  ["light", "something of everything", {}],
  ["dark", "something of everything", {}],
  ["light", "twelve environments of forty clusters", { "color-contrast": { enabled: false } }],
  ["dark", "twelve environments of forty clusters", { "color-contrast": { enabled: false } }],
] as const;

// The first time on a machine it is installed, which no hook's time limit is made for.
const browser = await openBrowser();
const folder = mkdtempSync(join(tmpdir(), "delivery-board-"));
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  readonly address: string;
  /** What the page wrote to the console, and what went wrong in it. */
  readonly said: string[];
  readonly requested: string[];
}

/** The page as somebody opens it who was sent the file. */
async function open(context: BrowserContext, board: Board): Promise<Opened> {
  const file = join(folder, "board.html");
  writeFileSync(file, boardHtml(board));
  const page = await context.newPage();
  const [said, requested]: [string[], string[]] = [[], []];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => requested.push(request.url()));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
  return { page, address, said, requested };
}

/** What sticks out of the window or is cut off by the box that it is in; each as its tag, class and text. */
const CUT_OFF = `[...document.body.querySelectorAll("*")]
  .filter((each) => !each.closest(".hidden") && !each.closest("svg"))
  .filter((each) => {
    const { left, right } = each.getBoundingClientRect();
    const sticksOut = left < -0.5 || right > document.documentElement.clientWidth + 0.5;
    return sticksOut || (each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1);
  })
  .map((each) => each.tagName + "." + each.className + ": " + each.textContent.slice(0, 60))`;

const SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

async function violations(page: Page, rules: object): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations: found } = (await page.evaluate(`axe.run(${JSON.stringify({ rules })})`)) as AxeResults;
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .join(" ")
        .slice(0, 300)}`,
  );
}

describe("the board in a browser", () => {
  let context: BrowserContext;
  beforeAll(async () => void (context = await browser.newContext()));
  afterAll(() => context?.close());

  it.each(CHECKED)("is readable by everybody, in %s colours, for %s", async (colorScheme, what, rules) => {
    // The page's policy forbids scripts; the check is one.
    const checked = await browser.newContext({ colorScheme, bypassCSP: true });
    const { page } = await open(checked, BOARDS[what]!);
    expect(await violations(page, rules)).toEqual([]);
    await checked.close();
  });

  it.each(Object.entries(BOARDS))(
    "cuts nothing off from 360 to 1,600 pixels, in light and in dark colours, for %s",
    async (_what, board) => {
      const { page } = await open(context, board);
      const found: Record<string, unknown> = {};
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          found[`${colorScheme} ${width}`] = [await page.evaluate(SIDEWAYS), await page.evaluate(CUT_OFF)];
        }
      }
      expect(Object.keys(found)).toHaveLength(2 * WIDTHS.length);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, [0, []]])));
      await page.close();
    },
  );

  it.each(Object.entries(BOARDS))(
    "asks nobody for anything and has no error, for %s",
    async (_what, board) => {
      const { page, address, said, requested } = await open(context, board);
      expect(said).toEqual([]);
      expect(requested.filter((url) => !url.startsWith("data:"))).toEqual([address]);
      await page.close();
    },
  );

  it("follows the colours that its reader asked for", async () => {
    const { page } = await open(context, smallBoard());
    const brightness = async (colorScheme: "light" | "dark"): Promise<number> => {
      await page.emulateMedia({ colorScheme });
      const colour = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
      return Number(/\d+/.exec(colour)?.[0]);
    };
    expect(await brightness("light")).toBeGreaterThan(200);
    expect(await brightness("dark")).toBeLessThan(50);
    await page.close();
  });

  it("lets the keyboard reach every environment and open its deployments", async () => {
    const { page } = await open(context, largeBoard());
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe("#environment-1");
    await page.keyboard.press("Enter");
    expect(page.url()).toMatch(/#environment-1$/);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('section').id")).toBe("environment-1");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.parentElement.open")).toBe(false);
    await page.close();
  });
});
