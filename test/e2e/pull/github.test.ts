import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addIdentity, callApi } from "../../../sandbox/git/index.ts";
import { startGitSsh, stopGitSsh } from "../../../sandbox/git-ssh/index.ts";
import type { GitSsh } from "../../../sandbox/git-ssh/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { ensureTools, FLUX_CONTROLLERS } from "../../../sandbox/toolchain/index.ts";
import { git, tryGit } from "../sandbox-git/support";
import type { GitClient } from "../sandbox-git/support";
import { makePullWorld } from "./world";
import type { PullWorld, Stack } from "./world";

const CLUSTER = "eu-1";
/** Of the source: long enough that a webhook is not taken for a poll, short enough to wait for one. */
const INTERVAL_SECONDS = 20;
/** What reading and applying may take on a loaded machine, beside the interval and its jitter. */
const APPLY_SECONDS = 8;
/** Of what is pushed by hand. */
const REFUSED = `apiVersion: v1
kind: Service
metadata: { name: refused, namespace: hub-pull }
spec: { clusterIP: 192.0.2.1, ports: [{ port: 80 }] }
`;

let world: PullWorld;
let stack: Stack;
let ssh: GitSsh;
let hand: GitClient;
let settings: { readonly receiver: string; readonly token: string };

beforeAll(async () => {
  world = await makePullWorld("pull-hub", { cluster: CLUSTER, controllers: FLUX_CONTROLLERS });
  await world.agent.up();
  const { dir, git: server } = world.sandbox;
  const { sshd } = await ensureTools(["sshd"]);
  const [running, made] = await Promise.all([world.flux.start(), world.stack("hub-pull")]);
  stack = made;
  ssh = await startGitSsh(dir, { server, sshd });
  const access = { [stack.fullName]: "write" } as const;
  const { token } = await addIdentity(server, { login: "hub-statuses", access });
  settings = { receiver: running.receiverUrl, token };
  deliver(["1"]);
  await stack.up();
  hand = await stack.clone();
  await git(hand, "switch", "--quiet", stack.branch);
});
afterAll(async () => {
  await world?.remove();
  await stopGitSsh(world.sandbox.dir);
});

/** With the real plugin against the sandbox's GitHub, and the agent over ssh. */
function deliver(keys: readonly string[], greeting = "hello"): void {
  const { git: server } = world.sandbox;
  const url = `${ssh.url}${stack.fullName}.git`;
  stack.deliver({
    greeting,
    before: `const github = require("@pulumi/github");
      const host = new github.Provider("host", { baseUrl: "${server.url}", token: "${server.token}",
        owner: "${server.organization}", writeDelayMs: 1 });`,
    opts: "{ providers: [host] }",
    args: `credentials: undefined, interval: "${INTERVAL_SECONDS}s", repository: "${url}",
      host: require("pulumi-delivery").github({ knownHosts: ${JSON.stringify(ssh.knownHosts)},
        keys: ${JSON.stringify(keys)}, protect: true }),
      webhook: { url: "${settings.receiver}" }, statuses: { token: pulumi.secret("${settings.token}") },`,
  });
}

const ofHost = async <T>(path: string): Promise<T> =>
  (await callApi<T>(world.sandbox.git, "GET", `/repos/${stack.fullName}${path}`)).body;

const receiver = () => ({
  ...stack.source(),
  apiVersion: "notification.toolkit.fluxcd.io/v1",
  kind: "Receiver",
});

interface Key {
  readonly title: string;
  readonly read_only: boolean;
}
const keys = (): Promise<readonly Key[]> => ofHost("/keys");

/** Changes the application's setting as somebody with a clone would; returns the commit and when it was pushed. */
async function pushGreeting(greeting: string): Promise<{ readonly sha: string; readonly at: number }> {
  const folder = join(hand.cwd, "clusters", CLUSTER);
  const isConfig = (name: string): boolean => readFileSync(join(folder, name), "utf8").includes("GREETING");
  const name = readdirSync(folder).find(isConfig)!;
  stack.write(
    hand,
    name,
    readFileSync(join(folder, name), "utf8").replace(/GREETING: .*/, `GREETING: ${greeting}`),
  );
  return push();
}

async function push(): Promise<{ readonly sha: string; readonly at: number }> {
  await git(hand, "add", "--all");
  await git(hand, "commit", "--quiet", "--message", "By hand");
  await git(hand, "push", "--quiet", "origin", stack.branch);
  return { sha: await git(hand, "rev-parse", "HEAD"), at: performance.now() };
}

/** When Flux was told last to look at the source. */
async function requested(): Promise<string | undefined> {
  const source = await stack.namespace.api.get(stack.source());
  return source?.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
}

async function isSeen(sha: string): Promise<boolean> {
  const source = await stack.namespace.api.get(stack.source());
  return JSON.stringify(source?.status ?? {}).includes(`sha1:${sha}`);
}

async function statusOf(
  sha: string,
): Promise<{ readonly state: string; readonly statuses: { context: string }[] }> {
  return ofHost(`/commits/${sha}/status`);
}

/** In order: what one does, the next goes on from. */
describe("a delivery whose ledger is on GitHub", () => {
  it("is live by a key that can only read, made and registered in the same run, whose private half is in one Secret", async () => {
    expect(await stack.result()).toBe("live");
    expect(await keys()).toMatchObject([{ title: "hub-pull/dev/1", read_only: true }]);
    const objects = await stack.namespace.objects();
    const holders = Object.entries(objects).filter(([, { data = {} }]) =>
      Object.values(data).some((value) => Buffer.from(value, "base64").includes("OPENSSH PRIVATE KEY")),
    );
    expect(holders.map(([name]) => name)).toEqual(["Secret/hub-pull-delivery-source"]);
    const known = Buffer.from(holders[0]![1].data!["known_hosts"]!, "base64").toString();
    expect(known).toBe(ssh.knownHosts);
    expect(await stack.project.pulumi("stack", "export", "--stack", "dev")).not.toContain("PRIVATE KEY");
  });

  it("has its webhook at the very path that Flux waits at", async () => {
    const { status } = (await stack.namespace.api.get(receiver()))!;
    const hooks = await ofHost<{ config: { url: string } }[]>("/hooks");
    expect(hooks.map(({ config }) => config.url)).toEqual([
      `${settings.receiver}${(status as { webhookPath: string }).webhookPath}`,
    ]);
  });

  it("hears of what others push within two seconds, reads it then, and sets the status of the commit", async () => {
    const seconds: number[] = [];
    let last = "";
    for (const greeting of ["one", "two", "three"]) {
      const before = await requested();
      const { sha, at } = await pushGreeting(greeting);
      expect(await waitUntil(async () => (await requested()) !== before, 15_000)).toBe(true);
      seconds.push((performance.now() - at) / 1000);
      expect(await waitUntil(() => isSeen(sha), 15_000)).toBe(true);
      last = sha;
    }
    expect(seconds.sort((a, b) => a - b)[1]).toBeLessThan(2);
    expect(await waitUntil(async () => (await stack.greeting()) === "three", 30_000)).toBe(true);
    expect(await waitUntil(async () => (await statusOf(last)).state === "success", 20_000)).toBe(true);
    expect((await statusOf(last)).statuses[0]!.context).toContain("kustomization/hub-pull-delivery");
  });

  it("says of a commit that cannot be applied that it failed", async () => {
    stack.write(hand, "refused.yaml", REFUSED);
    const { sha } = await push();
    expect(await waitUntil(async () => (await statusOf(sha)).state === "failure", 30_000)).toBe(true);
    await git(hand, "rm", "--quiet", join("clusters", CLUSTER, "refused.yaml"));
    await push();
  });

  it("converges by its interval while the receiver is down", async () => {
    await world.flux.stop(["notification-controller"]);
    const { at } = await pushGreeting("polled");
    expect(await waitUntil(async () => (await stack.greeting()) === "polled", 90_000)).toBe(true);
    const seconds = (performance.now() - at) / 1000;
    await world.flux.start(["notification-controller"]);
    expect(seconds).toBeLessThan(1.2 * INTERVAL_SECONDS + APPLY_SECONDS);
  });

  it("has its branch protected where that is asked for: nobody rewrites or deletes it", async () => {
    const forced = await tryGit(hand, "push", "--force", "origin", `HEAD~1:refs/heads/${stack.branch}`);
    const deleted = await tryGit(hand, "push", "origin", `:refs/heads/${stack.branch}`);
    for (const { code } of [forced, deleted]) expect(code).not.toBe(0);
  });

  it("changes its key over in two runs: the first has both until the agent has read with the new one", async () => {
    const handled = async (): Promise<unknown> =>
      (await stack.namespace.api.get(stack.source()))?.status?.["lastHandledReconcileAt"];
    const before = await handled();
    deliver(["2", "1"]);
    await stack.up();
    expect((await keys()).map(({ title }) => title).sort()).toEqual(["hub-pull/dev/1", "hub-pull/dev/2"]);
    expect(await handled()).not.toBe(before);
    deliver(["2"], "by the new key");
    await stack.up();
    expect((await keys()).map(({ title }) => title)).toEqual(["hub-pull/dev/2"]);
    expect([await stack.result(), await stack.greeting()]).toEqual(["live", "by the new key"]);
  });

  it("is taken down while notification-controller is dead: nobody waits for it, and what was registered is gone", async () => {
    await world.flux.stop(["notification-controller"]);
    const begun = performance.now();
    await stack.destroy();
    expect((performance.now() - begun) / 1000).toBeLessThan(60);
    for (const ref of [receiver(), stack.source(), stack.kustomization()])
      expect(await stack.namespace.api.get(ref)).toBeUndefined();
    expect([await keys(), await ofHost("/hooks")]).toEqual([[], []]);
    expect(await stack.namespace.names()).toContain(`Deployment/${stack.app}`);
  });
});
