import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runSteps } from "../../../sandbox/toolchain/progress.ts";
import type { Step } from "../../../sandbox/toolchain/progress.ts";

/** What is written to a stream of this width; without one it is no terminal. */
function screen(columns?: number): { readonly output: NodeJS.WriteStream; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough().on("data", (chunk: Buffer) => chunks.push(chunk));
  const output = Object.assign(stream, { isTTY: columns !== undefined, columns: columns ?? 0, rows: 40 });
  const text = (): string => stripVTControlCharacters(Buffer.concat(chunks).toString());
  return { output: output as unknown as NodeJS.WriteStream, text };
}

const step = (title: string, run: Step["run"] = async () => {}): Step => ({ title, coldSeconds: 90, run });

/** Runs two steps, the second of which goes on until the screen shows what the first writes there. */
async function shownOn(columns?: number): Promise<string> {
  const { output, text } = screen(columns);
  const { signal } = new AbortController();
  const busy = step("engine", async ({ say }) => {
    say("compiling a package");
    for (let tries = 0; tries < 100 && !/engine: .*all done in/.test(text()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, columns ? 50 : 0));
  });
  expect(await runSteps([busy, step("etcd")], { atOnce: 2, output, signal })).toEqual([]);
  return text();
}

describe("the progress of a set-up", () => {
  it("on a terminal: each part, what it does, how long it has taken, and when all is done", async () => {
    const text = await shownOn(100);
    expect(text).toMatch(/engine: \d+ s, all done in about/);
    expect(text).toContain("compiling a package");
    expect(text).toContain("etcd: 0 s");
  });

  it("elsewhere: a plain line when a part starts, and one when it is done", async () => {
    const text = await shownOn();
    expect(text).toContain("toolchain: engine: started, usually 1 min 30 s\n");
    expect(text).toMatch(/toolchain: etcd: done in 0 s, about .* left\n/);
  });

  it("on a terminal that says no width, as some CI systems give: plain lines", async () => {
    expect(await shownOn(0)).toContain("toolchain: engine: started, usually 1 min 30 s\n");
  });

  it("names every part that failed, and lets the others come to their end", async () => {
    const { output, text } = screen();
    const { signal } = new AbortController();
    const failing = step("engine", async () => Promise.reject(new Error("no disk")));
    const problems = await runSteps([failing, step("etcd")], { atOnce: 1, output, signal });
    expect(problems.map(({ message }) => message)).toEqual(["no disk"]);
    expect(text()).toMatch(/engine: failed after 0 s[^]*etcd: done in 0 s/);
  });
});
