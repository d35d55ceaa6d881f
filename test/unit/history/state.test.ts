import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { boardText, readBoard } from "../../../components/board";
import { readEnvironment } from "../../../components/history";
import type { Deployment } from "../../../components/history";
import { stackHistory } from "../../../components/promotion";
import { makeRelease } from "../../../components/release";
import { definePipeline } from "../../../components/pipeline";
import { Repository } from "../pending/repository";
import { example } from "../pipeline/example";

const root = mkdtempSync(join(tmpdir(), "state-"));
const repository = new Repository();
afterAll(() => {
  rmSync(root, { recursive: true });
  repository.remove();
});

const releases = ["1", "2"].map((digit) =>
  makeRelease("shop", {
    ...{ commit: repository.commit("app/main.go", digit), sources: digit.repeat(64) },
    images: { shop: `registry.example.com/acme/shop@sha256:${digit.repeat(64)}` },
  }),
);
const [first, second] = releases.map(({ id }) => id);

/** What `pulumi stack history --json` says of updates, the newest first. */
function deployments(
  ...updates: readonly (readonly [index: number, result: string])[]
): readonly Deployment[] {
  const history = updates.map(([index, result], age) => {
    const time = new Date(Date.parse("2026-11-20T00:00:00Z") - age * 3_600_000).toISOString();
    const config = { "delivery:release": { value: JSON.stringify(releases[index]) } };
    return { kind: "update", result, startTime: time, endTime: time, config };
  });
  return stackHistory("shop", history).deployments;
}

const file = join(root, "Pulumi.staging.yaml");
writeFileSync(
  file,
  JSON.stringify({ config: { "delivery:release": releases[1], "delivery:pins": { us: { id: first } } } }),
);
const place = { app: "shop", name: "staging", from: "dev", clusters: ["eu", "us"], file, ledger: undefined };

describe("an environment without a ledger", () => {
  it("runs what the engine was last told to, but for a cluster that is held back", async () => {
    const history = async () => deployments([1, "succeeded"], [0, "succeeded"]);
    const { running, source } = await readEnvironment(place, {}, history);
    expect(source).toBe("state");
    expect([...running].map(([cluster, { release }]) => [cluster, release])).toEqual([
      ["eu", second],
      ["us", first],
    ]);
    expect(running.get("us")).toMatchObject({ commit: releases[0]!.commit });
  });

  it("has verified nothing by an update that held a cluster back at another release", () => {
    const update = (pins: object | undefined, result = "succeeded") => {
      const blocks = { "delivery:release": releases[1], ...(pins && { "delivery:pins": pins }) };
      const said = Object.entries(blocks).map(([key, block]) => [key, { value: JSON.stringify(block) }]);
      const config = Object.fromEntries(said) as Record<string, { value: string }>;
      return { kind: "update", result, endTime: "2026-11-20T00:00:00Z", config };
    };
    const outcomes = (...updates: Parameters<typeof stackHistory>[1]): unknown[] =>
      stackHistory("shop", updates).deployments.map(({ outcome, verified }) => [
        outcome,
        verified !== undefined,
      ]);
    const held = update({ us: releases[0] });
    expect(outcomes(held)).toEqual([["open", false]]);
    expect(outcomes(update(undefined), held)).toEqual([
      ["verified", true],
      ["failed", false],
    ]);
    expect(outcomes(update({}), update({ us: releases[1] }))).toEqual([
      ["verified", true],
      ["verified", true],
    ]);
    expect(outcomes(update({ us: releases[0] }, "failed"))).toEqual([["failed", false]]);
  });

  it("tells why a release went on, where the override was for that one", () => {
    const override = { release: first, reason: "INC-232" };
    const overrides = releases.map((release) => {
      const config = { "delivery:release": release, "delivery:override": override };
      const said = Object.entries(config).map(([key, block]) => [key, { value: JSON.stringify(block) }]);
      const update = {
        kind: "update",
        result: "succeeded",
        config: Object.fromEntries(said) as Record<string, { value: string }>,
      };
      return stackHistory("shop", [update]).deployments[0]?.override;
    });
    expect(overrides).toEqual(["INC-232", undefined]);
  });

  it("is taken at its file's word when the engine cannot be asked", async () => {
    expect(await readEnvironment(place)).toMatchObject({ source: "file", deployments: [] });
    expect(await readEnvironment(place, {}, async () => [])).toMatchObject({ source: "file" });
  });

  it("stands on the board as what has succeeded, and what has failed", async () => {
    const pipeline = definePipeline(example);
    const stackFile = (stack: string): string => join(root, `Pulumi.${stack}.yaml`);
    const request = { pipeline, root: repository.root, stackFile, now: new Date("2026-11-21T00:00:00Z") };
    const shown = async (result: string): Promise<string | undefined> => {
      const stateHistory = async (stack: string): Promise<readonly Deployment[]> =>
        stack === "staging" ? deployments([1, result], [0, "succeeded"]) : [];
      const text = boardText(await readBoard({ ...request, stateHistory }));
      return text.split("\n").find((line) => line.startsWith("staging"));
    };
    expect(await shown("succeeded")).toMatch(new RegExp(`^staging +eu +${second} +1 d +✓ verified`));
    expect(await shown("failed")).toMatch(new RegExp(`^staging +eu +${second} +1 d +✗ failed`));
  });
});
