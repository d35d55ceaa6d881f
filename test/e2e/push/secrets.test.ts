import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePushWorld } from "./world";
import type { PushWorld } from "./world";

const canary = (what: string): string => `${what}-${randomBytes(18).toString("hex")}`;
const SECRETS = {
  stringData: canary("stringData"),
  data: canary("data"),
  password: canary("password"),
  checked: canary("checked"),
} as const;
const ENTRIES = `[{ apiVersion: "v1", kind: "Secret", metadata: { name: "login" },
  stringData: { password: require("@pulumi/pulumi").secret("${SECRETS.stringData}") },
  data: { key: Buffer.from("${SECRETS.data}").toString("base64") } }]`;
/** Of no image that is pulled here; the password is what matters. */
const PULL_SECRETS = `pullSecrets: [{ name: "acme", registry: "registry.example.com", username: "u", password: "${SECRETS.password}" }],`;
/** The Kubernetes plugin leaves a file of its own; see the README of push. */
const OF_THE_PLUGIN = /^kubeconfig\d+$/;

let world: PushWorld;
let all: Record<string, string>;
beforeAll(async () => {
  world = await makePushWorld("secrets");
  const cluster = world.sandbox.clusters.find(({ name }) => name === "eu-1")!;
  all = { ...SECRETS, token: cluster.tokens.admin };
  world.project.write("eu.kubeconfig", world.ways.kubeconfigOf("eu-1"));
  const temporary = join(world.project.root, "tmp");
  mkdirSync(temporary);
  Object.assign(world.project.env, { CHECKED: SECRETS.checked, TMPDIR: temporary });
});
afterAll(() => world?.remove());

/** @param isWatched whether a check that nobody can pass asks with a token */
function deliver(greeting: string, isWatched = false): void {
  const kubeconfig = `require("node:fs").readFileSync("eu.kubeconfig", "utf8")`;
  const look = `checks.prometheus({ url: "http://127.0.0.1:1", query: "up", min: 1, token: { variable: "CHECKED" } })`;
  const rules = isWatched ? `timeout: "3s", checks: [${look}]` : "";
  world.deliver({
    targets: `waves: [{ name: "all", clusters: [{ name: "eu-1", kubeconfig: ${kubeconfig} }], ${rules} }]`,
    ...{ greeting, more: ENTRIES, args: PULL_SECRETS },
    app: `imagePullSecrets: ["acme"], secretEnv: { KEY: { secret: "login", key: "key" } },`,
  });
}

/** As it stands, in part, and in every form in which a tool may write it. */
function formsOf(secret: string): string[] {
  const shifted = ["", "x", "xx"].map((before) =>
    Buffer.from(before + secret)
      .toString("base64")
      .slice(4, -4),
  );
  const hex = Buffer.from(secret).toString("hex");
  return [secret, ...shifted, hex, encodeURIComponent(secret), secret.slice(0, 20), secret.slice(-20)];
}

/** Names of the secrets that a text gives away. */
const found = (text: string): string[] =>
  Object.entries(all).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );

const filesIn = (folder: string): { readonly file: string; readonly text: string }[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ file: name, text: readFileSync(join(parentPath, name), "latin1") }));

function commandLines(): string {
  const read = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .join("\n");
}

/** Runs Pulumi, and looks meanwhile and afterwards wherever a secret could be. */
async function givesAway(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly names: string[] }> {
  const seen = new Set<string>();
  const looking = setInterval(() => found(commandLines()).forEach((name) => seen.add(name)), 200);
  const { code, stdout, stderr } = await world.project.tryPulumi(...args, "--stack", "dev");
  clearInterval(looking);
  for (const name of found(stdout + stderr)) seen.add(`said: ${name}`);
  const kept = [...filesIn(join(world.project.root, "state")), ...filesIn(join(world.project.root, "tmp"))];
  for (const { file, text } of kept.filter((each) => !OF_THE_PLUGIN.test(each.file)))
    for (const name of found(text)) seen.add(`${file}: ${name}`);
  return { code, names: [...seen] };
}

/** In order, on one delivery: what one does, the next goes on from. */
describe("secrets of a push (S7)", () => {
  it("are found by the test where they are: in the cluster", async () => {
    deliver("hello");
    await world.project.up();
    const { "Secret/login": login, "Secret/acme": pull } = await world.in("eu-1").objects();
    const text = JSON.stringify([login, pull]);
    expect(found(text).sort()).toEqual(["data", "password", "stringData"]);
  });

  it.each([
    ["a preview", "next", false, ["preview", "--diff"]],
    ["an update", "next", false, ["up", "--yes", "--skip-preview"]],
    ["an update that fails", "failed", true, ["up", "--yes", "--skip-preview"]],
    ["a refresh", "failed", false, ["refresh", "--yes", "--skip-preview"]],
    ["an end", "failed", false, ["destroy", "--yes", "--skip-preview"]],
  ])(
    "are in nothing that %s says, keeps or starts, in whatever form",
    async (_what, greeting, fails, words) => {
      deliver(greeting, fails);
      const { code, names } = await givesAway(...words);
      expect([code === 0, names]).toEqual([!fails, []]);
    },
  );
});
