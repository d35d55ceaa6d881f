import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBoard } from "../../../components/board";
import { forwardOnly, maxPending } from "../../../components/guards";
import { toYaml } from "../../../components/manifests/yaml";
import { manifestFileName } from "../../../components/manifests/files";
import { isWayBack } from "../../../components/history";
import type { LedgerFacts } from "../../../components/history/sync";
import { readMetrics } from "../../../components/metrics";
import { readPending, readPromotion } from "../../../components/pending";
import { app } from "../../../components/manifests";
import { ledgerBranch } from "../../../components/ledger";
import { definePipeline, push } from "../../../components/pipeline";
import { publish } from "../../../components/ledger";
import { recordManifest } from "../../../components/release";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { Repository } from "../../unit/pending/repository";
import { argsFor, endWorld, newDeploy, runtimeOf, startWorld } from "../ledger/support";
import type { Deploy, LedgerWorld } from "../ledger/support";

let world: LedgerWorld;
let deploy: Deploy;
let source: Repository;
const commits: string[] = [];

/** A wave's commit and, unless it fails, the mark of what has succeeded. */
async function deployed(environment: string, number: number, verified = true): Promise<void> {
  const id = `shop-${number.toString().repeat(12)}`;
  const branch = ledgerBranch("shop", environment);
  const stack = `shop/${environment}`;
  const commit = commits[number]!;
  const record = recordManifest({
    ...{ app: "shop", namespace: "shop", release: id, commit, images: {}, contentHash: `hash-${number}` },
  });
  const told = { [`clusters/eu/${manifestFileName(record)}`]: toYaml([record]) };
  const message = { subject: `deploy ${id}`, stack, release: id, sourceCommit: commit };
  const base = { branch, prefixes: ["clusters/eu"], message };
  const { commit: wave } = await publish({ ...argsFor(deploy, told), ...base }, runtimeOf(world));
  if (!verified) return;
  const mark = { ...argsFor(deploy, { "verified/release.json": JSON.stringify({ id, wave }) }), branch };
  const said = { ...message, subject: `verified ${id}`, outcome: "verified" };
  await publish({ ...mark, prefixes: ["verified"], message: said }, runtimeOf(world));
}

beforeAll(async () => {
  world = await startWorld();
  deploy = await newDeploy(world, "deploy");
  source = new Repository();
  for (let number = 0; number < 6; number += 1) {
    commits.push(source.commit("app/main.go", String(number), `change ${number}`));
  }
  for (const number of [1, 2, 3]) await deployed("staging", number);
  await deployed("staging", 4, false);
  await deployed("prod", 1);
});
afterAll(async () => {
  source.remove();
  await endWorld(world);
});

function request(environment = "prod"): Parameters<typeof readPending>[0] {
  const { access } = argsFor(deploy, { "a/b": "" });
  const pipeline = definePipeline({
    ...{ app: "shop", source: { paths: ["app/**"], pipeline: ["app/**"] }, images: {} },
    ledger: { repository: deploy.repository, ...(access === undefined ? {} : { access }) },
    clusters: { eu: { context: "eu" } },
    environments: {
      staging: { from: "build", delivery: push(), clusters: ["eu"], namespace: "shop" },
      prod: {
        ...{ from: "staging", delivery: push(), clusters: ["eu"], namespace: "shop-prod" },
        guards: [maxPending({ block: 1 }), forwardOnly()],
      },
    },
    manifests: () => app({ name: "shop", image: "r/shop@sha256:1", port: 80 }),
  });
  const stackFile = (stack: string): string => join(source.root, `Pulumi.${stack}.yaml`);
  const now = new Date(source.now().getTime() + 3_600_000);
  return { pipeline, root: source.root, stackFile, environment, now, runtime: runtimeOf(world) };
}

describe("a ledger on a real server", () => {
  it("tells what waits: what upstream has verified, and nothing that failed there", async () => {
    const pending = await readPending(request());
    expect(pending).toMatchObject({
      current: { id: "shop-111111111111" },
      next: { id: "shop-333333333333" },
    });
    expect(pending.changes.map(({ subject }) => subject)).toEqual(["change 3", "change 2"]);
    expect(pending.releases.map(({ id }) => id)).toEqual(["shop-333333333333", "shop-222222222222"]);
  });

  it("gives the board its verdict and the release that fits", async () => {
    const { rows } = await readBoard(request());
    expect(rows.map(({ cells }) => cells[0]!.state)).toEqual(["open", "verified"]);
    expect(rows[1]!.pending).toMatchObject({ changes: 2, outcome: "block", proposal: "shop-222222222222" });
  });

  it("gives the metrics of a known history", async () => {
    const window = { from: new Date(0), to: new Date("2100-01-01") };
    const [staging] = await readMetrics({ ...request(), window, environments: ["staging"] });
    expect(staging).toMatchObject({ deployments: 3, changes: 3, failures: 0 });
    expect(staging!.leadTime.count).toBe(2);
  });

  it("tells a preview what each cluster was told, and which release it would be a way back to", () => {
    const location = { ...request().pipeline.ledger, branch: ledgerBranch("shop", "staging") };
    const main = join(CHECKOUT, "dist", "components", "history", "main.js");
    const said = execFileSync(process.execPath, [main], {
      input: JSON.stringify({ location, secrets: {} }),
      env: { ...process.env, ...runtimeOf(world).environment },
      encoding: "utf8",
    });
    const { files, deployments } = JSON.parse(said) as LedgerFacts;
    expect(Object.keys(files["eu"]!)).toEqual(["core_configmap_shop_shop-release.yaml"]);
    expect(files["eu"]!["core_configmap_shop_shop-release.yaml"]).toContain("shop-444444444444");
    const back = [1, 2, 3, 4, 5].filter((one) => isWayBack(deployments, `shop-${one.toString().repeat(12)}`));
    expect(back).toEqual([1, 2, 3]);
  });

  it("answers the process that a preview asks with, with the moments that guards need", async () => {
    const { ledger } = request().pipeline;
    const place = (name: string, from: string): object => {
      return { app: "shop", name, from, clusters: ["eu"], file: request().stackFile(name), ledger };
    };
    const order = {
      ...{ place: place("prod", "staging"), upstream: place("staging", "build") },
      source: { root: source.root, paths: ["app/**"] },
      ...{ target: { id: "shop-333333333333", commit: commits[3] }, now: new Date(), secrets: {} },
    };
    const main = join(CHECKOUT, "dist", "components", "pending", "main.js");
    const env = { ...process.env, ...runtimeOf(world).environment };
    const said = execFileSync(process.execPath, [main], {
      input: JSON.stringify(order),
      env,
      encoding: "utf8",
    });
    const { promotion, isBegun } = JSON.parse(said) as { promotion: object; isBegun: boolean };
    expect(isBegun).toBe(false);
    const { target } = await readPromotion(request());
    expect(promotion).toMatchObject({ target: JSON.parse(JSON.stringify(target)) as object });
  });
});
