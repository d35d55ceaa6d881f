import { Mistake } from "../../components/mistake";
import { runBounded } from "../../components/source/bounded";
import type { Context } from "./contract";

/** How long a question to Pulumi or Git may take, in seconds. */
const QUESTION_SECONDS = 180;
const MAX_BYTES = 256 * 1024 * 1024;

/** A program with its arguments, and where it runs. */
export interface Question {
  readonly cwd: string;
  readonly program: "pulumi" | "git";
  readonly args: readonly string[];
  /** Variables beside those of the user. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/**
 * What a program of the user says, run with the user's environment.
 *
 * @throws Mistake with the program's own words when it fails.
 */
export async function ask({ cwd, program, args, env, input }: Question, context: Context): Promise<string> {
  const bounds = { cwd, env: { ...context.env, ...env }, seconds: QUESTION_SECONDS, maxBytes: MAX_BYTES };
  const { code, stdout, stderr, startError, exceeded } = await runBounded(program, args, {
    ...bounds,
    ...(input === undefined ? {} : { input }),
  });
  if (code === 0) return stdout;
  const missing = startError === "ENOENT" ? `${program} is not on the PATH; install it` : undefined;
  const why = missing ?? (exceeded === undefined ? stderr.trim() : `it took more than ${QUESTION_SECONDS} s`);
  throw new Mistake(`${program} ${args.slice(0, 2).join(" ")} in ${cwd}`, [
    why || `it ended with exit code ${code}`,
  ]);
}

/** What `pulumi … --json` says about a stack. */
export async function askPulumi<T>(cwd: string, args: readonly string[], context: Context): Promise<T> {
  const said = await ask({ cwd, program: "pulumi", args: [...args, "--json", "--non-interactive"] }, context);
  return JSON.parse(said) as T;
}
