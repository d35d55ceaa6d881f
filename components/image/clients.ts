import type { Environment } from "../environment";
import type { CredentialSource, RegistryClient, RetryPolicy } from "./registry";
import { httpClient, registryClient } from "./registry";

/** How long a base image's registry may take to answer, in milliseconds. */
export const BASE_IMAGE_TIMEOUT_MS = 5_000;
/** A base image that cannot be looked up is a warning, which nobody should wait long for. */
const BASE_IMAGE_RETRIES: RetryPolicy = { attempts: 2, baseMs: 500, maxRetryAfterMs: 2_000 };

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
