import type { Hook } from "../state/index.ts";
import type { GitHubEvent } from "../world.ts";
import { signature1, signature256 } from "./signature.ts";

export interface HookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What GitHub would send to this hook for this event. */
export function renderRequest(hook: Hook, event: GitHubEvent, guid: string): HookRequest {
  const json = JSON.stringify(event.payload);
  const form = hook.content_type === "form";
  const body = form ? new URLSearchParams({ payload: json }).toString() : json;
  const headers: Record<string, string> = {
    "Content-Type": form ? "application/x-www-form-urlencoded" : "application/json",
    "User-Agent": "GitHub-Hookshot/sandbox",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event.name,
    "X-GitHub-Hook-ID": String(hook.id),
  };
  if (hook.secret === null) return { headers, body };
  const signed = {
    "X-Hub-Signature": signature1(hook.secret, body),
    "X-Hub-Signature-256": signature256(hook.secret, body),
  };
  return { headers: { ...headers, ...signed }, body };
}

export function wants(hook: Hook, event: Pick<GitHubEvent, "name">): boolean {
  return hook.active && (hook.events.includes(event.name) || hook.events.includes("*"));
}
