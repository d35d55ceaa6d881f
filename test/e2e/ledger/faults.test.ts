import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addIdentity,
  clearFaults,
  clearRequests,
  expireToken,
  requests,
  setFault,
} from "../../../sandbox/git/index.ts";
import { freePort, run, tryRun } from "../../../sandbox/processes/index.ts";
import { installLibrary } from "./library";
import {
  BRANCH,
  TOKEN_VARIABLE,
  argsFor,
  commitCount,
  endWorld,
  failureOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
  tipOf,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";
import { writerCommand } from "./writers";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
  installLibrary(world.dir);
});
afterEach(async () => {
  await clearFaults(world.server);
  expect(leftovers()).toEqual([]);
});
afterAll(() => endWorld(world));

const files = (value: number): Record<string, string> => ({ "clusters/eu/a.yaml": `a: ${value}\n` });

/** A repository with one publication. */
async function begun(name: string): Promise<Deploy> {
  const deploy = await newDeploy(world, name);
  await publishIn(world, argsFor(deploy, files(1)));
  await clearRequests(world.server);
  return deploy;
}

async function asked(): Promise<number> {
  return (await requests(world.server)).length;
}

describe("credentials that are refused", () => {
  it("are said to be, with the place that they come from, and after one request", async () => {
    const deploy = await begun("auth");
    const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: "canary-wrong-token" };
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2)), { environment }));
    expect(error.failure).toBe("authentication");
    expect(error.message).toContain(`the environment variable ${TOKEN_VARIABLE}`);
    expect(error.message).not.toContain("canary");
    expect(await asked()).toBe(1);
  });

  it("are missed where there are none: by name when they were described, by the default's when not", async () => {
    const deploy = await begun("none");
    const environment = { PATH: process.env["PATH"] };
    const described = await failureOf(publishIn(world, argsFor(deploy, files(2)), { environment }));
    expect(described.message).toContain(`there is no secret in the environment variable ${TOKEN_VARIABLE}`);
    const { repository, branch, prefixes, files: content, message } = argsFor(deploy, files(2));
    const rest = { repository, branch, prefixes, files: content, message };
    const byDefault = await failureOf(publishIn(world, rest, { environment }));
    expect(byDefault.failure).toBe("authentication");
    expect(byDefault.message).toContain("DELIVERY_GIT_TOKEN");
  });

  it("of somebody who may only read are told apart, and the branch stays", async () => {
    const deploy = await begun("read-only");
    const reader = await addIdentity(world.server, { login: "reader", access: { "acme/read-only": "read" } });
    const tip = await tipOf(deploy, BRANCH);
    const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: reader.token };
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2)), { environment }));
    expect(error.failure).toBe("permission");
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    const unchanged = await publishIn(world, argsFor(deploy, files(1)), { environment });
    expect(unchanged.result).toBe("unchanged");
  });

  it("of somebody who may not even see the repository read as: there is none", async () => {
    const deploy = await begun("hidden");
    const nobody = await addIdentity(world.server, { login: "nobody", access: {} });
    const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: nobody.token };
    expect((await failureOf(publishIn(world, argsFor(deploy, files(2)), { environment }))).failure).toBe(
      "not-found",
    );
  });

  it("that run out between fetch and push are looked up again, once", async () => {
    const deploy = await begun("renewed");
    const path = join(world.dir, "token");
    const grants = { "acme/renewed": "write" } as const;
    const first = await addIdentity(world.server, { login: "writer-1", access: grants });
    const second = await addIdentity(world.server, { login: "writer-2", access: grants });
    writeFileSync(path, first.token);
    const args = argsFor(deploy, files(2), { access: { kind: "token", token: { file: path } } });
    // The server is asked again at the push: a pause there is the time in which the token runs out.
    await setFault(world.server, { kind: "pause", path: "*git-receive-pack*", times: 1 });
    const publishing = publishIn(world, args);
    await expect
      .poll(async () => (await requests(world.server)).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(3);
    await expireToken(world.server, "writer-1");
    writeFileSync(path, second.token);
    await clearFaults(world.server);
    expect((await publishing).result).toBe("published");
    await expireToken(world.server, "writer-2");
    const error = await failureOf(publishIn(world, argsFor(deploy, files(3), { access: args.access! })));
    expect(error.failure).toBe("authentication");
    expect(error.message).toContain(`the file ${path}`);
  });
});

describe("a server with too many requests", () => {
  it.each(["secondary", "primary"] as const)(
    "(%s limit) is waited for as long as it says, and not asked meanwhile",
    async (limit) => {
      const deploy = await begun(`limit-${limit}`);
      await setFault(world.server, { kind: "rate-limit", limit, retryAfterSeconds: 2, times: 1 });
      const steps: string[] = [];
      const made = await publishIn(world, argsFor(deploy, files(2)), { onStep: (step) => steps.push(step) });
      expect(made.result).toBe("published");
      expect(steps[0]).toBe("waiting");
      const [limited, next] = (await requests(world.server)).map(({ at }) => Date.parse(at));
      // The log has whole seconds, and so has a reset time: the wait may begin in the middle of one.
      expect(next! - limited!).toBeGreaterThanOrEqual(limit === "primary" ? 1000 : 2000);
      expect(await commitCount(deploy, BRANCH)).toBe(2);
    },
  );

  it("is given up when it says longer than one wants to wait, after one request", async () => {
    const deploy = await begun("limit-long");
    await setFault(world.server, { kind: "rate-limit", limit: "secondary", retryAfterSeconds: 3600 });
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2))));
    expect(error).toMatchObject({ failure: "rate-limited", retryAfterSeconds: 3600 });
    expect(error.message).toContain("try again in 3600 s");
    expect(await asked()).toBe(1);
  });
});

describe("a server that fails", () => {
  it("now and then is tried again", async () => {
    const deploy = await begun("flaky");
    await setFault(world.server, { kind: "status", status: 503, times: 2 });
    expect((await publishIn(world, argsFor(deploy, files(2)))).result).toBe("published");
  });

  it("always is given up after a few tries, with its status", async () => {
    const deploy = await begun("failing");
    await setFault(world.server, { kind: "status", status: 500 });
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2))));
    expect(error.failure).toBe("unreachable");
    expect(error.message).toContain("HTTP 500");
    expect(await asked()).toBe(4);
  });

  it("to answer at all is named", async () => {
    const deploy = await begun("down");
    const port = await freePort();
    const repository = `http://127.0.0.1:${port}/acme/down.git`;
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2), { repository })));
    expect(error.failure).toBe("unreachable");
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  it("to answer the push although it took it: the commit is found, and not made again", async () => {
    const deploy = await begun("cut");
    await setFault(world.server, {
      kind: "cut-response",
      path: "*/git-receive-pack",
      afterBytes: 1,
      times: 1,
    });
    const made = await publishIn(world, argsFor(deploy, files(2)));
    expect(made).toMatchObject({ result: "published", commit: await tipOf(deploy, BRANCH) });
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });

  it("in the middle of the push is sent it again", async () => {
    const deploy = await begun("cut-request");
    await setFault(world.server, {
      kind: "cut-request",
      path: "*/git-receive-pack",
      afterBytes: 20,
      times: 1,
    });
    expect((await publishIn(world, argsFor(deploy, files(2)))).result).toBe("published");
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });

  it("by sending elsewhere is not followed, since the token would go there", async () => {
    const deploy = await begun("moved");
    await setFault(world.server, { kind: "status", status: 301 });
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2))));
    expect(error.failure).toBe("not-found");
    expect(error.message).toContain("has moved");
  });
});

describe("a branch that cannot be made", () => {
  it("beside one that has the name of its folder is refused after a few tries, in the server's words", async () => {
    const deploy = await newDeploy(world, "conflict");
    await publishIn(world, argsFor(deploy, files(1), { branch: "deploy" }));
    const error = await failureOf(publishIn(world, argsFor(deploy, files(1), { branch: "deploy/shop" })));
    expect(error.failure).toBe("other");
    expect(await git(deploy, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/deploy");
  });
});

describe("this machine", () => {
  /** What a publisher says that fails there, under a limit of the shell's. */
  async function failIn(deploy: Deploy, tmp: string, limit = ""): Promise<string> {
    const settings = { prefix: "clusters/eu", rounds: 1, noiseBytes: 4_000_000, stack: "shop/prod" };
    const command = writerCommand(deploy, settings);
    const env = { PATH: process.env["PATH"], TMPDIR: tmp, [TOKEN_VARIABLE]: world.server.token };
    const said = await tryRun("sh", ["-c", `${limit} exec "$@"`, "sh", ...command], {
      cwd: world.dir,
      env,
      timeoutMs: 60_000,
    });
    expect(said.code).not.toBe(0);
    return said.stderr;
  }

  it("with a full disk fails in a sentence, and the branch stays", async ({ skip }) => {
    const mount = mkdtempSync(join(world.dir, "small-"));
    const mounted = await tryRun("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", mount]);
    if (mounted.code !== 0) skip("mounting is not allowed here; the next test needs no rights");
    try {
      const deploy = await begun("disk");
      const tip = await tipOf(deploy, BRANCH);
      expect(await failIn(deploy, mount)).toContain("the temporary folder is full");
      expect(await tipOf(deploy, BRANCH)).toBe(tip);
      expect(leftovers(undefined, mount)).toEqual([]);
    } finally {
      await run("umount", [mount]);
    }
  });

  it("that lets no file grow that large fails in a sentence, and the branch stays", async () => {
    const deploy = await begun("large");
    const tip = await tipOf(deploy, BRANCH);
    const tmp = mkdtempSync(join(world.dir, "large-"));
    const said = await failIn(deploy, tmp, "ulimit -f 1024 &&");
    expect(said).toContain("this machine's limits (open files, size of a file,");
    expect(said).not.toContain("    at ");
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    expect(leftovers(undefined, tmp)).toEqual([]);
  });

  it("whose temporary folder nobody may write to, the administrator neither, is named", async () => {
    const deploy = await begun("sealed");
    expect(await failIn(deploy, "/sys/kernel")).toMatch(
      /no temporary folder could be made in \/sys\/kernel \((EACCES|EPERM|EROFS)\)/,
    );
  });

  it("with a folder that cannot be written to names it", async () => {
    const deploy = await begun("no-tmp");
    const missing = join(world.dir, "missing");
    expect(await failIn(deploy, missing)).toContain(`no temporary folder could be made in ${missing}`);
  });

  it("with few open files either publishes or says so, and leaves nothing half done", async () => {
    const deploy = await begun("files");
    const tmp = join(world.dir, "few");
    mkdirSync(tmp);
    const env = { PATH: process.env["PATH"], TMPDIR: tmp, [TOKEN_VARIABLE]: world.server.token };
    const outcomes: string[] = [];
    // Node needs about 20 to begin. The first ones that do are too few to start Git, the last ones are enough.
    for (const limit of [22, 24, 26, 28, 30, 64]) {
      const before = await git(deploy, "show", `${BRANCH}:clusters/eu/a.yaml`);
      const settings = { prefix: "clusters/eu", rounds: 1, files: files(limit), stack: "shop/prod" };
      const command = ["-c", `ulimit -n ${limit} && exec "$@"`, "sh", ...writerCommand(deploy, settings)];
      const said = await tryRun("sh", command, { cwd: world.dir, env });
      if (said.code !== 0 && said.code !== 1) continue;
      expect(said.stderr).not.toContain("    at ");
      const after = await git(deploy, "show", `${BRANCH}:clusters/eu/a.yaml`);
      expect(after).toBe(said.code === 0 ? `a: ${limit}` : before);
      outcomes.push(said.code === 0 ? "published" : said.stderr);
    }
    expect(outcomes.join()).toContain("this machine's limits (open files,");
    expect(outcomes.at(-1)).toBe("published");
    expect(leftovers(undefined, tmp)).toEqual([]);
  });
});
