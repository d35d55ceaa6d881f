import { systemEnvironment } from "../environment";
import { readSecret } from "../ledger/access";
import type { SecretSource } from "../ledger/access";
import { LedgerError } from "../ledger/failure";
import type { PipelineComponentArgs } from "./component";

/** Looks secrets up one by one; those that are missing are told together. */
export interface SecretReader {
  /**
   * The secret; an empty text when it is missing.
   *
   * @param field what it is for, as a problem names it
   */
  readonly read: (field: string, source: SecretSource) => string;
  /** Of what was read until now. */
  readonly problems: readonly string[];
}

export function secretReader({ secret }: Pick<PipelineComponentArgs, "secret">): SecretReader {
  const places = { environment: systemEnvironment(), ...(secret === undefined ? {} : { config: secret }) };
  const problems: string[] = [];
  const read = (field: string, source: SecretSource): string => {
    try {
      return readSecret(source, places);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      problems.push(...error.problems.map((problem) => `${field}: ${problem}`));
      return "";
    }
  };
  return { read, problems };
}
