import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClusterApi, ObjectRef } from "../../../components/clusters/api";
import { formerKinds, grantFormer, revokeFormer } from "../../../components/pull/sync/former";

const INGRESS = { apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
const JOB = { apiVersion: "batch/v1", kind: "Job" };
const kind = fc.constantFrom(INGRESS, JOB, { apiVersion: "v1", kind: "Service" });

/** A cluster that knows what was made in it. */
function cluster(): { readonly there: Set<string>; readonly api: ClusterApi } {
  const there = new Set<string>();
  const keyOf = ({ kind: of, name }: ObjectRef): string => `${of}/${name}`;
  const api = {
    create: async (ref: ObjectRef) => void there.add(keyOf(ref)),
    remove: async (ref: ObjectRef) => void there.delete(keyOf(ref)),
  } as unknown as ClusterApi;
  return { there, api };
}

describe("kinds that a release no longer has", () => {
  it("are those of before that are not there now", () => {
    fc.assert(
      fc.property(fc.array(kind), fc.array(kind), (before, now) => {
        const former = formerKinds(before, now);
        expect(former.filter((one) => now.includes(one))).toEqual([]);
        expect(before.filter((one) => !former.includes(one) && !now.includes(one))).toEqual([]);
      }),
    );
  });

  it("do not count when only the version of their API has changed", () => {
    expect(formerKinds([{ apiVersion: "batch/v1beta1", kind: "Job" }], [JOB])).toEqual([]);
  });

  it("can be deleted by the stack's account until that is taken back", async () => {
    const { there, api } = cluster();
    const stack = { name: "shop-delivery", namespace: "shop" };
    await grantFormer(stack, [INGRESS], api);
    expect([...there].sort()).toEqual(["Role/shop-delivery-former", "RoleBinding/shop-delivery-former"]);
    await revokeFormer(stack, [INGRESS], api);
    expect(there.size).toBe(0);
  });
});
