import type { Environment } from "../environment";
import type { CredentialSource, RegistryClient, RegistryStore, RetryPolicy } from "./registry";
import { DEFAULT_RETRIES, httpClient, registryClient, registryStore } from "./registry";

/** How long a base image's registry may take to answer, in milliseconds. */
export const BASE_IMAGE_TIMEOUT_MS = 5_000;
/** A base image that cannot be looked up is a warning, which nobody should wait long for. */
const BASE_IMAGE_RETRIES: RetryPolicy = { attempts: 2, baseMs: 500, maxRetryAfterMs: 2_000 };

/** How long a layer may take on its way from or to a registry, in milliseconds. */
export const LAYER_TIMEOUT_MS = 15 * 60_000;

/** The clients that one image needs. */
export interface ImageClients {
  /** For the registry that the image is kept in, without which nothing can be decided. */
  readonly own: RegistryClient;
  /** For the registries of its base images. */
  readonly bases: RegistryClient;
}

export function imageClients(environment: Environment, credentials: CredentialSource): ImageClients {
  const patient = httpClient({ environment });
  const quick = httpClient({ environment, timeoutMs: BASE_IMAGE_TIMEOUT_MS });
  return {
    own: registryClient({ send: patient, credentials }),
    bases: registryClient({ send: quick, credentials, retries: BASE_IMAGE_RETRIES }),
  };
}

/** For copying images and removing old ones. */
export function imageStore(environment: Environment, credentials: CredentialSource): RegistryStore {
  const send = httpClient({ environment, timeoutMs: LAYER_TIMEOUT_MS });
  return registryStore({ send, credentials, retries: DEFAULT_RETRIES });
}
