import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Environment } from "../../environment";
import { shown } from "../../manifests";
import { LedgerError } from "../failure";
import type { SecretSource } from "./args";

/** Where secrets are looked up. */
export interface SecretPlaces {
  readonly environment: Environment;
  /** The stack's configuration, by full name. */
  readonly config?: (name: string) => string | undefined;
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CONFIG_KEY = /^[\w.-]+:[\w.-]+$/;

/** How errors name where a secret comes from. */
export function sourceTitle({ variable, file, config }: SecretSource): string {
  if (variable !== undefined) return `the environment variable ${variable}`;
  return file === undefined ? `the stack's secret ${String(config)}` : `the file ${file}`;
}

/** Problems of a description, found without looking anything up. */
export function checkSecretSource(field: string, source: SecretSource | undefined): string[] {
  const given = Object.entries(source ?? {}).filter(([, value]) => value !== undefined);
  const [[kind, name] = ["", ""]] = given;
  const rules: Readonly<Record<string, (text: string) => boolean>> = {
    variable: (text) => VARIABLE.test(text),
    file: (text) => isAbsolute(text),
    config: (text) => CONFIG_KEY.test(text),
  };
  if (given.length !== 1 || rules[kind] === undefined) {
    return [
      `${field} must be one of { variable: "NAME" }, { file: "/path" } and { config: "namespace:key" }`,
    ];
  }
  if (typeof name === "string" && rules[kind](name)) return [];
  // A value that was put where its place belongs may be the secret itself, so it is not repeated.
  return [`${field}.${kind} is no name of a place for a secret; give the place, not the secret`];
}

/**
 * The secret's value.
 *
 * @throws LedgerError that names the place, when there is none.
 */
export function readSecret(source: SecretSource, places: SecretPlaces): string {
  const value = lookUp(source, places)?.trim();
  if (value !== undefined && value !== "") return value;
  throw new LedgerError("authentication", [missingText(source)]);
}

/** Says how the secret gets there, where that is one command. */
function missingText(source: SecretSource): string {
  const { config } = source;
  return config === undefined
    ? `there is no secret in ${sourceTitle(source)}; put it there, or name another place`
    : `the stack has no secret ${config}; set it with: pulumi config set --secret ${config}`;
}

function lookUp({ variable, file, config }: SecretSource, places: SecretPlaces): string | undefined {
  if (variable !== undefined) return places.environment[variable];
  if (config !== undefined) return places.config?.(config);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new LedgerError("authentication", [`the file ${shown(file)} cannot be read (${code})`]);
  }
}
