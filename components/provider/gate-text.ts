import type { Outcome } from "../checks/watch";
import { hideStack } from "../mistake";
import type { GateInputs } from "./pass-gate";

type Named = Pick<GateInputs, "wave" | "release" | "maxFailures">;

/** How messages name a gate. */
export function gateTitle({ wave }: Named): string {
  return `gate ${JSON.stringify(wave)}`;
}

/** Why clusters failed, by name. */
export function failedClusters(outcomes: ReadonlyMap<string, Outcome>): Record<string, string> {
  const failed = [...outcomes].filter(([, { state }]) => state === "failed");
  return Object.fromEntries(failed.map(([cluster, { reason }]) => [cluster, reason]));
}

/** The error of a gate: every cluster at once, what became of the wave, and what to do. */
export function gateFailure(
  gate: Named,
  failed: Readonly<Record<string, string>>,
  outcomes: ReadonlyMap<string, Outcome>,
): Error {
  const open = [...outcomes].filter(([, { state }]) => state === "open");
  const lines = [
    ...Object.entries(failed).map(([cluster, reason]) => `cluster ${cluster}: ${reason}`),
    ...open.map(([cluster, { reason }]) => `cluster ${cluster} was not decided yet: ${reason}`),
  ];
  const list = lines.length === 1 ? ` ${lines[0]}` : lines.map((line) => `\n  - ${line}`).join("");
  const error = new Error(`${gateTitle(gate)} of release ${gate.release} failed:${list}\n${whatNow(gate)}`);
  hideStack(error);
  return error;
}

function whatNow({ maxFailures }: Named): string {
  const allowed = maxFailures === 0 ? "" : `At most ${maxFailures} clusters of the wave may fail. `;
  return `${allowed}The clusters behind this gate were not touched. Mend it or deliver another release, and run pulumi up again: it goes on from here.`;
}
