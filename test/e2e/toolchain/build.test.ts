import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTicksOf, tryRun, waitUntil } from "../../../sandbox/processes/index.ts";
import { builds, ensureTiny, openWorkshop, pathOfTiny, startEnsure, wrapGo } from "./support.ts";
import type { Workshop } from "./support.ts";

/** Go's standard library is compiled once for all tests of this file. */
let goCache: Workshop;
let workshop: Workshop;

beforeAll(() => {
  goCache = openWorkshop();
});
afterAll(() => rmSync(goCache.root, { recursive: true, force: true }));

beforeEach(() => {
  workshop = openWorkshop({ DELIVERY_GOCACHE: join(goCache.root, "go-cache") });
});
afterEach(() => rmSync(workshop.root, { recursive: true, force: true }));

/** A workshop that builds with a cache of its own, in which Go's standard library is there already. */
function withOwnCache(extra: NodeJS.ProcessEnv = {}): Workshop {
  cpSync(join(goCache.root, "go-cache"), join(workshop.cache, "build", "go-cache"), { recursive: true });
  return { ...workshop, env: { ...workshop.env, DELIVERY_GOCACHE: undefined, ...extra } };
}

const toolFolders = (): string[] => {
  const folder = join(workshop.cache, "tools", "tiny");
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe("making a tool from its module", () => {
  it("builds it the first time, with its version, and finds it the second time without a word", async () => {
    await wrapGo(workshop);
    const first = await ensureTiny(workshop);
    expect((await tryRun(pathOfTiny(first), [])).stderr).toBe("tiny 1.2.3\n");
    expect(first.stderr).toMatch(/tiny 1\.2\.3: done in (?:\d+ min )?\d+ s/);
    const second = await ensureTiny(workshop);
    expect([second.stdout, second.stderr]).toEqual([first.stdout, ""]);
    expect(builds(workshop)).toHaveLength(1);
  });

  it("builds it again when its source changes, and keeps both", async () => {
    const first = pathOfTiny(await ensureTiny(workshop));
    writeFileSync(
      join(workshop.module, "main.go"),
      'package main\n\nfunc main() { println("tiny 1.9.0") }\n',
    );
    const second = pathOfTiny(await ensureTiny(workshop));
    expect((await tryRun(second, [])).stderr).toBe("tiny 1.9.0\n");
    expect((await tryRun(first, [])).stderr).toBe("tiny 1.2.3\n");
  });

  it("removes its own build caches afterwards", async () => {
    await ensureTiny(workshop);
    rmSync(join(workshop.cache, "tools"), { recursive: true });
    expect((await ensureTiny(withOwnCache())).code).toBe(0);
    expect(readdirSync(join(workshop.cache, "build")).sort()).toEqual(["run", "tmp"]);
  });

  it("keeps them when asked to, and never removes caches that the user named", async () => {
    await ensureTiny(workshop);
    expect(readdirSync(join(goCache.root, "go-cache"))).not.toEqual([]);
    rmSync(join(workshop.cache, "tools"), { recursive: true });
    await ensureTiny(withOwnCache({ DELIVERY_KEEP_BUILD_CACHE: "1" }));
    expect(existsSync(join(workshop.cache, "build", "go-cache"))).toBe(true);
  });

  it("builds it once when two set-ups start at the same time: the second waits and finds it", async () => {
    await wrapGo(workshop, "sleep 2");
    const results = await Promise.all([ensureTiny(workshop), ensureTiny(workshop)]);
    expect(results.map((result) => result.code)).toEqual([0, 0]);
    expect(new Set(results.map(pathOfTiny)).size).toBe(1);
    expect(results.filter((result) => result.stderr.includes("waiting for it"))).toHaveLength(1);
    expect(builds(workshop)).toHaveLength(1);
  });
});

describe("a build that fails", () => {
  it("names the part, shows the end of its output and where the rest is, and leaves no binary", async () => {
    writeFileSync(join(workshop.module, "main.go"), "package main\n\nfunc main() { undefinedThing() }\n");
    const { code, stderr } = await ensureTiny(workshop);
    expect(code).toBe(1);
    expect(stderr).toContain("tiny 1.2.3: failed after");
    expect(stderr).toContain("undefined: undefinedThing");
    expect(stderr).toContain(join(workshop.cache, "logs", "tiny.log"));
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(toolFolders()).toEqual([]);
  });

  it("is made good by the next run once the cause is gone", async () => {
    await wrapGo(workshop, "exit 3");
    expect((await ensureTiny(workshop)).code).toBe(1);
    await wrapGo(workshop);
    const result = await ensureTiny(workshop);
    expect((await tryRun(pathOfTiny(result), [])).stderr).toBe("tiny 1.2.3\n");
    expect(existsSync(join(workshop.cache, "logs", "tiny.log"))).toBe(false);
  });
});

describe("a build that is cut short", () => {
  const buildStarts = async (): Promise<number> => {
    await waitUntil(async () => builds(workshop).length > 0, 60_000);
    return builds(workshop)[0] ?? 0;
  };

  it("is taken up by the next run after a SIGKILL, which also ends what the killed one left running", async () => {
    await wrapGo(workshop, "sleep 120");
    const { child, end } = startEnsure(workshop);
    const left = await buildStarts();
    child.kill("SIGKILL");
    expect((await end).signal).toBe("SIGKILL");
    expect(startTicksOf(left)).toBeDefined();
    expect(toolFolders()).toEqual([]);
    await wrapGo(workshop);
    const result = await ensureTiny(workshop);
    expect((await tryRun(pathOfTiny(result), [])).stderr).toBe("tiny 1.2.3\n");
    expect(await waitUntil(async () => startTicksOf(left) === undefined, 5_000)).toBe(true);
  });

  it("stops by itself on SIGTERM, ends by that signal and lets the next run begin at once", async () => {
    await wrapGo(workshop, "sleep 120");
    const { child, end } = startEnsure(workshop);
    const build = await buildStarts();
    child.kill("SIGTERM");
    expect((await end).signal).toBe("SIGTERM");
    expect(startTicksOf(build)).toBeUndefined();
    await wrapGo(workshop);
    const next = await ensureTiny(workshop);
    expect(next.code).toBe(0);
    expect(next.stderr).not.toContain("waiting");
  });
});

describe("before anything is started", () => {
  it("says that Go is missing, and what to do", async () => {
    const PATH = workshop.bin;
    const { code, stderr } = await ensureTiny({ ...workshop, env: { ...workshop.env, PATH } });
    expect(code).toBe(1);
    expect(stderr).toContain('there is no "go" on PATH');
    expect(stderr).toContain("DELIVERY_TOOLS_PATH");
    expect(existsSync(workshop.cache)).toBe(false);
  });
});
