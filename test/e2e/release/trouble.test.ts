import { spawn } from "node:child_process";
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTicksOf, waitUntil } from "../../../sandbox/processes/index.ts";
import { pipelineText } from "./pipelines";
import type { Variant } from "./pipelines";
import { ReleaseProject } from "./project";
import type { Answer, Made } from "./project";

const project = new ReleaseProject();
/** Statements that do nothing where the release is made, and something where its code renders it later. */
const LATER = 'if (process.env["HOME"]?.includes("delivery-release-"))';

const VARIANTS = {
  sound: { mark: "sound" },
  blocked: { mark: "blocked", before: `${LATER} { console.error("canary-block"); while (true); }` },
  exiting: { mark: "exiting", before: `${LATER} { console.error("I leave"); process.exit(7); }` },
  throwing: { mark: "throwing", before: `${LATER} throw new Error("the chart is broken");` },
  greedy: {
    mark: "greedy",
    before: `${LATER} { const all = []; while (true) all.push(new Array(1e6).fill("x")); }`,
  },
  printing: {
    mark: "printing",
    before: `${LATER} while (true) { try { writeSync(1, "x".repeat(10_000)); } catch { /* it is full */ } }`,
  },
  peeking: {
    mark: "peeking",
    objects: `{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "seen" }, data: { canary: process.env["CANARY"] ?? "none", config: process.env["PULUMI_CONFIG"] ?? "none" } },`,
  },
  two: { mark: "two", settings: 'replicas: 2, text: "a"' },
} satisfies Record<string, Variant>;
type Name = keyof typeof VARIANTS;
const made = {} as Record<Name, Made>;

const ask = (name: Name, more: object = {}): Promise<Answer> =>
  project.render({ releases: [made[name].release], ...more });
const workspaces = (): string[] =>
  readdirSync(join(project.dir, "tmp")).filter((name) => name.startsWith("delivery-release-"));
const worktrees = async (): Promise<string[]> =>
  (await project.git("worktree", "list", "--porcelain"))
    .split("\n")
    .filter((line) => line.startsWith("worktree "));

beforeAll(async () => {
  await project.start();
  project.write("infra/title.ts", 'export const title: string = "one";\n');
  project.write("infra/extra.txt", "text\n");
  for (const [name, variant] of Object.entries(VARIANTS)) {
    project.write("infra/pipeline.ts", pipelineText(variant));
    made[name as Name] = await project.make();
  }
  project.write("infra/pipeline.ts", pipelineText({ mark: "running", settings: 'replicas: 1, later: "x"' }));
  await project.commit();
});
beforeEach(() => project.forget());
afterAll(() => project.remove());

describe("the code of an older release", () => {
  it.each<[Name, string]>([
    ["exiting", "its code ended with exit code 7 and no answer: I leave"],
    ["throwing", "the chart is broken"],
    ["printing", "its code printed more than 1048576 bytes"],
  ])("that is %s is refused, saying why, and leaves nothing behind", async (name, sentence) => {
    const { problems } = await ask(name);
    expect(problems).toEqual([sentence]);
    expect(workspaces()).toEqual([]);
    expect(await worktrees()).toHaveLength(1);
  });

  it("that takes too much memory is refused, saying how much it may take", async () => {
    expect((await ask("greedy")).problems).toEqual(["its code took more than 1024 MiB of memory"]);
    expect(workspaces()).toEqual([]);
  });

  it("sees nothing of the environment that its render is asked for in", async () => {
    const env = { CANARY: "canary-7a31", PULUMI_CONFIG: "canary-7a31" };
    const { lists } = await ask("peeking", { env });
    const seen = lists[0]?.["dev-1"]?.objects.find(({ metadata }) => metadata.name === "seen");
    expect(seen?.data).toEqual({ canary: "none", config: "none" });
  });

  it("gets the settings that it has, and leaves out those that are younger than it, which is said", async () => {
    const { lists, said } = await ask("sound", { settings: { replicas: 5, later: "y" } });
    const { objects } = lists[0]!["dev-1"]!;
    expect(objects.find(({ kind }) => kind === "Deployment")?.spec).toMatchObject({ replicas: 5 });
    expect(said).toContain('it has no setting "later", so that is left out');
  });

  it("refuses a setting of another type than it has", async () => {
    const { problems } = await ask("two", { settings: { text: 3 } });
    expect(problems).toEqual(["delivery:config.text has to be a string there; correct it"]);
  });

  it("is not run twice for the same question, also when another clone asks", async () => {
    const root = join(project.dir, "clone");
    await project.git("clone", "--quiet", `file://${project.root}`, root);
    const before = await ask("sound");
    const again = await ask("sound", { root });
    expect(before.said).toContain(`the code at commit ${made.sound.release.commit} renders it`);
    expect(again).toEqual({ ...before, said: "" });
  });
});

describe("a release", () => {
  it("of sources that were never committed is refused, saying so", async () => {
    const release = { ...made.sound.release, commit: made.two.release.commit };
    const { problems } = await project.render({ releases: [release] });
    expect(problems).toEqual([
      expect.stringContaining("the pipeline's sources at its commit are not those it was made from"),
    ]);
  });

  it("of a commit that is not in the clone is refused, saying how to get it", async () => {
    const commit = "0123456789".repeat(4);
    const { problems } = await project.render({ releases: [{ ...made.sound.release, commit }] });
    expect(problems).toEqual([
      `commit ${commit} is not in this clone; get it with: git fetch origin ${commit}`,
    ]);
  });
});

describe("a shallow clone", () => {
  it("renders an older release once what its message names is done", async () => {
    const { release, lists } = made.sound;
    const root = join(project.dir, "shallow");
    await project.git("clone", "--quiet", "--depth=1", `file://${project.root}`, root);
    symlinkSync(join(project.dir, "node_modules"), join(root, "node_modules"));
    const { problems } = await project.render({ releases: [release], root });
    expect(problems).toEqual([
      expect.stringMatching(`commit ${release.commit} is not in this clone.* git fetch --unshallow`),
    ]);
    await project.git("-C", root, "fetch", "--quiet", "--unshallow");
    const after = await project.render({ releases: [release], root });
    expect(after.problems).toEqual([]);
    expect(after.lists[0]?.["dev-1"]).toEqual({ ...lists["dev-1"], by: "commit" });
  });
});

describe("a run that was killed", () => {
  const isGone = (pid: number): boolean => startTicksOf(pid) === undefined;

  /**
   * Starts a render that does not end, waits until its code runs, and ends the process that does it, or the one that
   * waits for its answer. All that they have started has to end by itself.
   */
  async function kill(signal: NodeJS.Signals, whom: "renders" | "waits" = "renders"): Promise<void> {
    const args = project.command({ releases: [made.blocked.release] });
    const child = spawn(process.execPath, args, {
      cwd: project.root,
      env: { ...project.env },
      stdio: "pipe",
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    await waitUntil(async () => workspaces().some(isRendering), 60_000);
    const pid = Number(/^delivery-release-\w{8}-(\d+)-/.exec(workspaces()[0] ?? "")?.[1]);
    expect(await waitUntil(async () => childrenOf(pid).length > 0, 60_000)).toBe(true);
    const renderers = childrenOf(pid);
    process.kill(whom === "renders" ? pid : child.pid!, signal);
    expect(await waitUntil(async () => [pid, ...renderers].every(isGone), 10_000)).toBe(true);
    await closed;
  }

  const isRendering = (workspace: string): boolean =>
    readdirSync(join(project.dir, "tmp", workspace)).includes("packages");

  it("by SIGTERM has removed its checkout, and ended its code", async () => {
    await kill("SIGTERM");
    expect(workspaces()).toEqual([]);
  });

  it("by SIGKILL of the program that waits for it has removed its checkout, and ended its code, all the same", async () => {
    await kill("SIGKILL", "waits");
    expect(workspaces()).toEqual([]);
  });

  it("by SIGKILL is cleaned up by the next one, which leaves the user's own worktrees alone", async () => {
    const own = join(project.dir, "own");
    await project.git("worktree", "add", "--quiet", "--detach", own);
    writeFileSync(join(own, "mine.txt"), "work in progress");
    await kill("SIGKILL");
    expect(workspaces()).toHaveLength(1);
    const { problems } = await ask("sound");
    expect(problems).toEqual([]);
    expect(workspaces()).toEqual([]);
    expect(await worktrees()).toEqual([`worktree ${project.root}`, `worktree ${own}`]);
    expect(readdirSync(own)).toContain("mine.txt");
  });
});

function childrenOf(pid: number): number[] {
  const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return all.filter((one) => parentOf(one) === pid);
}

/** Source: proc(5), `/proc/PID/stat`: the fourth field, behind a name that may have spaces. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]);
  } catch {
    return undefined;
  }
}
