import { describe, expect, it } from "vitest";
import { ApiError } from "../../../components/clusters/api";
import type { LiveObject, ListQuery } from "../../../components/clusters/api";
import { FIELD_MANAGER } from "../../../components/push/field-manager";
import { foreignObjects, objectsThere } from "../../../components/push/survey/foreign";

const live = (name: string, ...managers: readonly [manager: string, subresource?: string][]): LiveObject => ({
  metadata: {
    name,
    uid: name,
    managedFields: managers.map(([manager, subresource]) => ({ manager, subresource })),
  },
});
const ref = (name: string, namespace?: string) => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", name },
  ...(namespace === undefined ? {} : { namespace }),
});

describe("looking for what others have made", () => {
  it("finds objects of the list that are there without our field manager, and no others", async () => {
    const objects = [
      live("ours", ["pulumi-kubernetes-delivery"], ["kube-controller-manager", "status"]),
      live("theirs", ["kubectl-client-side-apply"]),
      live("nobody's"),
      live("another", ["helm"]),
    ];
    const api = { list: async () => objects };
    expect(
      await foreignObjects(
        api,
        ["ours", "theirs", "nobody's", "missing"].map((name) => ref(name, "shop")),
      ),
    ).toEqual([
      { title: "ConfigMap shop/theirs", owner: "kubectl-client-side-apply" },
      { title: "ConfigMap shop/nobody's", owner: "somebody" },
    ]);
  });

  it("takes nobody for a maker who has only a part of it that is written for itself, as a status", async () => {
    const objects = [live("scaled", ["autoscaler", "scale"], ["helm"]), live("a", [FIELD_MANAGER, "status"])];
    expect(
      await foreignObjects(
        { list: async () => objects },
        ["scaled", "a"].map((name) => ref(name)),
      ),
    ).toEqual([
      { title: "ConfigMap scaled", owner: "helm" },
      { title: "ConfigMap a", owner: "somebody" },
    ]);
  });

  it("leaves alone what is ours and somebody else's, too: a person has edited it", async () => {
    const api = { list: async () => [live("a", ["kubectl-edit"], ["pulumi-kubernetes-delivery"])] };
    expect(await foreignObjects(api, [ref("a", "shop")])).toEqual([]);
  });

  it("asks once for each kind and namespace, however many objects there are", async () => {
    const asked: ListQuery[] = [];
    const api = { list: async (query: ListQuery) => (asked.push(query), []) };
    await foreignObjects(api, [ref("a", "shop"), ref("b", "shop"), ref("c", "other"), ref("d")]);
    expect(asked).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", namespace: "shop" },
      { apiVersion: "v1", kind: "ConfigMap", namespace: "other" },
      { apiVersion: "v1", kind: "ConfigMap" },
    ]);
  });
});

describe("looking where we may not", () => {
  const api = (status: number) => ({
    list: async ({ kind }: ListQuery) => {
      if (kind === "Secret") throw new ApiError(status, "no");
      return [live("theirs", ["helm"])];
    },
  });
  const objects = [{ ...ref("keys", "shop"), kind: "Secret" }, ref("theirs", "shop")];

  it("finds what can be seen all the same", async () => {
    expect(await foreignObjects(api(403), objects)).toEqual([
      { title: "ConfigMap shop/theirs", owner: "helm" },
    ]);
  });

  it("is no finding when the server merely does not tell", async () => {
    await expect(foreignObjects(api(503), objects)).rejects.toThrow("the API server answered 503");
  });
});

describe("looking for what has come to a cluster", () => {
  it("finds those of the objects that are there, whoever has made them", async () => {
    const api = { list: async () => [live("a", ["helm"]), live("other")] };
    const found = await objectsThere(api, [ref("a", "shop"), ref("missing", "shop")]);
    expect(found.map((each) => each.ref)).toEqual([ref("a", "shop")]);
  });
});
