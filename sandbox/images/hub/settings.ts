import type { Credentials } from "../credentials.ts";

export type Action = "pull" | "push" | "delete";

export interface Account extends Credentials {
  readonly may: readonly Action[];
}

/** Docker Hub's scheme: so many manifests for each identity in each window. */
export interface PullLimit {
  readonly pulls: number;
  readonly windowSeconds: number;
}

/** Everything that the token service and the limiter are told when they start. */
export interface HubSettings {
  /** Ports on 127.0.0.1. */
  readonly ports: { readonly limiter: number; readonly token: number; readonly registry: number };
  readonly issuer: string;
  /** Whom the tokens are for, as the registry knows itself. */
  readonly service: string;
  readonly tokenSeconds: number;
  readonly pullLimit: PullLimit;
  readonly accounts: readonly Account[];
  /** Path of the PEM key that signs the tokens. */
  readonly key: string;
}
