import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How much of a failed command's output is shown, in lines. */
export const SHOWN_LINES = 20;

export interface DockerClient {
  /** The file of the Docker client. */
  readonly path: string;
  readonly host: string;
  /** Ends what is running. */
  readonly signal: AbortSignal;
  /** Gets each line of output. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs the Docker client and returns what it printed.
 *
 * @throws when it fails; the message has the end of its output.
 */
export async function runDocker(
  client: DockerClient,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, lines } = await outputOf(client, args, env);
  if (code === 0) return lines.join("\n");
  const end = lines.slice(-SHOWN_LINES).join("\n");
  throw new Error(`docker ${args[0]} failed at ${client.host}. The end of its output:\n${end}`);
}

function outputOf(
  client: DockerClient,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; lines: string[] }> {
  const child = spawn(client.path, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, DOCKER_HOST: client.host },
    signal: client.signal,
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (line.trim() === "") return;
    lines.push(line);
    client.onLine(line);
  };
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", keep);
  return new Promise((resolve) => {
    child.once("error", (error) => keep(error.message));
    child.once("close", (code) => resolve({ code: code ?? 1, lines }));
  });
}
