/**
 * A user's mistake: its message is for them to read, and nothing is changed yet.
 * Pulumi prints it without a stack trace, as it does its own `RunError`.
 */
export class Mistake extends Error {
  /** The mark by which Pulumi knows an error that is meant to be read: `RunError.isInstance` looks for it. */
  readonly __pulumiRunError = true;

  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(problemText(what, problems));
    this.name = "Mistake";
    hideStack(this);
    this.problems = problems;
  }
}

/**
 * Takes the stack trace from an error that is for the user. The marks that Pulumi knows are not enough: what fails
 * after the last line of the program, as a promise does, is printed by its `stack`.
 */
export function hideStack(error: Error): void {
  error.stack = error.message;
}

/** A heading and the problems below it, as errors show them. */
export function problemText(what: string, problems: readonly string[]): string {
  return [`${what}:`, ...problems.map((problem) => `  - ${problem.replaceAll("\n", "\n    ")}`)].join("\n");
}

/**
 * Throws all problems together; does nothing when there are none.
 *
 * @throws Mistake
 */
export function throwIfAny(what: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Mistake(what, problems);
}
