import { describe, expect, it } from "vitest";
import { POD_SECURITY_EXCEPTION, app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { IMAGE, cluster, find } from "./world";

const web = app({ name: "web", image: IMAGE, port: 8080 });
const service: Manifest = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "lost" },
  spec: { selector: { app: "nobody" }, ports: [{ port: "80" }] },
};
const pod: Manifest = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "root" },
  spec: { containers: [{ name: "root", image: "r/a:latest", colour: "red" }] },
};

const run = (manifests: readonly Manifest[], more: Partial<PushDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", { manifests, clusters: [cluster("eu")], ...more } as never));
const refused = (...manifests: Manifest[]): Promise<string> =>
  run([...web, ...manifests]).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );

describe("a preview", () => {
  it("has every problem of every kind at once: schema, selectors, digests and Pod Security", async () => {
    const said = await refused(service, pod);
    expect(said).toContain("Service lost: spec.ports[0].port is text; give a whole number, without quotes");
    expect(said).toContain("Service lost: spec.selector selects no pods of the list");
    expect(said).toContain(
      'Pod root: spec.containers[0].image is "r/a:latest"; name it as repository@sha256',
    );
    expect(said).toContain("Pod root: spec.containers[0].colour is no field");
    expect(said).toContain("Pod root: spec.containers[0].securityContext.runAsNonRoot is missing; give true");
  });

  it("of a release that was made before has no rule in the way but those that protect cluster and ledger", async () => {
    const world = await run([...web, service, pod], { manifestChecks: "sink" });
    expect(find(world, "shop/eu/core/Pod/shop/root").inputs["kind"]).toBe("Pod");
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, data: { key: "a" } };
    const ledger = { repository: "https://git.example.com/acme/deploy.git" };
    await expect(run([...web, secret], { manifestChecks: "sink", ledger })).rejects.toThrow(
      /data\.key would stand in Git/,
    );
    const elsewhere = { ...pod, metadata: { name: "root", namespace: "kube-system" } };
    await expect(run([...web, elsewhere], { manifestChecks: "sink" })).rejects.toThrow(
      /is outside the namespace "shop"/,
    );
  });
});

describe("the namespace of a delivery", () => {
  const label = async (manifests: readonly Manifest[]): Promise<unknown> =>
    (find(await run(manifests), "shop/eu/core/Namespace//shop").inputs as Manifest).metadata.labels?.[
      "pod-security.kubernetes.io/enforce"
    ];

  it("enforces the restricted profile", async () => {
    expect(await label(web)).toBe("restricted");
  });

  it("enforces the strictest profile that lets in what an exception was made for", async () => {
    const annotations = { [POD_SECURITY_EXCEPTION]: "reads the node's logs" };
    const agent: Manifest = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "agent", annotations },
      spec: { containers: [{ name: "agent", image: IMAGE }] },
    };
    expect(await label([...web, agent])).toBe("baseline");
    const volumes = [{ name: "logs", hostPath: { path: "/var/log" } }];
    const spec = { ...(agent["spec"] as object), volumes };
    expect(await label([...web, { ...agent, spec }])).toBe("privileged");
  });
});
