import type { PullAgent } from "./contract";
import { fluxAgent } from "./flux";

/** The agents that a delivery can be left to, by name. */
export const AGENTS: Readonly<Record<string, PullAgent>> = { flux: fluxAgent };
