import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { editStackFile } from "../../../components/promotion";
import { makeRelease } from "../../../components/release";
import type { Release } from "../../../components/release";
import { hashFiles } from "../../../components/source";
import { delivery } from "../../unit/cli/run";
import type { Said } from "../../unit/cli/run";

const YAML = createRequire(import.meta.url).resolve("yaml");

/** An image, and another registry for production. */
export interface WorldImages {
  readonly repository: string;
  readonly registry: string;
}

/** One environment with two waves of one cluster each, below another one. */
const pipelineOf = (images: WorldImages | undefined, ledger: string | undefined): string => `
const wave = (name, ...clusters) => ({ name, clusters, maxParallel: 1 });
const common = { delivery: { mode: "push" }, namespace: "shop", guards: [] };
export const pipeline = {
  app: "shop", source: { paths: ["app/**"], pipeline: ["infra/**"] }, images: ${imagesOf(images)}, ledger: ${ledger}, clusters: {}, config: {}, clusterScope: [],
  environments: {
    dev: { ...common, from: "build", waves: [wave("all", "dev-1")] },
    prod: { ...common, from: "dev", registry: ${JSON.stringify(images?.registry)}, waves: [wave("canary", "eu-1"), wave("rest", "us-1")] },
  },
  manifests: () => [],
};
`;

const imagesOf = (images: WorldImages | undefined): string =>
  JSON.stringify(images === undefined ? {} : { shop: { repository: images.repository, context: "app" } });

/**
 * A program in the place of the engine. It takes what a stack's file says, pins included, to the clusters, wave by wave,
 * until one of them gets a release that \`bad.json\` says it cannot run; it keeps what runs where and its history.
 */
const ENGINE = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require(${JSON.stringify(YAML)});
const words = process.argv.slice(2);
const value = (name) => words[words.indexOf(name) + 1];
const at = (name) => join(__dirname, name);
const read = (name, none) => (existsSync(at(name)) ? JSON.parse(readFileSync(at(name), "utf8")) : none);
const write = (name, what) => writeFileSync(at(name), JSON.stringify(what));
const stack = value("--stack");
const history = read("history.json", {});
const print = (what) => console.log(JSON.stringify(what));
const refusal = read("refusal.json");
// The last version that writes its events into a file.
if (words[0] === "version") console.log("v3.200.0");
else if (words[0] === refusal?.command) refuse(refusal.says);
else if (words[1] === "output") print(stack === "build" ? read("built.json", {}) : {});
else if (words[1] === "export") print(read("state.json", {}));
else if (words[1] === "history") print(history[stack] ?? []);
else if (words[0] === "up") up();

function refuse(says) {
  console.error("warning: A new version of Pulumi is available.\\n" + says);
  process.exitCode = 255;
}

function up() {
  const { config } = parse(readFileSync(join(__dirname, "..", "stacks", "Pulumi." + stack + ".yaml"), "utf8"));
  const [running, bad] = [read("running.json", {}), read("bad.json", {})];
  const waves = stack === "dev" ? [["all", "dev-1"]] : [["canary", "eu-1"], ["rest", "us-1"]];
  const event = (what, name) => appendFileSync(value("--event-log"), JSON.stringify({ sequence: 1, timestamp: 1, ...what("urn:pulumi:x::shop::delivery:push:Gate::shop/gate/" + name) }) + "\\n");
  const passes = waves.every(([name, cluster]) => {
    const { id } = config["delivery:pins"]?.[cluster] ?? config["delivery:release"];
    running[cluster] = id;
    const isGood = !(bad[cluster] ?? []).includes(id);
    if (isGood) event((urn) => ({ resOutputsEvent: { metadata: { op: "update", urn } } }), name);
    else {
      event((urn) => ({ resOpFailedEvent: { metadata: { op: "update", urn } } }), name);
      event(() => ({ diagnosticEvent: { severity: "error", message: cluster + " cannot run " + id } }), name);
    }
    return isGood;
  });
  write("running.json", running);
  const time = new Date().toISOString();
  const update = { kind: "update", result: passes ? "succeeded" : "failed", startTime: time, endTime: time, resourceChanges: { update: 1 }, config: Object.fromEntries(["delivery:release", "delivery:override", "delivery:pins"].flatMap((key) => config[key] ? [[key, { value: JSON.stringify(config[key]) }]] : [])) };
  write("history.json", { ...history, [stack]: [update, ...(history[stack] ?? [])] });
  process.exitCode = passes ? 0 : 255;
}
`;

/** A project in a real Git repository, with a stand-in of the engine that brings releases to clusters of its own. */
export interface World {
  readonly root: string;
  run(...words: string[]): Promise<Said>;
  /** With these variables as well. */
  runWith(variables: Readonly<Record<string, string>>, ...words: string[]): Promise<Said>;
  /** What the file of a stack says. */
  config(stack: string): Readonly<Record<string, never>>;
  /** What each cluster runs, by the engine's own notes. */
  running(): Readonly<Record<string, string>>;
  /** Clusters that fail with these releases. */
  breakOn(bad: Readonly<Record<string, readonly string[]>>): void;
  /** Makes the engine refuse a command, as "stack" or "up", with these words; nothing refuses none any more. */
  refuse(command?: string, says?: string): void;
  write(path: string, text: string): void;
  commit(): string;
  /** A change of the application, built and, by the files alone, brought to dev. */
  buildToDev(text: string): Release;
  close(): void;
}

/**
 * @param images what is built, if anything is
 * @param hasLedger whether there is one; the test that says so takes `fakeReadLedger` for the reading of ledgers
 */
export function openWorld(images?: WorldImages, hasLedger = false): World {
  const root = mkdtempSync(join(tmpdir(), "delivery-engine-"));
  const PATH = `${join(root, "bin")}:${process.env["PATH"]}`;
  // The engine's version is asked for with the variables of this process.
  const former = process.env["PATH"];
  process.env["PATH"] = PATH;
  const env = { ...process.env, PATH } as Record<string, string>;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  const commit = (): string => {
    git("add", ".");
    git(...who, "commit", "--quiet", "--allow-empty", "--message", "change");
    return git("rev-parse", "HEAD");
  };
  const runWith: World["runWith"] = (variables, ...words) =>
    delivery([...words, "--project", root], { cwd: root, env: { ...env, ...variables } });
  const run = (...words: string[]): Promise<Said> => runWith({}, ...words);
  const remember = (stack: string, release: Release): void => {
    const file = join(root, "bin", "history.json");
    const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const time = new Date().toISOString();
    const config = { "delivery:release": { value: JSON.stringify(release) } };
    const update = { kind: "update", result: "succeeded", startTime: time, endTime: time, config };
    write("bin/history.json", JSON.stringify({ ...known, [stack]: [update, ...(known[stack] ?? [])] }));
  };
  git("init", "--quiet", "--initial-branch=main");
  write(".gitignore", "bin/\n");
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
  const ledger = hasLedger ? JSON.stringify({ repository: `https://git.example.com${root}` }) : undefined;
  write("infra/pipeline.ts", pipelineOf(images, ledger));
  for (const stack of ["dev", "prod"]) write(`stacks/Pulumi.${stack}.yaml`, "# the shop's\nconfig: {}\n");
  write("bin/pulumi", ENGINE);
  chmodSync(join(root, "bin/pulumi"), 0o755);
  return {
    ...{ root, run, runWith, write, commit },
    config: (stack) => parse(readFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "utf8")).config,
    running: () => JSON.parse(readFileSync(join(root, "bin/running.json"), "utf8")),
    breakOn: (bad) => write("bin/bad.json", JSON.stringify(bad)),
    refuse: (command, says) => write("bin/refusal.json", JSON.stringify({ command, says })),
    buildToDev(text) {
      write("app/main.txt", text);
      const release = makeRelease("shop", {
        commit: commit(),
        sources: hashFiles(root, ["infra/**"]),
        images: {},
        schema: { revision: text.length, minCompatible: 0 },
      });
      write("bin/built.json", JSON.stringify({ release }));
      editStackFile(join(root, "stacks", "Pulumi.dev.yaml"), { "delivery:release": release });
      remember("dev", release);
      commit();
      return release;
    },
    close() {
      process.env["PATH"] = former;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
