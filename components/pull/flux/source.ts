import type { Manifest } from "../../manifests";
import { MIGRATION_PREFIX } from "../../manifests/files";
import type { AgentSource } from "../contract";
import { SOURCE_API } from "./names";

/** How long one fetch of the repository may take. Flux's own default, said so that it stays. */
export const FETCH_TIMEOUT = "60s";

/**
 * The GitRepository of a stack.
 *
 * - `sparseCheckout`: a branch has the folders of all clusters of the stack, and this one is to see its own only.
 * - `ignore`: takes the place of Flux's default list, which leaves files out by their endings; only what is below
 *   `clusters/` counts, and all of it but migrations: they are over before anything is published.
 */
export function gitRepositoryManifest(source: AgentSource): Manifest {
  const { name, namespace, repository, branch, folder, interval, secret } = source;
  return {
    apiVersion: SOURCE_API,
    kind: "GitRepository",
    metadata: { name, namespace },
    spec: {
      url: repository,
      ref: { branch },
      interval,
      timeout: FETCH_TIMEOUT,
      sparseCheckout: [folder],
      ignore: `/*\n!/clusters/\n/clusters/*/${MIGRATION_PREFIX}_*\n`,
      ...(secret === undefined ? {} : { secretRef: { name: secret } }),
    },
  };
}
