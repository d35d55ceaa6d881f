import type { Environment } from "../../environment";
import { DOCKER_HUB } from "../reference";
import type { DockerConfig, Login } from "./docker-config";
import { readDockerConfig } from "./docker-config";
import { askHelper } from "./helper";

/** A login, and where it came from in words for an error. */
export interface Credential {
  readonly login: Login;
  readonly origin: string;
}

/** Finds the credentials for a registry's host; undefined when there are none. */
export type CredentialSource = (domain: string) => Promise<Credential | undefined>;

/** Docker's name for Docker Hub towards credential helpers. Source: docker/cli, `registry.IndexServer`. */
const DOCKER_HUB_SERVER = "https://index.docker.io/v1/";

/**
 * The credentials that `docker login` has left: `config.json` in `DOCKER_CONFIG`, else in `~/.docker`, and the
 * credential helpers that it names. The file is read once, when the first registry asks for credentials.
 */
export function dockerCredentials(environment: Environment): CredentialSource {
  let config: Promise<DockerConfig> | undefined;
  return async (domain) => {
    const { path, logins, helpers, store } = await (config ??= readDockerConfig(environment));
    const helper = helpers.get(domain) ?? store;
    const server = domain === DOCKER_HUB ? DOCKER_HUB_SERVER : domain;
    const helped = helper === undefined ? undefined : await askHelper({ helper, server, environment });
    if (helped !== undefined)
      return { login: helped, origin: `the credential helper docker-credential-${helper}` };
    const login = logins.get(domain);
    return login && { login, origin: path };
  };
}
