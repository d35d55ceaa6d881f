import { randomUUID } from "node:crypto";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Delivery, Hook, Repository } from "../state/index.ts";
import type { GitHubEvent, World } from "../world.ts";
import { checkAddress } from "./address.ts";
import { renderRequest, wants } from "./request.ts";

/** GitHub gives a receiver 10 s, and does not try again. */
export const DELIVERY_TIMEOUT_MS = 10_000;
/** Older deliveries are forgotten. */
export const KEPT_DELIVERIES = 100;

type Answer = Pick<Delivery, "status" | "status_code">;

/** Calls the repository's hooks that want this event, at once, each one time; never throws. */
export async function fireHooks(world: World, repository: Repository, event: GitHubEvent): Promise<void> {
  const hooks = readList(repository.dir, "hooks").filter((hook) => wants(hook, event));
  await Promise.all(hooks.map((hook) => deliver(world, repository, hook, event)));
}

/** Calls one hook and keeps what became of it. */
export async function deliver(
  world: World,
  repository: Repository,
  hook: Hook,
  event: GitHubEvent,
): Promise<void> {
  const guid = randomUUID();
  const started = performance.now();
  const answer = await call(hook, event, guid);
  const delivery: Delivery = {
    id: world.ids.next(),
    hook_id: hook.id,
    guid,
    delivered_at: timestamp(),
    duration: Math.round(performance.now() - started) / 1000,
    ...answer,
    event: event.name,
    action: event.action ?? null,
  };
  if (world.repositories.findById(repository.id) === undefined) return;
  const kept = [...readList(repository.dir, "deliveries"), delivery].slice(-KEPT_DELIVERIES);
  writeList(repository.dir, "deliveries", kept);
}

async function call(hook: Hook, event: GitHubEvent, guid: string): Promise<Answer> {
  const refused = checkAddress(hook.url);
  if (refused !== undefined) return { status: refused, status_code: 0 };
  const { headers, body } = renderRequest(hook, event, guid);
  const signal = AbortSignal.timeout(DELIVERY_TIMEOUT_MS);
  try {
    const response = await fetch(hook.url, { method: "POST", headers, body, signal, redirect: "manual" });
    await response.body?.cancel();
    return { status: response.ok ? "OK" : `answered ${response.status}`, status_code: response.status };
  } catch (error) {
    const timedOut = (error as Error).name === "TimeoutError";
    return { status: timedOut ? "timed out" : "failed to connect to host", status_code: 0 };
  }
}
