import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Board } from "../../../components/board";
import { runDelivery } from "../../../cli/shell/run";
import type { Said } from "./run";
import { smallProject } from "./small-project";

const { repository, release, env, run } = smallProject();
afterAll(() => repository.remove());
const board = (...words: string[]): Promise<Said> => run("board", ...words);

describe("delivery board", () => {
  it("shows a line for each environment, and says where it is from", async () => {
    const { code, stdout } = await board();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^dev +dev-1 +shop-7f3c9a1b20d4 .*as its file says: there is no ledger +1 change/m,
    );
  });

  it("is a Markdown table, JSON, or a page that it names", async () => {
    expect((await board("--md")).stdout).toMatch(/^\| \*\*dev\*\* \| dev-1 \|/m);
    const { rows } = JSON.parse((await board("--json")).stdout) as Board;
    expect(rows).toMatchObject([{ environment: "dev", cells: [{ release: release.id }] }]);
    const page = join(repository.root, "board.html");
    expect((await board("--html", page)).stdout.split("\n")[0]).toBe(page);
    expect(readFileSync(page, "utf8")).toContain(release.id);
    expect(existsSync(`${page}.new`)).toBe(false);
    rmSync(page);
  });

  it("refuses two forms at once, a page that cannot be written, and a wait that is none", async () => {
    expect(await board("--md", "--html", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("give one of them"),
    });
    const { code, stderr } = await board("--html", "/nowhere/board.html");
    expect([code, stderr]).toEqual([2, expect.stringContaining("name a file in a folder that is there")]);
    for (const every of ["0", "soon", "1e9"]) expect((await board("--watch", "--every", every)).code).toBe(2);
  });

  it("is shown again and again by --watch, also after a moment in which a file was broken", async () => {
    const said: string[] = [];
    const file = "stacks/Pulumi.dev.yaml";
    const sound = readFileSync(join(repository.root, file), "utf8");
    const stdout = {
      write(text: string) {
        said.push(text);
        if (said.length === 1) repository.write(file, "{");
        else throw new Error("the reader has gone");
      },
    };
    const stderr = { write: () => repository.write(file, sound) };
    const words = ["board", "--watch", "--every", "0.001"];
    expect(await runDelivery(words, { stdout, stderr, env, cwd: () => repository.root })).toBe(1);
    expect(said).toHaveLength(2);
    expect(said[1]).toContain(release.id);
  });
});
