import type { SandboxInfo } from "../../../sandbox/info.ts";
import { Namespace, TOO_MUCH_CPU } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { openWays } from "../../support/ways";
import type { Ways } from "../../support/ways";

/** A program that delivers the application `orders`, and the clusters that it delivers to. */
export interface PushWorld {
  readonly sandbox: SandboxInfo;
  readonly project: Project;
  readonly ways: Ways;
  /** Its namespace in a cluster. */
  in(cluster: string): Namespace;
  /** The program from now on. */
  deliver(delivery: Delivery): void;
  /** Removes its namespaces, with all that is in them. */
  remove(): Promise<void>;
}

export interface Delivery {
  /** Source text of the targets: `waves: […]` or `clusters: […]`. */
  readonly targets: string;
  /** Setting of the application. @default "hello" */
  readonly greeting?: string;
  /** Clusters in which it asks for more than a node has. @default none */
  readonly tooBigIn?: readonly string[];
  /** How long it may take to be ready, in seconds. @default 120 */
  readonly timeoutSeconds?: number;
  /** Source text of a list of more objects. @default none */
  readonly more?: string;
  /** Source text of more arguments, as `onUnreachable: "skip",`. @default none */
  readonly args?: string;
  /** Source text of more arguments of the application, as `scaling: { min: 1, max: 3 },`. @default none */
  readonly app?: string;
}

/** Name of the application. */
export const APP = "orders";
export const IMAGE = `registry.example.com/acme/orders@sha256:${"5".repeat(64)}`;

/** @param owner names its ways to the clusters and its namespace: unique in the run */
export async function makePushWorld(owner: string): Promise<PushWorld> {
  const sandbox = await sharedSandbox();
  const ways = await openWays(sandbox, owner);
  const project = new Project({ ...sandbox, env: { ...sandbox.env, KUBECONFIG: ways.kubeconfig } });
  const namespace = `${APP}-${owner}`;
  const inCluster = (cluster: string): Namespace => new Namespace(sandbox, cluster, namespace);
  const deliver = (delivery: Delivery): void => project.write("index.js", sourceOf(namespace, delivery));
  await project.program("");
  return {
    sandbox,
    project,
    ways,
    deliver,
    in: inCluster,
    async remove() {
      await Promise.all(sandbox.clusters.map(({ name }) => inCluster(name).remove()));
      await ways.close();
      project.remove();
    },
  };
}

function sourceOf(namespace: string, delivery: Delivery): string {
  const {
    targets,
    greeting = "hello",
    tooBigIn = [],
    timeoutSeconds = 120,
    more = "[]",
    args = "",
    app: appArgs = "",
  } = delivery;
  return `
    const { app, checks, PushDelivery } = require("pulumi-delivery");
    const tooBigIn = ${JSON.stringify(tooBigIn)};
    const orders = (cluster) => app({
      name: "${APP}", image: "${IMAGE}", port: 8080, config: { GREETING: ${JSON.stringify(greeting)} },
      resources: { requests: { cpu: tooBigIn.includes(cluster) ? "${TOO_MUCH_CPU}" : "10m", memory: "16Mi" } },
      ${appArgs}
    });
    const annotations = { "pulumi.com/timeoutSeconds": "${timeoutSeconds}" };
    const timed = (object) => object.kind === "Deployment" || object.kind === "Service"
      ? { ...object, metadata: { ...object.metadata, annotations } } : object;
    const delivery = new PushDelivery("${APP}", {
      namespace: "${namespace}",
      ${targets},
      ${args}
      manifests: (cluster) => [...orders(cluster).map(timed), ...${more}],
    });
    exports.record = delivery.record;`;
}

/** A target by the context of the same name. */
export const target = (cluster: string): string => `{ name: "${cluster}", context: "${cluster}" }`;

/** Source text of a wave of clusters. */
export const wave = (name: string, clusters: readonly string[], more = ""): string =>
  `{ name: "${name}", clusters: [${clusters.map(target).join(", ")}], ${more} }`;
