const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Why the sandbox does not call this address; undefined when it does: only this machine is ever called. */
export function checkAddress(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return "not a URL";
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return "not http or https";
  return LOOPBACK.test(parsed.hostname)
    ? undefined
    : "not a loopback address: the sandbox calls nothing else";
}
