import { createHash } from "node:crypto";

/** The application whose services are rendered, and the environments it goes to. */
export const APP = "shop";
export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** One service: what differs between services is here, the rest is the same for all. */
export interface Service {
  readonly name: string;
  readonly repository: string;
  readonly digest: string;
  readonly port: number;
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

/** How many services are rendered, into which environments and where to. */
export interface RenderSettings {
  readonly services: number;
  readonly environments: readonly EnvironmentName[];
  readonly out: string;
}

const FIRST_PORT = 8000;

/** The services of an environment; other environments have other settings. */
export function servicesOf(count: number, environment: EnvironmentName): Service[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `service-${index}`;
    const config = { ENVIRONMENT: environment, GREETING: `hello from ${name}`, LEVEL: "info" };
    const digest = `sha256:${createHash("sha256").update(name).digest("hex")}`;
    const repository = `registry.example.com/acme/${name}`;
    return { name, repository, digest, port: FIRST_PORT + index, replicas: 2, config };
  });
}
