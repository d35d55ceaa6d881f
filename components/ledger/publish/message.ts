import type { CommitMessage } from "./args";

/** Trailers of a ledger's commits, by the field that they hold. */
export const TRAILERS = {
  release: "Delivery-Release",
  stack: "Delivery-Stack",
  contentHash: "Delivery-Content-Hash",
  sourceCommit: "Delivery-Source-Commit",
  outcome: "Delivery-Outcome",
  override: "Delivery-Override",
} as const satisfies Partial<Record<keyof CommitMessage, string>>;

/** Subject, an empty line, trailers. Source: git-interpret-trailers(1). */
export function messageText(message: CommitMessage): string {
  const fields = Object.keys(TRAILERS) as (keyof typeof TRAILERS)[];
  const trailers = fields.flatMap((field) => {
    const value = message[field]?.trim() ?? "";
    return value === "" ? [] : [`${TRAILERS[field]}: ${value}`];
  });
  return `${message.subject.trim()}\n\n${trailers.join("\n")}\n`;
}
