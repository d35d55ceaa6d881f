import type * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { tryPeer } from "../../peer";
import { branchOf } from "../../push/ledger";
import type { PullDeliveryPlan } from "../args";
import type { PullCredentials } from "../credentials";
import { webhookPath } from "../flux";
import type { HostPlan } from "./args";
import { Generated } from "./generated";

const PACKAGE = "@pulumi/github";
const MISSING = `host: github() needs the package ${PACKAGE}, which is not installed; run "npm install ${PACKAGE}"`;

/** It is loaded only when a host is given. */
function tryGitHub(): typeof github | undefined {
  return tryPeer(PACKAGE, () => require(PACKAGE) as typeof github);
}

/** The package that a host needs, unless it is there. */
export function checkHostPackage({ host }: PullDeliveryPlan): string[] {
  return host === undefined || tryGitHub() !== undefined ? [] : [MISSING];
}

/** The plan with the credentials, and the webhook's token, that are made and registered for it. */
export function createHost(name: string, plan: PullDeliveryPlan, parent: pulumi.Resource): PullDeliveryPlan {
  const { host, webhook } = plan;
  if (host === undefined) return plan;
  const credentials = createDeployKeys(name, plan, host, parent);
  if (host.protect) createProtection(name, plan, host, parent);
  if (webhook === undefined || webhook.token !== "") return { ...plan, credentials };
  const comment = titleOf(plan);
  // With the key that is in use, so that it is rotated with it.
  const made = new Generated(`${name}/webhook-token/${host.keys[0]}`, { form: "token", comment }, { parent });
  return { ...plan, credentials, webhook: { ...webhook, token: made.secret } };
}

/** All of them, and of these the first for the agents, which get it when it is registered. */
function createDeployKeys(
  name: string,
  plan: PullDeliveryPlan,
  { keys, repository, knownHosts }: HostPlan,
  parent: pulumi.Resource,
): PullCredentials {
  const [current] = keys.map((key) => {
    const scope = `${name}/deploy-key/${key}`;
    const title = `${titleOf(plan)}/${key}`;
    const pair = new Generated(scope, { form: "ssh-key", comment: title }, { parent });
    const args = { repository, title, key: pair.public, readOnly: true };
    // GitHub takes no key twice.
    const registered = new (tryGitHub()!.RepositoryDeployKey)(scope, args, {
      parent,
      deleteBeforeReplace: true,
    });
    return pulumi.all([pair.secret, registered.id]).apply(([privateKey]) => privateKey);
  });
  return { kind: "ssh", privateKey: current!, knownHosts };
}

/** A ruleset needs no branch that is there already, so it holds from the first commit on. */
function createProtection(
  name: string,
  { content }: PullDeliveryPlan,
  { repository }: HostPlan,
  parent: pulumi.Resource,
): void {
  const refName = { includes: [`refs/heads/${branchOf(content)}`], excludes: [] };
  const args: github.RepositoryRulesetArgs = {
    ...{ repository, name: `ledger ${ledgerOf(content)}` },
    ...{ target: "branch", enforcement: "active", conditions: { refName } },
    rules: { deletion: true, nonFastForward: true },
  };
  new (tryGitHub()!.RepositoryRuleset)(`${name}/protection`, args, { parent });
}

/** What GitHub's own pages show, with the cluster where it is the only one that this is for. */
function titleOf({ content, only }: PullDeliveryPlan): string {
  return only === undefined ? ledgerOf(content) : `${ledgerOf(content)}/${only}`;
}

/** `shop/prod` */
const ledgerOf = (content: PullDeliveryPlan["content"]): string => branchOf(content).replace(/^deploy\//, "");

/** Puts the webhooks in the preview, one for each address that receivers have, after what takes them. */
export function createWebhooks(
  name: string,
  plan: PullDeliveryPlan,
  receivers: ReadonlyMap<string, readonly pulumi.Resource[]>,
  parent: pulumi.Resource,
): void {
  const { host, webhook, content } = plan;
  if (host === undefined || webhook === undefined) return;
  const secret = pulumi.secret(webhook.token);
  const path = secret.apply((token) => webhookPath(token, { name: plan.name, namespace: content.namespace }));
  for (const [url, clusters] of byAddress(webhook.urls)) {
    const address = pulumi.interpolate`${url.replace(/\/$/, "")}${path}`;
    const args: github.RepositoryWebhookArgs = {
      ...{ repository: host.repository, events: ["push"], active: true },
      configuration: { url: address, contentType: "json", secret },
    };
    const dependsOn = clusters.flatMap((cluster) => receivers.get(cluster) ?? []);
    new (tryGitHub()!.RepositoryWebhook)(`${name}/webhook/${clusters[0]}`, args, { parent, dependsOn });
  }
}

/** Clusters behind one address are told by one webhook. */
function byAddress(urls: Readonly<Record<string, string>>): Map<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const [cluster, url] of Object.entries(urls))
    addresses.set(url, [...(addresses.get(url) ?? []), cluster]);
  return addresses;
}
