import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { accepts, tryRun } from "../processes/index.ts";
import { startConfigured } from "./configured.ts";
import type { Identities } from "./credentials.ts";
import type { HubSettings, PullLimit } from "./hub/settings.ts";

/** As Docker Hub's tokens. */
export const DEFAULT_TOKEN_SECONDS = 300;
/** Docker Hub's limit for a free account: https://docs.docker.com/docker-hub/usage/ */
export const DEFAULT_PULL_LIMIT: PullLimit = { pulls: 200, windowSeconds: 21_600 };
const VALID_DAYS = 3650;

export interface HubSpec {
  /** Of the service. */
  readonly name: string;
  readonly home: string;
  readonly ports: HubSettings["ports"];
  readonly identities: Identities;
  readonly tokenSeconds: number;
  readonly pullLimit: PullLimit;
}

/** What the registry must be told to accept the tokens. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly service: string;
  readonly certificate: string;
}

/** Starts the token service and the limiter of one registry. */
export async function startHub(dir: string, spec: HubSpec): Promise<TokenIssuer> {
  const { key, certificate } = await keptKey(spec.home);
  const settings: HubSettings = {
    ports: spec.ports,
    issuer: "sandbox-token-service",
    service: "sandbox-registry",
    tokenSeconds: spec.tokenSeconds,
    pullLimit: spec.pullLimit,
    accounts: [
      { ...spec.identities.owner, may: ["pull", "push", "delete"] },
      { ...spec.identities.reader, may: ["pull"] },
    ],
    key,
  };
  const path = join(spec.home, "hub.json");
  await startConfigured(dir, {
    name: spec.name,
    command: process.execPath,
    args: [join(import.meta.dirname, "hub", "main.ts"), path],
    env: {},
    ready: async () => (await accepts(spec.ports.token)) && accepts(spec.ports.limiter),
    config: { path, content: JSON.stringify(settings, null, 2) },
  });
  return { issuer: settings.issuer, service: settings.service, certificate };
}

/** The key that signs tokens, and a certificate of it, which is how the registry wants to be told. */
async function keptKey(home: string): Promise<{ readonly key: string; readonly certificate: string }> {
  const files = { key: join(home, "token.key"), certificate: join(home, "token.crt") };
  if (existsSync(files.certificate)) return files;
  const made = await tryRun("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"],
    ...["-subj", "/CN=sandbox-token-service", "-days", String(VALID_DAYS)],
    ...["-keyout", files.key, "-out", `${files.certificate}.new`],
  ]);
  if (made.code !== 0)
    throw new Error(`No key for ${home}: openssl failed (is it installed?):\n${made.stderr}`);
  renameSync(`${files.certificate}.new`, files.certificate);
  return files;
}
