import type { FailedUpdate } from "../../components/metrics";
import { runBounded } from "../../components/source/bounded";

const SECONDS = 60;
const MAX_BYTES = 256 * 1024 * 1024;

/** An entry of `pulumi stack history --json`. */
interface Update {
  readonly kind: string;
  readonly result: string;
  readonly endTime: string;
  readonly config?: Readonly<Record<string, { readonly value?: string; readonly objectValue?: unknown }>>;
}

/**
 * The failed updates of a stack by the release of its file at that time; undefined where pulumi is not installed, not
 * logged in, or has no such stack.
 */
export async function failedUpdates(
  root: string,
  stack: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly FailedUpdate[] | undefined> {
  const args = ["stack", "history", "--json", "--full-dates", "--stack", stack, "--non-interactive"];
  const ended = await runBounded("pulumi", args, { cwd: root, env, seconds: SECONDS, maxBytes: MAX_BYTES });
  if (ended.code !== 0) return undefined;
  try {
    return (JSON.parse(ended.stdout) as Update[]).flatMap(failedUpdate);
  } catch {
    return undefined;
  }
}

function failedUpdate({ kind, result, endTime, config }: Update): FailedUpdate[] {
  const ended = new Date(endTime);
  if (kind !== "update" || result !== "failed" || Number.isNaN(ended.getTime())) return [];
  const { value, objectValue } = config?.["delivery:release"] ?? {};
  const block = objectValue ?? parsed(value);
  const { id } = (block ?? {}) as { id?: unknown };
  return typeof id === "string" ? [{ release: id, ended }] : [];
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}
