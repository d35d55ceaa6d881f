import { request } from "node:http";
import { text } from "node:stream/consumers";

/** How long one order may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Gives the proxy an order, and returns its answer. @throws when it refuses, or does not run */
export async function order<T>(socketPath: string, method: string, path: string, body?: unknown): Promise<T> {
  const { status, said } = await call(socketPath, method, path, body).catch((error: Error) => {
    throw new Error(
      `The sandbox's proxy does not answer at ${socketPath} (${error.message}). Start it: startProxy.`,
    );
  });
  if (status !== 200) throw new Error(said);
  return JSON.parse(said) as T;
}

async function call(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, timeout: TIMEOUT_MS, agent: false }, (answer) => {
      text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, said }), reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
