import { splitWords } from "./words.ts";

/** `runtime.options` of Pulumi.yaml, as far as they concern a run. */
export interface RuntimeOptions {
  readonly typescript: boolean;
  readonly tsconfig: string | undefined;
  readonly nodeargs: readonly string[];
}

/** Pulumi runs TypeScript unless the project says otherwise. */
export const DEFAULT_TYPESCRIPT = true;

const TYPES: Readonly<Record<string, string>> = {
  typescript: "boolean",
  tsconfig: "string",
  nodeargs: "string",
};

/** One sentence for each option of the wrong type. Options this host does not know are left to others. */
export function checkRuntimeOptions(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(TYPES)
    .filter(([name, type]) => options[name] !== undefined && typeof options[name] !== type)
    .map(
      ([name, type]) =>
        `Pulumi.yaml: runtime option "${name}" is ${JSON.stringify(options[name])}; it must be a ${type}.`,
    );
}

/** Call {@link checkRuntimeOptions} first. */
export function resolveRuntimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const { typescript, tsconfig, nodeargs } = options as {
    typescript?: boolean;
    tsconfig?: string;
    nodeargs?: string;
  };
  return { typescript: typescript ?? DEFAULT_TYPESCRIPT, tsconfig, nodeargs: splitWords(nodeargs ?? "") };
}
