import { isLate } from "../late";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { joined, kindOfValue, Report, suggestion } from "./report";
import { objectType, typeOfKind } from "./types";
import type { ObjectType, TypeCode } from "./types";

/**
 * Problems of an object of a built-in kind by the schema that Kubernetes publishes: unknown fields, missing ones,
 * wrong types and words that a field does not take. Empty for a kind that the schema does not have.
 */
export function checkBuiltIn(title: string, manifest: Manifest): string[] {
  const type = typeOfKind(manifest.apiVersion, manifest.kind);
  if (type === undefined) return [];
  const report = new Report(title);
  checkFields(report, "", type, manifest);
  return report.problems;
}

/** What SOPS adds to a file that it encrypts; an agent takes it out again. Source: SOPS, "README". */
const SOPS = "sops";

type Fields = Readonly<Record<string, unknown>>;

function checkFields(report: Report, at: string, type: ObjectType, value: Fields): void {
  for (const field of Object.keys(value)) {
    if (at === "" && field === SOPS) continue;
    const code = type.fields.get(field);
    if (code !== undefined) checkValue(report, joined(at, field), code, value[field]);
    else if (value[field] !== undefined) {
      report.add(joined(at, field), `is no field of ${type.name}; ${suggestion(field, type.fields.keys())}`);
    }
  }
  for (const field of type.required) {
    if (value[field] === undefined || value[field] === null) {
      report.add(joined(at, field), `is missing; ${type.name} needs it`);
    }
  }
}

/** Nothing counts as a field left out, as it does to the API server. */
function checkValue(report: Report, at: string, code: TypeCode, value: unknown): void {
  if (code === "*" || value === undefined || value === null || isLate(value) || report.isFull) return;
  if (code.startsWith("[")) checkList(report, at, code.slice(1), value);
  else if (code.startsWith("{")) checkMap(report, at, code.slice(1), value);
  else if (code.startsWith("#")) checkObject(report, at, code.slice(1), value);
  else checkLeaf(report, at, code, value);
}

function checkList(report: Report, at: string, code: TypeCode, value: unknown): void {
  if (!Array.isArray(value)) return report.add(at, `is ${kindOfValue(value)}; give a list`);
  for (const [index, item] of value.entries()) checkValue(report, `${at}[${index}]`, code, item);
}

function checkMap(report: Report, at: string, code: TypeCode, value: unknown): void {
  if (typeof value !== "object" || Array.isArray(value)) {
    return report.add(at, `is ${kindOfValue(value)}; give an object`);
  }
  for (const [key, item] of Object.entries(value as Fields)) checkValue(report, joined(at, key), code, item);
}

function checkObject(report: Report, at: string, type: string, value: unknown): void {
  if (typeof value !== "object" || Array.isArray(value)) {
    return report.add(at, `is ${kindOfValue(value)}; give an object`);
  }
  checkFields(report, at, objectType(type), value as Fields);
}

function checkLeaf(report: Report, at: string, code: TypeCode, value: unknown): void {
  if (code.startsWith("s(")) return checkWord(report, at, code.slice(2, -1).split("|"), value);
  const rule = LEAVES[code];
  if (rule !== undefined && !rule.fits(value))
    report.add(at, `is ${kindOfValue(value)}; give ${rule.wanted}`);
}

function checkWord(report: Report, at: string, words: readonly string[], value: unknown): void {
  if (typeof value !== "string") return report.add(at, `is ${kindOfValue(value)}; give text`);
  // An empty word means the default where there is one.
  if (value === "" || words.includes(value)) return;
  report.add(at, `is ${shown(value)}; give one of ${words.join(", ")}`);
}

interface Leaf {
  readonly wanted: string;
  readonly fits: (value: unknown) => boolean;
}

const LEAVES: Readonly<Record<TypeCode, Leaf>> = {
  s: { wanted: "text, in quotes", fits: (value) => typeof value === "string" },
  i: { wanted: "a whole number, without quotes", fits: Number.isSafeInteger },
  n: { wanted: "a number, without quotes", fits: (value) => typeof value === "number" },
  b: { wanted: "true or false, without quotes", fits: (value) => typeof value === "boolean" },
  q: { wanted: "text or a number", fits: (value) => typeof value === "string" || typeof value === "number" },
};
