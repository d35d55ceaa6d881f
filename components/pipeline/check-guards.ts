import { shown } from "../manifests";
import type { EnvironmentArgs, LedgerSpec } from "./args";

/** Problems of an environment's guards, and of their place. */
export function checkGuards(
  at: string,
  { guards = [], from }: EnvironmentArgs,
  ledger: LedgerSpec | undefined,
): string[] {
  if (guards.length === 0) return [];
  const names = guards.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const needs = "the ledger tells what runs there, and the pipeline has none; add ledger";
  return [
    ...(ledger === undefined ? [`${at}.guards: ${needs}, or remove the guards`] : []),
    ...[...repeated].map((name) => `${at}.guards: two are named ${shown(name)}; keep one`),
    ...guards.flatMap((guard) => guard.check({ from }).map((problem) => `${at}.guards: ${problem}`)),
  ];
}
