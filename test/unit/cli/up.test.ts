import { describe, expect, it } from "vitest";
import { stackUrnOf } from "../../../cli/up/broken-off";
import { Progress } from "../../../cli/up/progress";
import { clustersToPin } from "../../../cli/up/revert";

const waves = [
  { name: "canary", clusters: ["eu-1"] },
  { name: "some", clusters: ["us-1", "us-2"] },
  { name: "rest", clusters: ["ap-1"] },
];
const passed = (...names: string[]): ReadonlySet<string> => new Set(names);
const gate = (name: string, op: string) => ({
  sequence: 1,
  timestamp: 1,
  resOutputsEvent: { metadata: { op, urn: `urn:pulumi:prod::shop::delivery:push:Gate::shop/gate/${name}` } },
});

describe("what goes back after a failed update", () => {
  it("is all of the environment, when that was asked for or no wave has passed", () => {
    expect(clustersToPin(waves, { onFailure: "revert-all", passed: passed("canary") })).toBeUndefined();
    expect(clustersToPin(waves, { onFailure: "revert-wave", passed: passed() })).toBeUndefined();
  });

  it("is the failed wave and those after it, which would get the release when that passes", () => {
    const clusters = clustersToPin(waves, { onFailure: "revert-wave", passed: passed("canary") });
    expect(clusters).toEqual(["us-1", "us-2", "ap-1"]);
    expect(clustersToPin(waves, { onFailure: "revert-wave", passed: passed("canary", "some") })).toEqual([
      "ap-1",
    ]);
  });

  it("takes a wave for passed that had passed before", () => {
    const progress = new Progress({ app: "shop", waves });
    expect(progress.take(gate("canary", "same") as never)).toEqual([]);
    expect(progress.take(gate("some", "update") as never)).toEqual(["✓ wave some passed"]);
    expect([...progress.passed]).toEqual(["canary", "some"]);
  });
});

describe("what is said while an update goes on", () => {
  it("has what gates say of their checks, and nothing else that plugins print", () => {
    const progress = new Progress({ app: "shop", waves });
    const said = (message: string) => ({
      ...{ sequence: 1, timestamp: 1, diagnosticEvent: { severity: "info", message } },
    });
    const gateSays = 'gate "canary": cluster eu-1: passed (2 s): all 1 workloads are rolled out';
    expect(progress.take(said(`<{%reset%}>${gateSays}<{%reset%}>\n`) as never)).toEqual([`  ${gateSays}`]);
    expect(progress.take(said("Waiting for app ReplicaSet") as never)).toEqual([]);
    expect(progress.errors).toEqual([]);
  });
});

describe("what is said of a cluster that is left to its agent", () => {
  const ended = (op: string, result?: string) => ({
    ...{ sequence: 1, timestamp: 1 },
    resOutputsEvent: {
      metadata: {
        op,
        urn: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/delivery:SyncGate::shop/us-1/live",
        ...(result === undefined ? {} : { new: { outputs: { result } } }),
      },
    },
  });

  it("is how its agent has ended, with a sign of its own for what is not live", () => {
    const progress = new Progress({ app: "shop", waves });
    expect(progress.take(ended("update", "live") as never)).toEqual(["✓ us-1: live"]);
    expect(progress.take(ended("create", "publishedNotVerified") as never)).toEqual([
      "! us-1: publishedNotVerified",
    ]);
    expect(progress.take(ended("same", "live") as never)).toEqual(["= us-1: nothing to change"]);
  });
});

describe("what an update warns of", () => {
  it("is shown once, by a sign, however often the engine says it", () => {
    const progress = new Progress({ app: "shop", waves });
    const warning = (message: string) => ({
      ...{ sequence: 1, timestamp: 1, diagnosticEvent: { severity: "warning", message } },
    });
    const away = "<{%reset%}>cluster us-1 cannot be reached: no answer;\nit is left as it is.<{%reset%}>\n";
    expect(progress.take(warning(away) as never)).toEqual([
      "! cluster us-1 cannot be reached: no answer;",
      "  it is left as it is.",
    ]);
    expect(progress.take(warning(away) as never)).toEqual([]);
    expect(progress.errors).toEqual([]);
  });
});

describe("what is said of a failed update", () => {
  const error = (message: string) => ({
    sequence: 1,
    timestamp: 1,
    diagnosticEvent: { severity: "error", message },
  });
  const followed =
    "Running program '/shop/infra/index.ts' failed with an unhandled exception:\n<ref *1> Error: resource shop/us-1 failed to register\n    at resource.ts:795";

  it("is the cause, and no trace of the program that could not go on without it", () => {
    const progress = new Progress({ app: "shop", waves });
    for (const message of ["us-1: not ready", "us-1: not ready", followed])
      progress.take(error(message) as never);
    expect(progress.errors).toEqual(["us-1: not ready"]);
  });

  it("is told apart from an update that was refused as a whole, before any resource", () => {
    const progress = new Progress({ app: "shop", waves });
    progress.take(error("Invalid arguments") as never);
    expect([progress.hasFailed, progress.hasBegun]).toEqual([false, false]);
    const urn = "urn:pulumi:prod::shop::delivery:push:Gate::shop/gate/canary";
    progress.take({
      sequence: 1,
      timestamp: 1,
      resOpFailedEvent: { metadata: { op: "update", urn } },
    } as never);
    expect([progress.hasFailed, progress.hasBegun]).toEqual([true, true]);
  });

  it("is told apart from one that fails for a cluster that it has left out, and has changed the others", () => {
    const progress = new Progress({ app: "shop", waves });
    const done = (op: string, name: string): unknown =>
      progress.take({
        ...{ sequence: 1, timestamp: 1 },
        resOutputsEvent: {
          metadata: { op, urn: `urn:pulumi:prod::shop::kubernetes:core/v1:ConfigMap::${name}` },
        },
      } as never);
    done("create", "shop");
    done("same", "shop/eu-1/core/ConfigMap/shop/web");
    expect(progress.hasBegun).toBe(false);
    done("update", "shop/eu-1/core/ConfigMap/shop/web");
    expect([progress.hasFailed, progress.hasBegun]).toEqual([false, true]);
  });

  it("is no warning of an update before that was killed, which wants a person to mend the state", () => {
    const progress = new Progress({ app: "shop", waves });
    const urn = "urn:pulumi:prod::trial::delivery:push:PushDelivery$delivery:Gate::shop/gate/canary";
    const message = [
      "Attempting to deploy or update resources with 1 pending operations from previous deployment.",
      `  * ${urn}, interrupted while creating`,
      "These resources are in an unknown state …",
    ].join("\n");
    const diagnosticEvent = { severity: "warning", message };
    expect(progress.take({ sequence: 1, timestamp: 1, diagnosticEvent } as never)).toEqual([
      "! an earlier update was broken off at wave canary; this one goes on from there",
    ]);
    expect(progress.takenOver).toEqual([]);
    const metadata = { op: "create", urn, new: {} };
    progress.take({ sequence: 1, timestamp: 1, resOutputsEvent: { metadata } } as never);
    expect(progress.takenOver).toEqual([urn]);
    expect(stackUrnOf(urn)).toBe("urn:pulumi:prod::trial::pulumi:pulumi:Stack::trial-prod");
  });

  it("is the trace when there is nothing else", () => {
    const progress = new Progress({ app: "shop", waves });
    progress.take(error(followed) as never);
    expect(progress.errors).toEqual([followed]);
  });
});
