import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeRelease } from "../../../components/release";
import type { Release } from "../../../components/release";
import { hashFiles } from "../../../components/source";
import { delivery } from "../../unit/cli/run";
import type { Said } from "../../unit/cli/run";

/** A project in a real Git repository. The engine is a program that answers with what a file says. */
const root = mkdtempSync(join(tmpdir(), "way-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PIPELINE = `
const environment = (from) => ({ from, delivery: { mode: "push" }, namespace: "shop", guards: [], waves: [{ name: "all", clusters: [from + "-1"], maxParallel: 1 }] });
export const pipeline = {
  app: "shop", source: { paths: ["app/**"], pipeline: ["infra/**"] }, images: {}, clusters: {}, config: { greeting: "hello" }, clusterScope: [],
  environments: { dev: environment("build"), staging: environment("dev") },
  manifests: ({ config }) => [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data: { greeting: config.greeting } }],
};
`;
const ENGINE = `#!${process.execPath}
const [, kind] = process.argv.slice(2);
const at = process.argv.indexOf("--stack");
const known = JSON.parse(require("node:fs").readFileSync(${JSON.stringify(join(root, "engine.json"))}, "utf8"));
if (known.outputs === undefined && kind === "output") {
  console.error("error: no stack named 'build' found");
  process.exit(255);
}
console.log(JSON.stringify(kind === "output" ? known.outputs : known.history[process.argv[at + 1]] ?? []));
`;

const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env["PATH"]}` } as Record<string, string>;
const run = (...words: string[]): Promise<Said> => delivery([...words, "--project", root], { env });
const file = (stack: string): string => join(root, "stacks", `Pulumi.${stack}.yaml`);
const config = (stack: string): Record<string, never> => parse(readFileSync(file(stack), "utf8")).config;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function commit(): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["add", "."], { cwd: root });
  execFileSync("git", [...who, "commit", "--quiet", "--allow-empty", "--message", "change"], { cwd: root });
  return execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
}

const history: Record<string, object[]> = { dev: [], staging: [] };
function engine(built: Release): void {
  write("engine.json", JSON.stringify({ outputs: { release: built }, history }));
}

/** What the engine remembers of an update that ran the release which a file names. */
function ran(stack: string, release: Release, result = "succeeded"): void {
  const [startTime, endTime] = [new Date(Date.now() - 60_000), new Date()].map((time) => time.toISOString());
  const value = { "delivery:release": { value: JSON.stringify(release) } };
  history[stack]!.unshift({ kind: "update", result, startTime, endTime, config: value });
}

/** A change of the application and the release that it makes. */
function build(text: string, schema?: Release["schema"]): Release {
  write("app/main.txt", text);
  const made = { commit: commit(), sources: hashFiles(root, ["infra/**"]), images: {} };
  const release = makeRelease("shop", schema === undefined ? made : { ...made, schema });
  engine(release);
  return release;
}

let first: Release;
let second: Release;
beforeAll(() => {
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: root });
  write(".gitignore", "engine.json\nbin/\n");
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
  write("infra/pipeline.ts", PIPELINE);
  for (const stack of ["dev", "staging"]) write(`stacks/Pulumi.${stack}.yaml`, "# the shop's\nconfig: {}\n");
  write("bin/pulumi", ENGINE);
  chmodSync(join(root, "bin/pulumi"), 0o755);
  first = build("one", { revision: 1, minCompatible: 1 });
});

describe("a release on its way, without a ledger", () => {
  it("is not there in the beginning, so nothing is delivered: no failure", async () => {
    const said = await run("up", "staging", "--json");
    expect(said.code).toBe(0);
    expect(JSON.parse(said.stdout)).toEqual({ environment: "staging", release: null, changes: {} });
    expect((await run("up", "staging")).stdout).toContain("delivery promote staging brings a release there");
  });

  it("has to be built first: what to do is said", async () => {
    write("engine.json", JSON.stringify({ history }));
    const { code, stderr } = await run("promote", "dev");
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("pulumi stack init build && delivery up build"),
    ]);
    engine(first);
  });

  it("goes from the build to the first environment, and a second time nothing changes", async () => {
    const said = await run("promote", "dev");
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toContain(`dev: nothing → ${first.id} (from build)`);
    expect(config("dev")["delivery:release"]).toEqual(first);
    expect(readFileSync(file("dev"), "utf8")).toContain("# the shop's");
    expect((await run("promote", "dev")).stdout).toContain("nothing was changed");
    commit();
  });

  it("does not go on before it has succeeded there: code 3, and the file stays", async () => {
    const said = await run("promote", "staging");
    expect(said.code).toBe(3);
    expect(said.stdout).toContain(`${first.id} is not verified in dev`);
    ran("dev", first, "failed");
    engine(first);
    expect((await run("promote", "staging")).code).toBe(3);
    expect(config("staging")).toEqual({});
  });

  it("goes on when the engine's history says that it has succeeded", async () => {
    ran("dev", first);
    engine(first);
    const { code, stdout } = await run("promote", "staging", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ from: "dev", changed: true, outcome: "pass", release: first });
    ran("staging", first);
    commit();
  });

  it("is stopped by a hold, goes over it with a reason that is kept, and goes on when the hold is lifted", async () => {
    second = build("two", { revision: 2, minCompatible: 1 });
    await run("promote", "dev");
    ran("dev", second);
    engine(second);
    commit();
    await run("hold", "staging", "--reason", "INC-231", "--until", "2999-01-01");
    const held = await run("promote", "staging");
    expect([held.code, held.stdout]).toEqual([3, expect.stringContaining("INC-231; lift the hold first")]);
    expect((await run("promote", "staging", "--override", "the fix")).code).toBe(0);
    expect(config("staging")["delivery:override"]).toEqual({ release: second.id, reason: "the fix" });
    const text = readFileSync(file("staging"), "utf8");
    write("stacks/Pulumi.staging.yaml", text.replace(/ +delivery:override:(?:\n {4}.*)+/, ""));
    const blocked = await run("preview", "--base", "HEAD", "--json");
    expect([blocked.code, JSON.parse(blocked.stdout)]).toMatchObject([3, { blocked: true }]);
    write("stacks/Pulumi.staging.yaml", text);
    await run("hold", "staging", "--lift");
    expect(config("staging")["delivery:hold"]).toBeUndefined();
  });

  it("is shown in a preview, with its verdicts and the way back", async () => {
    const { code, stdout } = await run("preview", "--md", "--base", "HEAD");
    expect(code).toBe(0);
    expect(stdout).toContain("### staging");
    expect(stdout).toMatch(/^- . override: overridden: the fix$|^- . upstream: verified in dev/m);
    expect(stdout).toContain(`- way back: ${first.id} · verified`);
    expect(stdout).toContain(second.id);
    const text = readFileSync(file("staging"), "utf8");
    write("stacks/Pulumi.staging.yaml", `${text}  delivery:ledger: https://127.0.0.1:1/deploy.git\n`);
    const unjudged = await run("preview", "--md", "--base", "HEAD");
    expect(unjudged).toMatchObject({ code: 0, stdout: expect.stringContaining("| ? not judged |") });
    expect(unjudged.stdout).toContain(`\`${first.id}\` → \`${second.id}\``);
    expect(unjudged.stdout).toContain("The promotion could not be judged:");
    expect((await run("preview", "--base", "HEAD")).stdout).toContain(
      "guards    not asked: Ledger of staging",
    );
    write("stacks/Pulumi.staging.yaml", text);
    ran("staging", second);
    engine(second);
    commit();
  });

  it("is taken back to what has succeeded before, with a hold, and its schema has to fit", async () => {
    const back = await run("rollback", "staging", "--reason", "INC-232", "--json");
    expect(back.code).toBe(0);
    expect(config("staging")).toMatchObject({
      "delivery:release": first,
      "delivery:hold": { reason: "INC-232" },
    });
    expect(config("staging")["delivery:override"]).toBeUndefined();
    const third = build("three", { revision: 3, minCompatible: 3 });
    write("stacks/Pulumi.staging.yaml", `config:\n  delivery:release: ${JSON.stringify(third)}\n`);
    ran("staging", third);
    engine(third);
    const refused = await run("rollback", "staging", "--to", first.id);
    expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining("its code is of schema 1")]);
    expect(config("staging")["delivery:release"]).toEqual(third);
  });
});
