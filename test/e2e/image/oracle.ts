import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../../sandbox/processes/index.ts";

const SOURCE = resolve(import.meta.dirname, "../../support/image/oracle");
const GO = { GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -trimpath -buildvcs=false" };

/** What the container world's own Go code says; see its `main.go`. */
export interface Verdict {
  readonly ok: boolean;
  readonly domain?: string;
  readonly path?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly ignored?: readonly boolean[];
}

export interface Oracle {
  ask(questions: readonly unknown[]): Promise<Verdict[]>;
  remove(): void;
}

/** Builds the oracle from its pinned modules. */
export async function buildOracle(): Promise<Oracle> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-oracle-"));
  cpSync(SOURCE, folder, { recursive: true });
  await run("go", ["build", "-o", "oracle", "."], { cwd: folder, env: { ...process.env, ...GO } });
  return {
    async ask(questions) {
      const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
      const output = await run(join(folder, "oracle"), [], { input });
      return output
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Verdict);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
