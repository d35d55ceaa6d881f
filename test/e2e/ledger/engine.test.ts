import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearFaults, clearRequests, requests, setFault } from "../../../sandbox/git/index.ts";
import { newProgram, up } from "./engine";
import type { Program } from "./engine";
import {
  BRANCH,
  TOKEN_VARIABLE,
  cloneAs,
  commitCount,
  endWorld,
  filesOf,
  git,
  newDeploy,
  startWorld,
  tipOf,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const WEB = "kind: Deployment\nspec:\n  replicas: 2\n";
const access = { kind: "token", token: { variable: TOKEN_VARIABLE } };

const argsText = (deploy: Deploy, rest: object = {}): string =>
  JSON.stringify({
    repository: deploy.repository,
    branch: BRANCH,
    access,
    prefixes: ["clusters/eu"],
    files: { "clusters/eu/web.yaml": WEB, "clusters/eu/service.yaml": "kind: Service\n" },
    message: { subject: "Deploy shop-1", release: "shop-1" },
    ...rest,
  });

const commitOf = (deploy: Deploy, rest: object = {}, name = "eu"): string =>
  `exports.${name} = new GitCommit("${name}", ${argsText(deploy, rest)}).commit;`;

/** A repository and a program of its own, so that tests can run at the same time. */
interface Begun {
  readonly deploy: Deploy;
  readonly program: Program;
  ok(args: readonly string[], env?: Record<string, string>): Promise<string>;
  fails(args: readonly string[], env?: Record<string, string>): Promise<string>;
}

async function begin(name: string): Promise<Begun> {
  const [deploy, program] = [await newDeploy(world, name), await newProgram(world, name)];
  const run = async (
    args: readonly string[],
    env: Record<string, string>,
    good: boolean,
  ): Promise<string> => {
    const { code, output } = await program.pulumi(args, env);
    expect(output, output).toSatisfy(() => (code === 0) === good);
    return output;
  };
  return {
    ...{ deploy, program },
    ok: (args, env = {}) => run(args, env, true),
    fails: (args, env = {}) => run(args, env, false),
  };
}

describe.concurrent("GitCommit, by the real engine", () => {
  it("publishes, shows each file's change in a preview, and leaves an unchanged branch alone", async () => {
    const { deploy, program, ok } = await begin("shop");
    program.write(commitOf(deploy));
    await ok(up);
    expect(await ok(["stack", "output", "eu"])).toContain(await tipOf(deploy, BRANCH));
    expect(await git(deploy, "log", "-1", "--format=%B", BRANCH)).toBe(
      "Deploy shop-1\n\nDelivery-Release: shop-1\nDelivery-Stack: shop/prod",
    );
    await ok(up);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    const files = {
      "clusters/eu/web.yaml": WEB.replace("2", "3"),
      "clusters/eu/service.yaml": "kind: Service\n",
    };
    program.write(commitOf(deploy, { files }));
    const preview = await ok(["preview", "--diff"]);
    expect(preview).toMatch(/~ clusters\/eu\/web\.yaml/);
    expect(preview).toContain("~ replicas: 2 => 3");
    expect(preview).not.toMatch(/~ clusters\/eu\/service\.yaml/);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    await ok(up);
    expect(await commitCount(deploy, BRANCH)).toBe(2);
    const state = await ok(["stack", "export"]);
    expect(state).not.toContain(world.server.token);
    await ok(["destroy", "--yes"]);
    expect(await filesOf(deploy, BRANCH)).toEqual({});
  });

  it("says every problem at once, in the preview, without a value and without a change", async () => {
    const { deploy, program, fails } = await begin("problems");
    program.write(
      commitOf(deploy, {
        repository: "https://user:canary-password@example.com/a.git",
        branch: "a..b",
        files: { "../x.yaml": "canary-text", "clusters/eu/.GIT/config": "x" },
      }),
    );
    const output = await fails(["preview"]);
    for (const part of ["credentials", '"a..b"', "../x.yaml", ".GIT"]) expect(output).toContain(part);
    expect(output).not.toMatch(/canary|at new GitCommit|node_modules/);
    expect(await git(deploy, "for-each-ref")).toBe("");
  });

  it("of a delivery is never made while anything is wrong with its manifests: all of it is said at once, in the preview", async () => {
    const { deploy, program, fails } = await begin("manifests");
    const [name, server] = ["eu", "https://eu.example.com"];
    const kubeconfig = JSON.stringify({
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: "me" } }],
      clusters: [{ name, cluster: { server } }],
      users: [{ name: "me", user: { token: "t" } }],
    });
    const object = (metadata: object, data?: object): object => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data,
    });
    const manifests = [
      object({ generateName: "a-" }),
      object({ name: "Web_1" }),
      object({ name: "twice" }),
      object({ name: "twice" }),
      object({ name: "config" }, { url: "https://${HOST}/" }),
      { ...object({ name: "keys" }), kind: "Secret", stringData: { password: "canary-text" } },
    ];
    const ledger = { repository: deploy.repository, access, branch: BRANCH };
    const args = JSON.stringify({ clusters: [{ name, kubeconfig }], ledger, manifests });
    program.write(`new (require("pulumi-delivery").PushDelivery)("shop", ${args});`);
    const output = await fails(["preview"]);
    for (const said of [
      "generateName",
      "Web_1",
      "declared twice",
      'data.url has "${"',
      "stringData.password",
    ])
      expect(output).toContain(said);
    expect(output).not.toContain("canary-text");
    expect(await git(deploy, "for-each-ref")).toBe("");
  });

  it("refuses a secret on its way to Git by the name of the file", async () => {
    const { deploy, program, fails } = await begin("secret");
    program.write(`
      const args = ${argsText(deploy)};
      const password = pulumi.secret("canary-5ecret");
      args.files["clusters/eu/web.yaml"] = pulumi.interpolate\`password: \${password}\`;
      new GitCommit("eu", args);`);
    for (const command of [["preview"], up]) {
      const output = await fails(command);
      expect(output).toContain('files["clusters/eu/web.yaml"] is a secret');
      expect(output).not.toContain("canary-5ecret");
    }
    expect(await git(deploy, "for-each-ref")).toBe("");
  });

  it("shows a placeholder for what a preview cannot know, and publishes what it becomes", async () => {
    const { deploy, program, ok } = await begin("unknown");
    program.write(`
      const other = new GitCommit("first", ${argsText(deploy, { prefixes: ["clusters/first"], files: { "clusters/first/a": "a\n" } })});
      const args = ${argsText(deploy)};
      args.files["clusters/eu/web.yaml"] = pulumi.interpolate\`commit: "\${other.commit}"\n\`;
      new GitCommit("eu", args);`);
    const preview = await ok(["preview", "--diff"]);
    expect(preview).not.toMatch(/toString|04da6b54/);
    await ok(up);
    expect((await filesOf(deploy, BRANCH))["clusters/eu/web.yaml"]).toMatch(/^commit: "[0-9a-f]{40}"$/);
  });

  it("leaves the branch as it is when a program throws, or has nothing to publish", async () => {
    const { deploy, program, ok, fails } = await begin("failed-render");
    program.write(commitOf(deploy));
    await ok(up);
    const before = await tipOf(deploy, BRANCH);
    program.write('throw new Error("the chart is broken");');
    expect(await fails(up)).toContain("the chart is broken");
    program.write(commitOf(deploy, { files: {} }));
    for (const command of [["preview"], up]) expect(await fails(command)).toContain("files");
    expect(await tipOf(deploy, BRANCH)).toBe(before);
    program.write(commitOf(deploy));
    await ok([...up, "--expect-no-changes"]);
  });

  it("publishes one of two inputs whole when two updates of a stack run at once", async () => {
    const { deploy, program } = await begin("at-once");
    program.write(`
      const args = ${argsText(deploy)};
      for (const path of Object.keys(args.files)) args.files[path] = \`by: \${process.env["WRITER"]}\\n\`;
      new GitCommit("eu", args);`);
    const runs = await Promise.all(["one", "two"].map((WRITER) => program.pulumi(up, { WRITER })));
    expect(runs.map(({ code }) => code)).toContain(0);
    for (const { code, output } of runs) if (code !== 0) expect(output).toContain("currently locked");
    const texts = Object.values(await filesOf(deploy, BRANCH));
    expect(texts).toHaveLength(2);
    expect(new Set(texts).size).toBe(1);
  });

  it("refuses two resources of one folder, one inside the other's too, in the preview", async () => {
    const { deploy, program, fails } = await begin("overlap");
    const inner = { prefixes: ["clusters/eu/deep"], files: { "clusters/eu/deep/a.yaml": "a\n" } };
    program.write(`${commitOf(deploy)}\n${commitOf(deploy, inner, "deep")}`);
    expect(await fails(["preview"])).toContain("a folder has one owner");
  });

  it("shows what others changed in a refresh, and puts it right in the next update", async () => {
    const { deploy, program, ok } = await begin("drift");
    program.write(commitOf(deploy));
    await ok(up);
    const person = await cloneAs(world, deploy, BRANCH, "Ann Example");
    writeFileSync(join(person.cwd, "clusters/eu/web.yaml"), WEB.replace("2", "9"));
    writeFileSync(join(person.cwd, "elsewhere.yaml"), "x\n");
    await person.run("add", "-A");
    await person.run("commit", "--quiet", "-m", "Hot fix");
    await person.run("push", "--quiet");
    const refreshed = await ok(["refresh", "--yes", "--diff"]);
    expect(refreshed).toContain("changed by Ann Example");
    expect(refreshed).toContain("Hot fix");
    expect(await ok(["preview", "--diff"])).toMatch(/~ clusters\/eu\/web\.yaml/);
    await ok(up);
    const files = await filesOf(deploy, BRANCH);
    expect(files["clusters/eu/web.yaml"]).toBe(WEB.trimEnd());
    expect(files["elsewhere.yaml"]).toBe("x");
    expect(await ok(["refresh", "--yes", "--diff"])).not.toContain("changed by");
  });

  it("is adopted when the run was killed between the push and the state: no second commit", async () => {
    const { deploy, program, ok } = await begin("adopt");
    program.write(commitOf(deploy));
    const before = await ok(["stack", "export"]);
    await ok(up);
    writeFileSync(join(program.folder, "before.json"), before);
    await ok(["stack", "import", "--file", "before.json"]);
    await ok(up);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
  });

  it("with a token that has run out fails alone, without the token in its words", async () => {
    const { deploy, program, fails } = await begin("expired");
    const other = await newDeploy(world, "not-expired");
    const expired = { kind: "token", token: { variable: "EXPIRED" } };
    program.write(`${commitOf(deploy, { access: expired })}\n${commitOf(other, {}, "other")}`);
    const output = await fails([...up, "--continue-on-error"], { EXPIRED: "canary-expired" });
    expect(output).toContain("EXPIRED");
    expect(output).not.toContain("canary-expired");
    expect(await git(deploy, "for-each-ref")).toBe("");
    expect(await commitCount(other, BRANCH)).toBe(1);
  });

  it("keeps a folder that another resource of the program has taken over", async () => {
    const { deploy, program, ok } = await begin("taken");
    program.write(commitOf(deploy, {}, "before"));
    await ok(up);
    program.write(commitOf(deploy, {}, "after"));
    await ok(up);
    expect(Object.keys(await filesOf(deploy, BRANCH))).toHaveLength(2);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    program.write(commitOf(deploy, { teardown: "keep" }, "after"));
    await ok(up);
    await ok(["destroy", "--yes"]);
    expect(Object.keys(await filesOf(deploy, BRANCH))).toHaveLength(2);
  });

  it("takes its token from the stack's secret configuration, and nothing has it in the clear", async () => {
    const { deploy, program, ok } = await begin("config");
    const token = world.server.token;
    await ok(["config", "set", "--secret", "delivery:gitToken", token]);
    const fromConfig = { kind: "token", token: { config: "delivery:gitToken" } };
    program.write(commitOf(deploy, { access: fromConfig }));
    const output = await ok(["up", "--yes"], { [TOKEN_VARIABLE]: "" });
    expect(output + (await ok(["stack", "export"]))).not.toContain(token);
    await ok(["destroy", "--yes"], { [TOKEN_VARIABLE]: "" });
    expect(await filesOf(deploy, BRANCH)).toEqual({});
    const kept = readdirSync(join(world.dir, "pulumi-state"), { recursive: true, withFileTypes: true });
    const texts = kept
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.some((text) => text.includes(token))).toBe(false);
  });
});

describe("GitCommit, while the ledger has no answer", () => {
  it("says in the preview that the ledger cannot be reached, and fails only what needs it", async () => {
    const { deploy, program, ok, fails } = await begin("unreachable");
    program.write(commitOf(deploy));
    await ok(up);
    const said = `the ledger "${BRANCH}" of ${deploy.repository} cannot be reached`;
    await setFault(world.server, { kind: "status", status: 503 });
    try {
      await clearRequests(world.server);
      expect(await ok([...up, "--expect-no-changes"])).not.toContain(said);
      expect(await requests(world.server)).toEqual([]);
      const files = { "clusters/eu/web.yaml": WEB.replace("2", "3") };
      program.write(commitOf(deploy, { files }));
      expect(await ok(["preview"])).toContain(said);
      expect(await fails(up)).toContain("HTTP 503");
    } finally {
      await clearFaults(world.server);
    }
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    await ok(up);
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });
});
