import { DOCKER_HUB } from "../reference";

/** Where Docker Hub's registry really answers. */
const DOCKER_HUB_HOST = "registry-1.docker.io";
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Whether it is this machine: the only place where plain http is spoken. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

/** Where a registry's API is: https, or http on this machine. */
export function registryUrl(domain: string): URL {
  const secure = new URL(`https://${domain === DOCKER_HUB ? DOCKER_HUB_HOST : domain}`);
  return isLoopback(secure) ? new URL(`http://${domain}`) : secure;
}

/** Whether a request, and credentials, may go there. */
export function isAllowed(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}
