import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKubeconfig, startClusters } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi } from "../../../sandbox/clusters/index.ts";
import { clusterTools, newSandbox, removeSandbox } from "../sandbox-clusters/support";
import { compactSchema, schemaModule } from "./compact-schema";
import type { OpenApi } from "./compact-schema";

let dir: string;
let api: ClusterApi;
beforeAll(async () => {
  dir = newSandbox();
  const [cluster] = await startClusters(dir, await clusterTools(), ["one"]);
  api = openKubeconfig(cluster?.kubeconfig ?? "");
});
afterAll(() => removeSandbox(dir));

async function get<T>(path: string): Promise<T> {
  const { status, text } = await api.send({ method: "GET", path });
  expect(status).toBe(200);
  return JSON.parse(text) as T;
}

describe("the schema of the built-in kinds", () => {
  it("is what a real API server says; `vitest -u` writes it", async () => {
    const openApi = await get<OpenApi>("/openapi/v2");
    const { major, minor } = await get<{ major: string; minor: string }>("/version");
    const text = schemaModule(compactSchema(openApi), `${major}.${minor}`);
    await expect(text).toMatchFileSnapshot("../../../components/manifests/schema/kubernetes.ts");
  });
});
