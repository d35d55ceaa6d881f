import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import {
  checkPodSecurity,
  POD_SECURITY_EXCEPTION,
  podSecurityLevel,
} from "../../../components/manifests/checks";
import { restrictedViolations } from "../../support/pod-security";
import { PODS } from "./pods";

const pod = (spec: unknown, annotations?: Record<string, string>): Manifest => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", ...(annotations === undefined ? {} : { annotations }) },
  spec,
});
const good = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    { name: "a", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
  ],
};

describe("the restricted Pod Security profile", () => {
  it("never lets a pod in that an independent reading of the standard keeps out", () => {
    fc.assert(
      fc.property(PODS, (spec) => {
        if (restrictedViolations(spec).length > 0) expect(checkPodSecurity([pod(spec)])).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it("is asked of the pods of every workload", () => {
    const template = { spec: { ...good, hostNetwork: true } };
    const of = (apiVersion: string, kind: string, spec: unknown): Manifest => ({
      ...pod(spec),
      apiVersion,
      kind,
    });
    const workloads = [
      ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) =>
        of("apps/v1", kind, { template }),
      ),
      of("batch/v1", "Job", { template }),
      of("batch/v1", "CronJob", { jobTemplate: { spec: { template } } }),
      of("v1", "ReplicationController", { template }),
    ];
    const problems = checkPodSecurity(workloads);
    expect(problems).toHaveLength(workloads.length);
    expect(problems[5]).toContain(
      "CronJob a: spec.jobTemplate.spec.template.spec.hostNetwork is true; remove it",
    );
  });

  it("names object, field and fix of everything at once", () => {
    const problems = checkPodSecurity([
      pod({ containers: [{ name: "a" }], initContainers: [{ name: "b" }] }),
    ]);
    expect(problems).toHaveLength(8);
    expect(problems).toContainEqual(
      expect.stringMatching(
        /^Pod a: spec\.initContainers\[0\]\.securityContext\.runAsNonRoot is missing; give true/,
      ),
    );
  });

  it("can be left by an exception that says why, and only by one that is needed", () => {
    const broken = { ...good, hostNetwork: true };
    const excepted = (why: string, spec: unknown): string[] =>
      checkPodSecurity([pod(spec, { [POD_SECURITY_EXCEPTION]: why })]);
    expect(excepted("it measures the node's network", broken)).toEqual([]);
    expect(excepted("  ", broken)).toEqual([expect.stringContaining("is empty; say why")]);
    expect(excepted("just in case", good)).toEqual([expect.stringContaining("is not needed; remove it")]);
  });

  it("says which profile a namespace can enforce", () => {
    expect(podSecurityLevel([pod(good), { ...pod(good), kind: "Service" }])).toBe("restricted");
    expect(podSecurityLevel([pod(good), pod({ containers: [{ name: "a" }] })])).toBe("baseline");
    expect(podSecurityLevel([pod({ ...good, hostPID: true })])).toBe("privileged");
    const volumes = (type: string): object => ({ volumes: [{ name: "v", [type]: { path: "/" } }] });
    expect(podSecurityLevel([pod({ ...good, ...volumes("hostPath") })])).toBe("privileged");
    expect(podSecurityLevel([pod({ ...good, ...volumes("nfs") })])).toBe("baseline");
  });
});
