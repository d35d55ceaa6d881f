/** Names of Docker Hub's registry, as users write them. */
const DOCKER_HUB = ["docker.io", "index.docker.io", "registry-1.docker.io"];
/** The name under which Docker keeps the credentials of Docker Hub. */
const DOCKER_HUB_CREDENTIALS = "https://index.docker.io/v1/";

export interface ImageName {
  /** The registry's host, and port if it has one; undefined when the name does not say. */
  readonly registry: string | undefined;
  /** The repository in full, as `docker.io/library/alpine` for `alpine`; without tag and digest. */
  readonly repository: string;
}

/**
 * Reads an image name the way Docker does: the first part is a registry only with a dot, a colon, or as
 * `localhost`. See https://pkg.go.dev/github.com/distribution/reference.
 */
export function readImageName(name: string): ImageName {
  const [bare = ""] = name.split("@");
  const untagged = bare.replace(/:[^/:]*$/, "");
  const [first = "", ...rest] = untagged.split("/");
  const registry = rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : undefined;
  const path = registry === undefined ? untagged : rest.join("/");
  const isHub = registry === undefined || DOCKER_HUB.includes(registry);
  const fullPath = isHub && !path.includes("/") ? `library/${path}` : path;
  return { registry, repository: `${isHub ? "docker.io" : registry}/${fullPath}` };
}

/** The name under which Docker's configuration keeps the credentials for a registry. */
export function credentialsKey(server: string): string {
  const [host = ""] = server.replace(/^https?:\/\//, "").split("/");
  return DOCKER_HUB.includes(host) ? DOCKER_HUB_CREDENTIALS : host;
}
