/** Variables by name, as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of this process. The only place of the library that looks at them, and never at import time:
 * what needs one takes an `Environment` and has this as its default.
 */
export function systemEnvironment(): Environment {
  return process.env;
}
