import { isLate } from "../late";
import { shown } from "../names";
import { MAX_DEPTH, MAX_KEY_LENGTH } from "./limits";
import { hasLoneSurrogate } from "./text";

/** A plain object. */
export type Fields = Readonly<Record<string, unknown>>;

/** How many problems of one object are named; more of them have one cause. */
const MAX_PROBLEMS = 20;

/** What is to be checked in one object. */
interface Walk {
  readonly lateAllowed: boolean;
  readonly problems: string[];
}

/**
 * Problems of a value as data: what JSON and YAML cannot hold, nesting beyond {@link MAX_DEPTH} levels and, unless
 * they are allowed, values known only later. `at` says where it stands; no message has a text's content.
 */
export function checkData(at: string, value: unknown, lateAllowed = false): string[] {
  const walk: Walk = { lateAllowed, problems: [] };
  visit(walk, at, value, 0);
  return walk.problems;
}

function visit(walk: Walk, at: string, value: unknown, depth: number): void {
  if (walk.problems.length >= MAX_PROBLEMS) return;
  const problem = leafProblem(value, walk.lateAllowed);
  if (problem !== undefined) walk.problems.push(`${at} ${problem}`);
  else if (depth > MAX_DEPTH)
    walk.problems.push(`${at} is nested deeper than ${MAX_DEPTH} levels; make it flatter`);
  else if (Array.isArray(value)) visitList(walk, at, value, depth);
  else if (isFields(value)) visitFields(walk, at, value, depth);
}

function visitList(walk: Walk, at: string, list: readonly unknown[], depth: number): void {
  for (const [index, value] of list.entries()) {
    if (value === undefined) walk.problems.push(`${at}[${index}] is undefined; leave it out or give a value`);
    else visit(walk, `${at}[${index}]`, value, depth + 1);
  }
}

function visitFields(walk: Walk, at: string, fields: Fields, depth: number): void {
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    if (key.length > MAX_KEY_LENGTH) {
      walk.problems.push(`${at} has a key of ${key.length} characters; give ${MAX_KEY_LENGTH} at most`);
    } else if (hasLoneSurrogate(key)) walk.problems.push(`${at} has the key ${shown(key)}, ${NO_TEXT}`);
    else visit(walk, `${at}.${key}`, value, depth + 1);
  }
}

const NO_TEXT = "which has half of a surrogate pair alone; give whole characters";

function leafProblem(value: unknown, lateAllowed: boolean): string | undefined {
  if (typeof value === "string") return hasLoneSurrogate(value) ? `is a text ${NO_TEXT}` : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `is ${value}; give a number`;
  if (typeof value === "boolean" || value === null) return undefined;
  if (isLate(value))
    return lateAllowed ? undefined : "is known only later; give a plain value, or a reference to a Secret";
  if (typeof value !== "object")
    return `is of type ${typeof value}; give text, a number, a list or an object`;
  if (Array.isArray(value) || isFields(value)) return undefined;
  return `is a ${value.constructor.name}; give plain data, as text or a number`;
}

/** Whether a value is an object by its fields alone: a class's instance has another meaning than its fields. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
