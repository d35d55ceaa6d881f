import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkClusterTarget } from "../../../components/clusters";
import type { ClusterTarget } from "../../../components/clusters";

const CANARY = "canary-51c0de";
const text = (context: string): string => `
current-context: ${context}
contexts: [{ name: ${context}, context: { cluster: ${context}, user: me } }]
clusters: [{ name: ${context}, cluster: { server: "https://${context}.example.com" } }]
users: [{ name: me, user: { token: ${CANARY} } }]
`;

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "delivery-target-"));
  writeFileSync(join(home, "config"), text("eu"));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});
const check = (target: object): string[] =>
  checkClusterTarget(target as ClusterTarget, { KUBECONFIG: join(home, "config") });

describe("a cluster", () => {
  it.each([
    ["a context", { name: "eu-1", context: "eu" }],
    ["the text of a kubeconfig", { name: "eu-1", kubeconfig: text("any") }],
    ["a text and one of its contexts", { name: "eu-1", kubeconfig: text("any"), context: "any" }],
  ])("is reached by %s", (_what, target) => {
    expect(check(target)).toEqual([]);
  });

  it.each([
    ["an output", pulumi.secret("no kubeconfig")],
    ["a promise", Promise.resolve("no kubeconfig")],
  ])("by %s is left for later", (_what, kubeconfig) => {
    expect(check({ name: "eu-1", kubeconfig })).toEqual([]);
  });

  it.each([
    {},
    { context: undefined },
    { context: "" },
    { kubeconfig: undefined },
    { kubeconfig: undefined, context: "" },
  ])(
    "that says with %j not which one it is does not become the current context of this machine",
    (access) => {
      expect(check({ name: "eu-1", ...access })).toEqual([
        'cluster "eu-1": neither "context" nor "kubeconfig" is given; name a context, or give the text of a kubeconfig',
      ]);
    },
  );

  it.each([null, 7, { clusters: [] }])("is refused when its kubeconfig is %j", (kubeconfig) => {
    expect(check({ name: "eu-1", kubeconfig })).toEqual([
      expect.stringMatching(/^cluster "eu-1": its kubeconfig is of type \w+, not text/),
    ]);
  });

  it("is refused with its name when its context is missing", () => {
    expect(check({ name: "us-1", context: "us" })).toEqual([
      `cluster "us-1": KUBECONFIG (${join(home, "config")}) has no context "us"; it has "eu": ` +
        "correct the name or add the context",
    ]);
  });

  it("has all of its problems said at once, and no secret among them", () => {
    const problems = check({ name: "EU_1", kubeconfig: `token: ${CANARY}` });
    expect(problems).toHaveLength(2);
    expect(problems.join("\n")).not.toContain(CANARY);
  });

  it("by text may not run a program of its kubeconfig unless that is allowed", () => {
    const exec = text("eu").replace(`token: ${CANARY}`, "exec: { command: aws }");
    expect(check({ name: "eu-1", kubeconfig: exec })).toHaveLength(1);
    expect(check({ name: "eu-1", kubeconfig: exec, allowExec: ["aws"] })).toEqual([]);
  });
});
