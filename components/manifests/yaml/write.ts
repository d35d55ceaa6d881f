import { Mistake } from "../../mistake";
import { checkData, isFields } from "./data";
import type { Fields } from "./data";
import { MAX_DEPTH, MAX_KEY_LENGTH } from "./limits";
import { hasLoneSurrogate, lineText, numberText, valueText } from "./text";

/**
 * Objects as YAML documents that every reader of YAML 1.1 and 1.2 gives back unchanged. Keys are in order of their
 * UTF-16 code units, so equal objects give equal bytes. Fields that are `undefined` are left out.
 *
 * @throws Mistake for what YAML cannot hold or is known only later, naming every place.
 */
export function toYaml(objects: readonly object[]): string {
  return objects.map(documentText).join("---\n");
}

/** Thrown where a value has no place in YAML; the places are looked up once something is wrong. */
class Unfit extends Error {}

function documentText(object: object, index: number): string {
  try {
    if (Object.keys(object).length === 0) return "{}\n";
    return mappingText(object as Fields, "", "");
  } catch (error) {
    if (error instanceof Unfit) throw new Mistake("Writing YAML", checkData(`objects[${index}]`, object));
    throw error;
  }
}

const STEP = "  ";

/** `lead` is what stands before the first key instead of the indent, as after the dash of a list. */
function mappingText(fields: Fields, indent: string, lead: string): string {
  if (indent.length > MAX_DEPTH * STEP.length) throw new Unfit();
  let text = "";
  let before = lead;
  for (const key of Object.keys(fields).sort()) {
    const value = fields[key];
    if (value === undefined) continue;
    if (key.length > MAX_KEY_LENGTH || hasLoneSurrogate(key)) throw new Unfit();
    text += `${before}${lineText(key)}:${afterKey(value, indent)}`;
    before = indent;
  }
  return text === "" ? `${lead}{}\n` : text;
}

function listText(list: readonly unknown[], indent: string, lead: string): string {
  if (indent.length > MAX_DEPTH * STEP.length) throw new Unfit();
  let text = "";
  let before = lead;
  for (const value of list) {
    text += `${before}-${afterDash(value, indent)}`;
    before = indent;
  }
  return text;
}

function afterKey(value: unknown, indent: string): string {
  const inner = indent + STEP;
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : `\n${listText(value, inner, inner)}`;
  if (isFields(value)) return hasFields(value) ? `\n${mappingText(value, inner, inner)}` : " {}\n";
  return ` ${scalarText(value, inner)}\n`;
}

function afterDash(value: unknown, indent: string): string {
  const inner = indent + STEP;
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : listText(value, inner, " ");
  if (isFields(value)) return mappingText(value, inner, " ");
  return ` ${scalarText(value, inner)}\n`;
}

function scalarText(value: unknown, indent: string): string {
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) throw new Unfit();
    return valueText(value, indent);
  }
  if (typeof value === "number" && Number.isFinite(value)) return numberText(value);
  if (typeof value === "boolean" || value === null) return String(value);
  throw new Unfit();
}

function hasFields(fields: Fields): boolean {
  for (const key in fields) if (fields[key] !== undefined) return true;
  return false;
}
