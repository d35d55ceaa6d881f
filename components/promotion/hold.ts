import type { Hold } from "../guards";
import { isDate } from "../guards/calendar";
import { isHeld } from "../guards/hold";
import { shown } from "../manifests";

export { holdText, isHeld } from "../guards/hold";

/** How long a rollback holds its environment unless it is told otherwise, in days. */
export const DEFAULT_HOLD_DAYS = 7;
const DAY_MS = 86_400_000;

/** The block `delivery:hold` of a stack's file: automation stays away from the environment. */
export interface HoldBlock {
  /** Why, as the number of an incident. */
  readonly reason: string;
  /**
   * Until when: a date, which begins at midnight UTC, or a time of ISO 8601. Quoted in the file.
   * @default until it is lifted
   */
  readonly until?: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_LENGTH = "2026-12-01".length;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Problems of a hold that stands at `field`. */
export function checkHold(field: string, block: unknown): string[] {
  if (typeof block !== "object" || block === null || Array.isArray(block))
    return [`${field} is ${shown(block)}; give { reason, until }, as delivery hold writes it`];
  const { reason, until, ...others } = block as Record<string, unknown>;
  return [
    ...(typeof reason === "string" && reason.trim() !== ""
      ? []
      : [`${field}.reason is ${shown(reason)}; say why`]),
    ...(until === undefined ? [] : checkUntil(`${field}.until`, until)),
    ...Object.keys(others).map((name) => `${field}.${name} is no field of a hold; remove it`),
  ];
}

/** Problems of the end of a hold. */
export function checkUntil(field: string, until: unknown): string[] {
  const fits = typeof until === "string" && (DATE.test(until) || TIME.test(until));
  const form = 'give a date or a time, quoted: "2026-12-01" or "2026-12-01T08:00Z"';
  if (!fits || Number.isNaN(Date.parse(until))) return [`${field} is ${shown(until)}; ${form}`];
  // A day that its month does not have would be read as one of the next month.
  return isDate(until.slice(0, DATE_LENGTH))
    ? []
    : [`${field} is ${shown(until)}, and there is no such day; ${form}`];
}

/** Problems of a hold that is set now: those of {@link checkHold}, and an end that is over would hold nothing. */
export function checkNewHold(field: string, block: HoldBlock, now: Date): string[] {
  const problems = checkHold(field, block);
  if (problems.length > 0 || isHeld(readHold(block), now)) return problems;
  return [`${field}.until is ${shown(block.until)}, which is over; give a later end, or leave it out`];
}

/** The hold of a block that {@link checkHold} found no problem in. */
export function readHold(block: unknown): Hold | undefined {
  if (block === undefined) return undefined;
  const { reason, until } = block as HoldBlock;
  return until === undefined ? { reason } : { reason, until: new Date(until) };
}

/** The hold of a rollback: it ends after {@link DEFAULT_HOLD_DAYS}, so that nobody has to remember it for ever. */
export function rollbackHold(reason: string, now: Date, until?: string): HoldBlock {
  const end = new Date(now.getTime() + DEFAULT_HOLD_DAYS * DAY_MS).toISOString().slice(0, 10);
  return { reason, until: until ?? end };
}
