import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boardText, readBoard } from "../../../components/board";
import type { PipelineDefinition } from "../../../components/pipeline";
import { Repository } from "../pending/repository";

/** An API server that answers as a test says, for an environment that is left to Flux. */
const RELEASE = "shop-7f3c9a1b20d4";
const FLUX = ["kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"];
const folder = mkdtempSync(join(tmpdir(), "live-"));
const repository = new Repository();
const former = process.env["KUBECONFIG"];
let server: Server;
let isFluxThere = true;
let fluxStatus = 200;

const RESOURCES: Readonly<Record<string, string>> = {
  "/api/v1": "ConfigMap",
  [`/apis/${FLUX[0]}/v1`]: "Kustomization",
  [`/apis/${FLUX[1]}/v1`]: "GitRepository",
};
const READY = {
  type: "Ready",
  status: "True",
  reason: "Succeeded",
  message: "applied",
  observedGeneration: 1,
};

function answer(url: string): { status: number; body: unknown } {
  const isFlux = FLUX.some((group) => url.includes(group));
  if (isFlux && !isFluxThere) return { status: 404, body: { message: "not found" } };
  const kind = RESOURCES[url];
  if (kind !== undefined) {
    const name = kind === "GitRepository" ? "gitrepositories" : `${kind.toLowerCase()}s`;
    return { status: 200, body: { resources: [{ name, kind, namespaced: true }] } };
  }
  if (!isFlux) return { status: 200, body: { data: { release: RELEASE, contentHash: "" } } };
  if (fluxStatus !== 200) return { status: fluxStatus, body: { message: "ann may not get kustomizations" } };
  const status = { observedGeneration: 1, conditions: [READY] };
  return { status: 200, body: { metadata: { name: "shop-delivery", generation: 1 }, spec: {}, status } };
}

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    const { status, body } = answer(url.replace(/\?.*/, ""));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  process.env["KUBECONFIG"] = join(folder, "kubeconfig");
  const named = { name: "eu" };
  const config = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "eu" },
    clusters: [{ ...named, cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ ...named, user: { token: "t" } }],
    contexts: [{ ...named, context: { cluster: "eu", user: "eu" } }],
  };
  writeFileSync(join(folder, "kubeconfig"), JSON.stringify(config));
  const commit = repository.commit("app/main.go", "1");
  const release = { id: RELEASE, commit, images: {} };
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    JSON.stringify({ config: { "delivery:release": release } }),
  );
});
afterAll(async () => {
  if (former === undefined) delete process.env["KUBECONFIG"];
  else process.env["KUBECONFIG"] = former;
  await new Promise((resolve) => server.close(resolve));
  repository.remove();
  rmSync(folder, { recursive: true });
});

async function line(): Promise<string | undefined> {
  const pipeline = {
    ...{ app: "shop", source: { paths: ["app/**"], pipeline: [] }, clusters: { eu: { context: "eu" } } },
    environments: {
      prod: {
        ...{ from: "build", delivery: { mode: "flux" }, namespace: "shop", guards: [] },
        waves: [{ name: "all", clusters: ["eu"] }],
      },
    },
  } as unknown as PipelineDefinition;
  const stackFile = (stack: string): string => join(folder, `Pulumi.${stack}.yaml`);
  const request = { pipeline, root: repository.root, stackFile, now: repository.now(), live: true };
  return boardText(await readBoard(request))
    .split("\n")
    .find((text) => text.startsWith("prod"));
}

describe("a cluster that is left to an agent, asked by the board", () => {
  it("says how far the agent is", async () => {
    expect(await line()).toContain("flux healthy");
  });

  it("is not unreachable when the agent's objects may not be read: the record tells all the same", async () => {
    fluxStatus = 403;
    expect(await line()).toMatch(/flux unknown: the API server answered 403: ann may not get kustomizations/);
    fluxStatus = 200;
  });

  it("says that the agent was not told of it", async () => {
    isFluxThere = false;
    expect(await line()).toContain("flux absent: there is no Kustomization");
    isFluxThere = true;
  });
});
