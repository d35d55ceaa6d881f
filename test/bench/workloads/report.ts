import type { Sample } from "../contract.ts";

/** The settings that the bench gave to this process. */
export function settings<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}

/** Times a piece of work, and tells the bench on the last line of the output. */
export async function report(work: () => unknown, more: () => object = () => ({})): Promise<void> {
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const sample: Required<Sample> = { ms, peakMiB: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(`${JSON.stringify({ ...sample, ...more() })}\n`);
}
