import { ageText } from "../guards";
import { holdText } from "../promotion/hold";
import type { BoardCell, BoardPending, BoardRow, CellState, LiveAgent } from "./model";

/** The states for people; every renderer has the same words. */
export const STATE_WORDS: Readonly<Record<CellState, string>> = {
  verified: "verified",
  open: "not verified yet",
  failed: "failed",
  empty: "empty",
  differs: "differs",
  unreachable: "unreachable",
};

/** A sign that tells the states apart without colours. */
export const STATE_SIGNS: Readonly<Record<CellState, string>> = {
  verified: "✓",
  open: "…",
  failed: "✗",
  empty: "○",
  differs: "≠",
  unreachable: "!",
};

/** Age of what a cell runs; nothing when it is not known. */
export function sinceText({ since }: Pick<BoardCell, "since">, now: Date): string {
  return since === undefined ? "" : ageText(now.getTime() - since.getTime());
}

/** The state of a cell with all that is to be said of it. */
export function cellText(cell: BoardCell): string {
  const notes = [
    cell.note,
    cell.agent === undefined ? undefined : agentText(cell.agent),
    cell.pin === undefined ? undefined : `pinned to ${cell.pin}`,
    cell.isBehind ? "another release than most" : undefined,
  ].filter((note) => note !== undefined);
  return [STATE_WORDS[cell.state], ...notes].join(", ");
}

/** `flux healthy`; what is not, in the agent's own words. */
function agentText({ name, state, message, source }: LiveAgent): string {
  const said = source === "unreadable" ? `${name} cannot read the ledger` : `${name} ${state}`;
  return state === "healthy" && source === "readable" ? said : `${said}: ${shortened(message)}`;
}

/** How much of what an agent says fits beside a cluster; `delivery board --json` has all of it. */
const MAX_MESSAGE = 160;

function shortened(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE - 1)}…` : line;
}

/** `3 changes, oldest 2 d 4 h, pass`; `nothing` when nothing waits. What guards warn of or block has lines of its own. */
export function pendingText({ changes, releases, oldestMs, note, outcome }: BoardPending): string {
  const oldest = oldestMs === undefined ? "" : `, oldest ${ageText(oldestMs)}`;
  const counted = changes > 0 ? `${count(changes, "change")}${oldest}` : "";
  const made = changes === 0 && releases > 0 ? count(releases, "release") : "";
  const waits = counted || made;
  const passing = waits !== "" && outcome === "pass" ? `${waits}, pass` : waits;
  const said = [passing, note].filter((text) => text !== undefined && text !== "");
  return said.length > 0 ? said.join("; ") : "nothing";
}

/** `1 change`, `2 changes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What else there is to say of an environment, one line each. */
export function rowNotes(row: BoardRow): string[] {
  const { hold, promoted, problem, pending, releases } = row;
  return [
    ...(problem === undefined ? [] : [`its ledger could not be read: ${problem}`]),
    ...(hold === undefined ? [] : [holdText(hold)]),
    ...(promoted === undefined ? [] : [`promoted and not delivered yet: ${promoted}`]),
    ...(releases > 1 ? [`its clusters run ${releases} releases`] : []),
    ...pending.verdicts.map(({ guard, outcome, sentence }) => `${outcome}: ${sentence} [${guard}]`),
    ...(pending.proposal === undefined ? [] : [`fits: ${pending.proposal}`]),
  ];
}
