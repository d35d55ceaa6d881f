import { runDelivery } from "../../../cli/shell/run";

/** What a command line said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
}

/** Runs `delivery` with these words in this process. */
export async function delivery(
  words: readonly string[],
  { cwd = "/", env = {}, isTTY = false }: Around = {},
): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof said) => ({ isTTY, write: (text: string) => void (said[name] += text) });
  const code = await runDelivery(words, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    env,
    cwd: () => cwd,
  });
  return { code, ...said };
}
