import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ledger } from "../../../components/ledger";
import { LedgerError } from "../../../components/ledger/failure";
import { readLedger } from "../../../components/ledger/read/ledger";
import type { Manifest } from "../../../components/manifests";
import { manifestFiles } from "../../../components/manifests/files";
import type { Survey, SurveyOrder } from "../../../components/push/survey";
import { refOf } from "../../../components/push/survey/ref";
import { survey } from "../../../components/push/survey/survey";
import { renderList } from "../../../components/release";

// It asks a server: test/e2e has one.
vi.mock("../../../components/ledger/read/ledger", () => ({ readLedger: vi.fn() }));

const configMap = (name: string): Manifest => ({
  ...{ apiVersion: "v1", kind: "ConfigMap" },
  metadata: { name, namespace: "shop" },
});
const PLACE = { app: "shop", namespace: "shop", clusterScope: [], kubernetesVersion: "1.36" } as const;
const RELEASE = { id: "shop-1", commit: "1".repeat(40), sources: "b".repeat(64), images: {} };
const LIST = renderList([configMap("a"), configMap("b")], PLACE, RELEASE);

/** A cluster that has these ConfigMaps, by their field manager. */
let there: Record<string, string>;
let asked: string[];
/** What it answers to a path, where that is not 200. */
let status: Record<string, number>;
/** How often it answers 429 to a path before it answers. */
let busy: Record<string, number>;
let server: Server;
beforeEach(async () => {
  [there, asked, status, busy] = [{}, [], {}, {}];
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const items = Object.entries(there).map(([name, manager]) => ({
      metadata: { name, uid: name, managedFields: [{ manager }] },
    }));
    const answers = [
      ["/api/v1/namespaces/kube-system", { metadata: { uid: "u" } }],
      ["/api/v1/namespaces/shop/configmaps", { items }],
      ["/api/v1", { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] }],
    ] as const;
    const found = answers.find(([path]) => url.startsWith(path));
    const path = url.replace(/\?.*/, "");
    const busyFor = busy[path] ?? 0;
    if (busyFor > 0) busy[path] = busyFor - 1;
    const code = busyFor > 0 ? 429 : (status[path] ?? 200);
    response.writeHead(code, { connection: "close" }).end(JSON.stringify(found?.[1]));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => server.close());

/** The ledger told it {@link LIST}; it has succeeded there where `verified` is its hash. */
function tells(verified: string): void {
  const clusters = new Map([["eu", new Map(manifestFiles(LIST.objects))]]);
  const mark = JSON.stringify({ clusters: { eu: verified } });
  const ledger = {
    ...{ clusters, history: [], close: () => {} },
    folder: async () => new Map([["verified/release.json", mark]]),
  } as unknown as Ledger;
  vi.mocked(readLedger).mockResolvedValue(ledger);
}

function ask(objects: readonly Manifest[], order: Partial<SurveyOrder> = {}): Promise<Survey> {
  const { port } = server.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "u", user: { token: "t" } }],
  });
  const cluster = { name: "eu", access: { kubeconfig }, pin: undefined, objects: objects.map(refOf) };
  const ledger = { repository: "https://git.example.com/acme/deploy.git", branch: "deploy/shop/dev" };
  return survey(
    { app: "shop", clusters: [cluster], ledger, secrets: {}, looksForForeign: true, ...order },
    {},
  );
}

describe("a survey", () => {
  it("asks a cluster one thing when all that is to be there was told it, and has succeeded", async () => {
    tells(LIST.contentHash);
    const { reach, told, foreign, missing } = await ask(LIST.objects);
    expect(asked).toEqual(["/api/v1/namespaces/kube-system"]);
    expect(reach).toEqual({ eu: { state: "reachable", uid: "u" } });
    expect([told["eu"]?.list?.release, foreign, missing]).toEqual(["shop-1", {}, {}]);
  });

  it("finds APIs that a cluster lacks, where some are asked for, and takes no other refusal for a lack", async () => {
    tells(LIST.contentHash);
    const wanted = ["a.example.com/v1", "b.example.com/v1", "c.example.com/v1"];
    status = { "/apis/b.example.com/v1": 404, "/apis/c.example.com/v1": 403 };
    expect((await ask(LIST.objects, { wanted })).lacking).toEqual({ eu: ["b.example.com/v1"] });
  });

  it("finds what is new and there already, and somebody else's", async () => {
    tells(LIST.contentHash);
    there = { a: "helm", c: "helm", d: "pulumi-kubernetes-delivery" };
    const { foreign } = await ask([...LIST.objects, configMap("c"), configMap("d")]);
    expect(foreign).toEqual({ eu: [{ title: "ConfigMap shop/c", owner: "helm" }] });
    expect((await ask([configMap("c")], { looksForForeign: false })).foreign).toEqual({});
  });

  it("asks again where the cluster is overloaded, so that nothing is taken over unseen", async () => {
    tells(LIST.contentHash);
    there = { c: "helm" };
    busy = { "/api/v1/namespaces/kube-system": 2, "/api/v1": 1, "/api/v1/namespaces/shop/configmaps": 2 };
    const { foreign, reach } = await ask([configMap("c")]);
    expect(foreign).toEqual({ eu: [{ title: "ConfigMap shop/c", owner: "helm" }] });
    expect(reach).toEqual({ eu: { state: "reachable", uid: "u" } });
  });

  it("finds a cluster unreachable that does not tell what it has, but for what we may not see", async () => {
    tells(LIST.contentHash);
    status = { "/api/v1/namespaces/shop/configmaps": 403 };
    expect((await ask([configMap("c")])).reach["eu"]?.state).toBe("reachable");
    status = { "/api/v1/namespaces/shop/configmaps": 503 };
    const { reach } = await ask([configMap("c")]);
    expect(reach["eu"]).toMatchObject({
      ...{ state: "unreachable", isSilent: false },
      why: expect.stringContaining("the API server answered 503") as string,
    });
  });

  it("finds what would be gone back to, where that is asked", async () => {
    const commit = { commit: "1", tree: "", author: "", subject: "", stack: "s", contentHash: undefined };
    const of = (release: string, minute: number, outcome?: string) => ({
      ...{ ...commit, release, sourceCommit: "1", override: undefined, outcome },
      ...{ time: new Date(minute * 60_000), clusters: outcome === undefined ? ["eu"] : [] },
    });
    const history = [of("shop-2", 3), of("shop-1", 2, "verified"), of("shop-1", 1)];
    const empty = { clusters: new Map(), close: () => {}, folder: async () => new Map() };
    vi.mocked(readLedger).mockResolvedValue({ ...empty, history } as unknown as Ledger);
    const back = { release: "shop-1", at: 2 * 60_000 };
    expect((await ask([], { leaving: "shop-2" })).back).toEqual(back);
    expect([(await ask([], { leaving: "shop-1" })).back, (await ask([])).back]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("finds what was told, has not succeeded and is not there", async () => {
    tells("another");
    there = { a: "pulumi-kubernetes-delivery" };
    expect((await ask(LIST.objects)).missing).toEqual({ eu: ["core/ConfigMap/shop/b"] });
  });

  it("goes on without a ledger that cannot be read, and says why", async () => {
    vi.mocked(readLedger).mockRejectedValue(new LedgerError("unreachable", ["git.example.com is gone"]));
    const { reach, told, ledgerProblem } = await ask(LIST.objects);
    expect([Object.keys(reach), told, ledgerProblem]).toEqual([["eu"], {}, "git.example.com is gone"]);
  });
});
