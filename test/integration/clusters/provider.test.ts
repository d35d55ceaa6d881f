import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  CLIENT_RATE,
  CLIENT_TIMEOUT_SECONDS,
  createClusterProvider,
  kubernetesVersion,
} from "../../../components/clusters";
import { settingsOfVersion } from "../../../components/clusters/provider";
import type { ClusterTarget } from "../../../components/clusters";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";

const CANARY = "canary-0c4e1b";
const kubeconfig = `
current-context: eu
contexts: [{ name: eu, context: { cluster: eu, user: eu } }]
clusters: [{ name: eu, cluster: { server: "https://eu.example.com" } }]
users: [{ name: eu, user: { token: ${CANARY} } }]
`;

async function providerOf(target: ClusterTarget): Promise<Registration> {
  const [provider, ...others] = await registrations(() => createClusterProvider("shop/eu", target, {}));
  if (provider === undefined || others.length > 0) throw new Error("there is not one provider");
  return provider;
}

describe("the provider of a cluster", () => {
  it("by a context has the name of the context alone: no credential and no path goes into the state", async () => {
    const { type, inputs } = await providerOf({ name: "eu", context: "eu-context" });
    expect(type).toBe("pulumi:providers:kubernetes");
    expect(inputs).toEqual({
      context: "eu-context",
      clusterIdentifier: "eu",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
      kubeClientSettings: JSON.stringify({ ...CLIENT_RATE, timeout: CLIENT_TIMEOUT_SECONDS }),
    });
  });

  it.each<[string, (text: string) => pulumi.Input<string>]>([
    ["a text", (text) => text],
    ["an output", (text) => pulumi.output(text)],
    ["a secret", (text) => pulumi.secret(text)],
  ])("by %s of a kubeconfig has it as a secret", async (_what, input) => {
    const { inputs } = await providerOf({ name: "eu", kubeconfig: input(kubeconfig), context: "eu" });
    expect(inputs).toMatchObject({ kubeconfig: SECRET, context: "eu" });
    expect(JSON.stringify(inputs)).not.toContain(CANARY);
  });

  it("never gives up the objects of a cluster that cannot be reached", async () => {
    const { inputs } = await providerOf({ name: "eu", context: "eu" });
    expect(inputs).not.toHaveProperty("deleteUnreachable");
    expect(inputs).not.toHaveProperty("skipUpdateUnreachable");
  });

  it("is of the version of the plugin that belongs to the SDK", () => {
    expect(kubernetesVersion()).toMatch(/^4\.\d+\.\d+$/);
  });
});

describe("the plugin", () => {
  it.each([
    ["4.25.0", {}],
    ["4.28.9", {}],
    ["4.29.0", { upsertExistingObjects: "true" }],
    ["4.100.1", { upsertExistingObjects: "true" }],
    ["5.0.0", { upsertExistingObjects: "true" }],
  ])("in version %s takes over what exists, which was looked at before: %o", (version, settings) => {
    expect(settingsOfVersion(version)).toEqual(settings);
  });
});
