/** A command line that says nothing that can be done. */
export class UsageError extends Error {
  readonly command: string;
  readonly problems: readonly string[];

  constructor(command: string, problems: readonly string[]) {
    const name = command === "" ? "delivery" : `delivery ${command}`;
    const [first = "", ...others] = problems;
    const said = others.length === 0 ? `${name}: ${first}` : [`${name}:`, ...problems].join("\n  - ");
    super(`${said}\nSee: ${name} --help`);
    this.name = "UsageError";
    this.command = command;
    this.problems = problems;
  }
}
