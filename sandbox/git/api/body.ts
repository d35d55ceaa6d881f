import { Refusal, missing, unprocessable } from "../refusals.ts";
import type { ApiContext } from "./context.ts";

export type Body = Readonly<Record<string, unknown>>;

/** The request's JSON object; an absent body is an empty one. @throws Refusal (400) for anything else */
export async function readBody(c: ApiContext): Promise<Body> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "Problems parsing JSON");
  }
  return value as Body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

const ofKind = (field: string, kind: string): Refusal =>
  unprocessable(`Invalid request.\n\nFor "${field}", the value is not a ${kind}.`);

/** @throws Refusal (422) when the field is absent or no text */
export function requiredText(body: Body, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined || value === "") throw missing(field);
  return value;
}

/** Null counts as absent, here and below. @throws Refusal (422) when the field is no text */
export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field] ?? undefined;
  if (value !== undefined && typeof value !== "string") throw ofKind(field, "string");
  return value;
}

/** @throws Refusal (422) when the field is neither true nor false */
export function flag(body: Body, field: string, fallback: boolean): boolean {
  const value = body[field] ?? fallback;
  if (typeof value !== "boolean") throw ofKind(field, "boolean");
  return value;
}

/** @throws Refusal (422) when the field is no number */
export function wholeNumber(body: Body, field: string, fallback: number): number {
  const value = body[field] ?? fallback;
  if (!Number.isInteger(value)) throw ofKind(field, "integer");
  return value as number;
}

/** @throws Refusal (422) when the field is no list of texts */
export function texts(body: Body, field: string, fallback: readonly string[] = []): readonly string[] {
  const value = body[field] ?? fallback;
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw ofKind(field, "array of strings");
  }
  return value as readonly string[];
}

/** @throws Refusal (422) when the field is no object */
export function optionalObject(body: Body, field: string): Body | undefined {
  const value = body[field] ?? undefined;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw ofKind(field, "object");
  }
  return value as Body | undefined;
}
