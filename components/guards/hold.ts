import type { Hold } from "./contract";

/** Whether a hold holds now. */
export function isHeld(hold: Hold | undefined, now: Date): hold is Hold {
  return hold !== undefined && (hold.until === undefined || hold.until > now);
}

/** A hold in one sentence, for people. */
export function holdText({ reason, until }: Hold): string {
  const end =
    until === undefined ? "until it is lifted" : `until ${until.toISOString().replace(/:00\.000Z$/, "Z")}`;
  return `held ${end}: ${reason}`;
}
