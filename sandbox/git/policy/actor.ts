import type { Actor } from "./protection.ts";

/** Environment variable that tells the Git hooks who pushes; whoever starts `git receive-pack` sets it. */
export const ACTOR_VARIABLE = "DELIVERY_GIT_ACTOR";

export const encodeActor = (actor: Actor): string => JSON.stringify(actor);

/** Somebody unknown may do nothing that is protected. */
export function decodeActor(text: string | undefined): Actor {
  try {
    const { login, permission } = JSON.parse(text ?? "") as Actor;
    return { login, permission };
  } catch {
    return { login: "unknown", permission: "none" };
  }
}
