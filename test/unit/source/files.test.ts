import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashFiles, listFiles } from "../../../components/source";

let root = "";

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "delivery-files-"));
  write("infra/index.ts", "export const a = 1;\n");
  write("infra/deep/er/b.yaml", "b: 2\n");
  write("docs/readme.md", "hello\n");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const hash = (): string => hashFiles(root, ["infra/**"]);

/** Whether the hash differs after a change. */
function changes(change: () => void): boolean {
  const before = hash();
  change();
  return hash() !== before;
}

describe("the hash of a pipeline's sources", () => {
  it("leaves out what the repository ignores: another checkout does not have it", () => {
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    write(".gitignore", "*.log\n/infra/build/\n");
    expect(changes(() => write("infra/debug.log", "1"))).toBe(false);
    expect(changes(() => write("infra/build/a.js", "1"))).toBe(false);
    expect(changes(() => write("infra/other.ts", "1"))).toBe(true);
  });

  it("tells two files from one whose content reads like the hash's own marks", () => {
    write("infra/a", "x");
    write("infra/b", "y");
    const asOne = (): void => {
      rmSync(join(root, "infra/b"));
      write("infra/a", "x7:infra/b:y");
    };
    expect(changes(asOne)).toBe(true);
  });

  it("is the same in another checkout with other times and modes", () => {
    const before = hash();
    const other = mkdtempSync(join(tmpdir(), "delivery-elsewhere-"));
    cpSync(root, other, { recursive: true });
    utimesSync(join(other, "infra/index.ts"), 1, 1);
    chmodSync(join(other, "infra/index.ts"), 0o600);
    expect(hashFiles(other, ["infra/**"])).toBe(before);
    rmSync(other, { recursive: true });
  });

  it("is the same when other files change", () => {
    expect(changes(() => write("docs/readme.md", "bye\n"))).toBe(false);
    expect(changes(() => write("infra/node_modules/x/index.js", "x"))).toBe(false);
    expect(changes(() => write("infra/.git/HEAD", "x"))).toBe(false);
  });

  it.each<[string, () => void]>([
    ["the content of a file", () => write("infra/index.ts", "export const a = 2;\n")],
    ["a line's end", () => write("infra/index.ts", "export const a = 1;\r\n")],
    ["a file's name", () => renameSync(join(root, "infra/index.ts"), join(root, "infra/main.ts"))],
    ["a file's folder", () => renameSync(join(root, "infra/index.ts"), join(root, "infra/deep/index.ts"))],
    ["a new file, even when it is empty", () => write("infra/empty", "")],
    ["a hidden file", () => write("infra/.env.yaml", "")],
    ["a file less", () => rmSync(join(root, "infra/deep/er/b.yaml"))],
    ["a byte that is no text", () => write("infra/logo.bin", Uint8Array.of(0xff, 0xfe, 0))],
    [
      "a letter's case in a name",
      () => renameSync(join(root, "infra/index.ts"), join(root, "infra/Index.ts")),
    ],
  ])("changes with %s", (_what, change) => {
    expect(changes(change)).toBe(true);
  });

  it("does not take the end of one file for the beginning of the next", () => {
    write("infra/index.ts", "ab");
    write("infra/deep/er/b.yaml", "c");
    expect(
      changes(() => {
        write("infra/index.ts", "a");
        write("infra/deep/er/b.yaml", "bc");
      }),
    ).toBe(true);
  });

  it("changes with what a symbolic link leads to, since that is what the code reads", () => {
    write("shared/values.yaml", "a: 1\n");
    symlinkSync("../shared/values.yaml", join(root, "infra/values.yaml"));
    symlinkSync("../shared", join(root, "infra/shared"));
    expect(listFiles(root, ["infra/**"])).toContain("infra/shared/values.yaml");
    expect(changes(() => write("shared/values.yaml", "a: 2\n"))).toBe(true);
  });

  it("ends although a link leads back to its own folder", () => {
    symlinkSync("..", join(root, "infra/loop"));
    expect(listFiles(root, ["infra/**"])).toEqual(expect.arrayContaining(["infra/index.ts"]));
  });

  it("has no place for a link that leads nowhere, and for nothing else than files", () => {
    const before = hash();
    symlinkSync("nowhere", join(root, "infra/dangling"));
    mkdirSync(join(root, "infra/empty"));
    expect(hash()).toBe(before);
  });

  it("has one sentence for a pattern that fits no file, which would be missing from every release", () => {
    expect(() => hashFiles(root, ["infra/**", "infa/**", "charts/**"])).toThrow(
      /- "infa\/\*\*" fits no file .*\n {2}- "charts\/\*\*" fits no file /,
    );
  });
});

describe("a list of files", () => {
  it("is in order and has each file once, with / between folders", () => {
    write("infra/B.ts", "");
    write("infra/a.ts", "");
    expect(listFiles(root, ["infra/**", "infra/*.ts"])).toEqual([
      "infra/B.ts",
      "infra/a.ts",
      "infra/deep/er/b.yaml",
      "infra/index.ts",
    ]);
  });
});
