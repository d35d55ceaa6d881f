import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checks } from "../../../components/checks";
import { gate } from "../../../components/provider";
import { passGate } from "../../../components/provider/pass-gate";
import type { GateInputs, GateOutputs } from "../../../components/provider/pass-gate";

const CANARY = "canary-51c9";
const inputs: GateInputs = {
  app: "shop",
  wave: "canary",
  release: "shop-1",
  clusters: { eu: "h1", us: "h2" },
  namespace: "shop",
  access: {},
  workloads: {},
  checks: {},
  timeout: "10m",
  bake: "0s",
  maxFailures: 0,
  earlier: {},
};
/** What the state keeps of a gate that was passed. */
const passed = async (of: GateInputs): Promise<GateOutputs> => (await gate.create(of)).outs;
const changes = async (news: object): Promise<boolean> =>
  (await gate.diff("id", await passed(inputs), { ...inputs, ...news })).changes;

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) =>
    response.writeHead(request.url === "/good" ? 200 : 403).end("{}"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const kubeconfig = (): string =>
  JSON.stringify({
    "current-context": "eu",
    contexts: [{ name: "eu", context: { cluster: "eu", user: "me" } }],
    clusters: [{ name: "eu", cluster: { server: address() } }],
    users: [{ name: "me", user: { token: CANARY } }],
  });
const access = (): GateInputs["access"] => ({
  eu: { kubeconfig: kubeconfig() },
  us: { kubeconfig: kubeconfig() },
});

describe("a gate", () => {
  it.each([
    ["another release", { release: "shop-2" }],
    ["another content of one cluster, so a change of settings alone", { clusters: { eu: "h1", us: "h3" } }],
    ["one cluster more", { clusters: { ...inputs.clusters, ap: "h4" } }],
    ["another cluster with the same content", { clusters: { eu: "h1", ap: "h2" } }],
    ["another check", { checks: { eu: [checks.rolloutReady()] } }],
    [
      "one cluster less, and another check",
      { clusters: { eu: "h1" }, checks: { eu: [checks.rolloutReady()] } },
    ],
    ["one cluster less, and another release", { clusters: { eu: "h1" }, release: "shop-2" }],
  ])("is passed again with %s", async (_what, news) => {
    expect(await changes(news)).toBe(true);
  });

  it.each([
    ["the same wave, in whatever order the clusters are named", { clusters: { us: "h2", eu: "h1" } }],
    ["one cluster less, as one that is held back since", { clusters: { eu: "h1" } }],
    ["no cluster any more", { clusters: {} }],
    ["another time to wait", { timeout: "5m", bake: "1m" }],
    ["another way to the same cluster", { access: { eu: { context: "eu-new" } } }],
  ])("stays as it is with %s", async (_what, news) => {
    expect(await changes(news)).toBe(false);
  });

  it("is passed again as long as it lets a cluster through that failed", async () => {
    const outs = { ...(await passed(inputs)), failed: { eu: "it crashes" } };
    expect(await gate.diff("id", outs, inputs)).toEqual({ changes: true });
    const elsewhere = { ...inputs, clusters: { us: "h2" } };
    const kept = { ...(await passed(elsewhere)), failed: { eu: "it crashes" } };
    expect(await gate.diff("id", kept, elsewhere)).toEqual({ changes: false });
    const nowhere = { ...inputs, clusters: {} };
    expect(await gate.diff("id", kept, nowhere)).toEqual({ changes: true });
  });

  it("is never replaced, for a replacement would come in another order", async () => {
    const news = { ...inputs, release: "shop-2" };
    expect(Object.keys(await gate.diff("id", await passed(inputs), news))).toEqual(["changes"]);
  });

  it("of a state that an older version wrote is passed once more", async () => {
    const { app, wave, release, clusters } = inputs;
    expect(await gate.diff("id", { app, wave, release, clusters }, inputs)).toEqual({ changes: true });
    const { passes, ...older } = await passed(inputs);
    expect(Object.keys(passes ?? {})).toEqual(["eu", "us"]);
    expect(await gate.diff("id", older, inputs)).toEqual({ changes: false });
    expect(await gate.diff("id", older, { ...inputs, clusters: { eu: "h1" } })).toEqual({ changes: true });
  });

  it("has an id of its application and wave, whatever the release", async () => {
    const { id } = await gate.create(inputs);
    expect((await gate.create({ ...inputs, release: "shop-2", clusters: {} })).id).toBe(id);
    expect((await gate.create({ ...inputs, wave: "rest" })).id).not.toBe(id);
    expect((await gate.create({ ...inputs, app: "cart" })).id).not.toBe(id);
    await expect(gate.delete()).resolves.toBeUndefined();
  });

  it("keeps what it was passed with, and no way into a cluster", async () => {
    const good = [checks.http({ url: `${address()}/good` })];
    const { outs } = await gate.update("id", {} as GateOutputs, {
      ...inputs,
      access: access(),
      checks: { eu: good },
    });
    expect(Object.keys(outs).sort()).toEqual([
      "app",
      "clusters",
      "failed",
      "fingerprint",
      "passes",
      "release",
      "wave",
    ]);
    expect(outs).toMatchObject({ release: "shop-1", clusters: inputs.clusters, failed: {} });
    expect(JSON.stringify(outs)).not.toContain(CANARY);
  });
});

describe("a gate that fails", () => {
  const bad = [checks.kubernetes({ apiVersion: "v1", kind: "Node", name: "n", condition: "Ready" })];
  let now = 0;
  /** With a clock that stands still but for sleeping. */
  const pass = (of: GateInputs): Promise<GateOutputs> => {
    now = 0;
    const sleep = async (ms: number): Promise<void> => void (now += ms);
    return passGate(of, { now: () => now, sleep, say: (line) => said.push(line) });
  };
  const said: string[] = [];

  it("names itself, the release, every cluster with its reason and what to do, and nothing of the credentials", async () => {
    const all = { ...inputs, access: access(), checks: { eu: bad, us: bad }, maxFailures: 1 };
    const error = await pass(all).catch((caught: unknown) => caught as Error);
    const { message, stack } = error as Error;
    expect(message).toMatch(
      /^gate "canary" of release shop-1 failed:\n {2}- cluster eu: .*403.*\n {2}- cluster us: .*403/,
    );
    expect(message).toContain("At most 1 clusters of the wave may fail.");
    expect(message).toContain("run pulumi up again: it goes on from here");
    expect(stack).toBe(message);
    expect(message + said.join()).not.toContain(CANARY);
  });

  it("ends at once when no more may fail, with those of earlier gates counted, though others are open", async () => {
    const away = JSON.parse(kubeconfig().replace(address(), "http://127.0.0.1:1")) as object;
    const both = { ...access(), us: { kubeconfig: JSON.stringify(away) } };
    const two = {
      ...inputs,
      access: both,
      checks: { eu: bad, us: bad },
      maxFailures: 1,
      timeout: "1h",
    } as const;
    await expect(pass({ ...two, earlier: { ap: "it crashes" } })).rejects.toThrow(/cluster ap: it crashes/);
    expect(now).toBeLessThan(600_000);
  });

  it("lets so many clusters through as may fail, those of earlier gates of the wave included", async () => {
    const one = { ...inputs, access: access(), checks: { eu: bad } };
    expect((await pass({ ...one, maxFailures: 1 })).failed?.["eu"]).toContain("403");
    const earlier = { ap: "it crashes" };
    expect((await pass({ ...one, maxFailures: 2, earlier })).failed).toMatchObject(earlier);
    await expect(pass({ ...one, maxFailures: 1, earlier })).rejects.toThrow(
      /failed:\n {2}- cluster ap: it crashes\n {2}- cluster eu: /,
    );
  });
});
