import { describe, expect, it } from "vitest";
import { AGENTS } from "../../../components/pull/agents";
import type { AgentSource, AgentSync } from "../../../components/pull/contract";

const source: AgentSource = {
  name: "shop-delivery",
  namespace: "shop",
  repository: "https://git.example.com/acme/deploy.git",
  branch: "deploy/shop/prod",
  folder: "clusters/eu-1",
  interval: "1m",
  secret: "shop-delivery-source",
};
const sync: AgentSync = {
  name: "shop-delivery",
  namespace: "shop",
  folder: "clusters/eu-1",
  serviceAccount: "shop-delivery",
  interval: "5m",
  retryInterval: "30s",
  timeout: "2m",
  decryption: undefined,
  suspended: false,
};

/** What every agent has to keep; a new one is done when it passes. */
describe.each(Object.values(AGENTS))("the agent $name", (agent) => {
  const all = [...agent.source(source), ...agent.sync(sync)];

  it("is told the repository, the branch and the one folder of its cluster", () => {
    const text = JSON.stringify(all);
    expect(text).toContain(source.repository);
    expect(text).toContain(source.branch);
    expect(text).toContain(source.folder);
  });

  it("is told everything in the namespace of the stack, and nothing of another one", () => {
    expect(new Set(all.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["shop"]));
    const namespaces = [...JSON.stringify(all).matchAll(/"namespace":"([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(namespaces)).toEqual(new Set(["shop"]));
  });

  it("has credentials by the name of a Secret alone, and none where the repository is public", () => {
    expect(JSON.stringify(agent.source(source))).toContain("shop-delivery-source");
    expect(JSON.stringify(agent.source({ ...source, secret: undefined }))).not.toContain("ecret");
  });

  it("decrypts with the key in a Secret of the stack, and only when something is encrypted", () => {
    expect(JSON.stringify(agent.sync({ ...sync, decryption: "shop-delivery-sops" }))).toContain(
      "shop-delivery-sops",
    );
    expect(JSON.stringify(agent.sync(sync))).not.toContain("sops");
  });

  it("applies as the account of the stack, removes what left the branch, and waits until all is healthy", () => {
    const text = JSON.stringify(agent.sync(sync));
    expect(text).toContain('"shop-delivery"');
    expect(text).toContain('"prune":true');
    expect(text).toMatch(/"2m"/);
  });

  it("replaces nothing in the bytes of the branch", () => {
    expect(JSON.stringify(all)).not.toMatch(/postBuild|substitute|namePrefix|patches/);
  });

  it("is absent where there are no objects", () => {
    const status = agent.readStatus({ source: undefined, sync: undefined });
    expect(status).toMatchObject({ state: "absent", commit: undefined });
  });

  it("lets go of nothing but the stack's own objects", () => {
    for (const { namespace, name } of agent.others(source)) {
      expect([namespace, name]).toEqual([source.namespace, source.name]);
    }
  });

  it("is asked about the very objects that it is told", () => {
    const refs = Object.values(agent.objects(source)).map(({ kind, name, namespace }) => [
      kind,
      namespace,
      name,
    ]);
    expect(all.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual(
      expect.arrayContaining(refs),
    );
  });
});
