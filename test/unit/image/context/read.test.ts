import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readContext } from "../../../../components/image/context";
import type { Content } from "../../../support/image/folder";
import { folderOf } from "../../../support/image/folder";

const DOCKERFILE = { Dockerfile: "FROM scratch\n" };

function look(files: Record<string, Content>, dockerfile = "Dockerfile"): ReturnType<typeof readContext> {
  return readContext({ context: folderOf(files), dockerfile });
}

function pathsOf(files: Record<string, Content>, dockerfile?: string): string[] {
  const { files: found, problems } = look(files, dockerfile);
  expect(problems).toEqual([]);
  return found.map(({ path }) => path);
}

describe("what a builder gets of a context", () => {
  it("is every file, in the order of its name's bytes", () => {
    const files = { ...DOCKERFILE, "b/c": "", "b.txt": "", a: "", é: "", "~": "", B: "" };
    expect(pathsOf(files)).toEqual(["B", "Dockerfile", "a", "b.txt", "b/c", "~", "é"]);
  });

  it("leaves out what .dockerignore lists, and takes in again what it excepts", () => {
    const ignore = "node_modules\n*.log\n!keep.log\ndocs/**\n!docs/README.md\n";
    const files = {
      ...DOCKERFILE,
      ".dockerignore": ignore,
      "node_modules/x/index.js": "",
      "a.log": "",
      "keep.log": "",
      "docs/a/b.md": "",
      "docs/README.md": "",
      "src/a.log": "",
    };
    expect(pathsOf(files)).toEqual([
      ".dockerignore",
      "Dockerfile",
      "docs/README.md",
      "keep.log",
      "src/a.log",
    ]);
  });

  it("takes names in their own case, as Docker does", () => {
    expect(pathsOf({ ...DOCKERFILE, ".dockerignore": "readme.md", "README.md": "" })).toContain("README.md");
  });

  it("prefers the ignore file that is named after the Dockerfile", () => {
    const files = {
      "docker/web.Dockerfile": "FROM scratch\n",
      "docker/web.Dockerfile.dockerignore": "b",
      ".dockerignore": "a",
      a: "",
      b: "",
    };
    const paths = pathsOf(files, "docker/web.Dockerfile");
    expect(paths).toEqual([
      ".dockerignore",
      "a",
      "docker/web.Dockerfile",
      "docker/web.Dockerfile.dockerignore",
    ]);
  });

  it("has the Dockerfile and the ignore file whatever is ignored", () => {
    const files = { ".dockerignore": "**", "build/Dockerfile": "FROM scratch\n", a: "" };
    expect(pathsOf(files, "build/Dockerfile")).toEqual([".dockerignore", "build/Dockerfile"]);
  });

  it("tells files, executables and links apart, and nothing else of a mode", () => {
    const { files } = look({ ...DOCKERFILE, "run*": "", plain: "", link: { link: "plain" } });
    expect(files.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "Dockerfile file",
      "link link",
      "plain file",
      "run executable",
    ]);
  });

  it("keeps links that stay inside, even to nothing, and does not go through them", () => {
    const files: Record<string, Content> = {
      ...DOCKERFILE,
      "dir/file": "",
      "dir/up": { link: "../Dockerfile" },
      "to-dir": { link: "dir" },
      nowhere: { link: "missing/file" },
      loop: { link: "loop" },
    };
    expect(pathsOf(files)).toEqual(["Dockerfile", "dir/file", "dir/up", "loop", "nowhere", "to-dir"]);
  });
});

describe("a context that cannot be used", () => {
  it("does not exist", () => {
    const { problems } = readContext({ context: "no/such/folder", dockerfile: "Dockerfile" });
    expect(problems).toEqual([
      expect.stringMatching(/^context "no\/such\/folder" does not exist: there is no folder \//),
    ]);
  });

  it("is a file", () => {
    const file = join(folderOf({ file: "" }), "file");
    expect(readContext({ context: file, dockerfile: "Dockerfile" }).problems[0]).toContain(
      "there is no folder",
    );
  });

  it.each(["../Dockerfile", "/etc/hostname", "sub/../../Dockerfile"])(
    "has its Dockerfile outside: %s",
    (dockerfile) => {
      const outer = folderOf({ Dockerfile: "FROM scratch\n", "app/sub/a": "" });
      const { problems } = readContext({ context: join(outer, "app"), dockerfile });
      expect(problems).toEqual([
        expect.stringContaining(`dockerfile "${dockerfile}" is outside of the context`),
      ]);
    },
  );

  it("has a Dockerfile that is a link to the outside", () => {
    const outer = folderOf({ Dockerfile: "FROM scratch\n", "app/Dockerfile": { link: "../Dockerfile" } });
    const { problems } = readContext({ context: join(outer, "app"), dockerfile: "Dockerfile" });
    expect(problems.join("\n")).toContain('dockerfile "Dockerfile" is outside of the context');
  });

  it("lacks its Dockerfile", () => {
    expect(look({ a: "" }).problems).toEqual([
      expect.stringContaining('dockerfile "Dockerfile" is no file of the context'),
    ]);
  });

  it.each<[string, Record<string, Content>]>([
    ["upwards", { "app/out": { link: "../secret" } }],
    ["upwards from a folder", { "app/a/b/out": { link: "../../../secret" } }],
    ["through a link that leaves", { "app/door": { link: ".." }, "app/out": { link: "door/secret" } }],
    ["to something that does not exist", { "app/out": { link: "../nothing/here" } }],
  ])("has a link that leaves it %s", (_, links) => {
    const outer = folderOf({ secret: "s", "app/Dockerfile": "FROM scratch\n", ...links });
    const { problems } = readContext({ context: join(outer, "app"), dockerfile: "Dockerfile" });
    expect(problems.join("\n")).toMatch(/out" is a link to "[^"]+", which leaves the context; copy the file/);
  });

  it("has a link whose way leads out only through an ignored folder that is itself a link", () => {
    const outer = folderOf({ secret: "s", "app/Dockerfile": "FROM scratch\n", "app/.dockerignore": "door" });
    symlinkSync(outer, join(outer, "app/door"));
    symlinkSync("door/secret", join(outer, "app/out"));
    const { problems } = readContext({ context: join(outer, "app"), dockerfile: "Dockerfile" });
    expect(problems).toEqual([
      expect.stringContaining('"out" is a link to "door/secret", which leaves the context'),
    ]);
  });

  it("has an absolute link, even to a file of its own", () => {
    const root = folderOf({ ...DOCKERFILE, a: "" });
    symlinkSync(join(root, "a"), join(root, "b"));
    expect(readContext({ context: root, dockerfile: "Dockerfile" }).problems[0]).toContain(
      "an absolute path; make it relative",
    );
  });

  it("has a pipe or a socket", async () => {
    const root = folderOf(DOCKERFILE);
    execFileSync("mkfifo", [join(root, "pipe")]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
    onTestFinished(() => void server.close());
    const { problems } = readContext({ context: root, dockerfile: "Dockerfile" });
    expect(problems.map((problem) => /"(\w+)" is a socket, pipe or device/.exec(problem)?.[1])).toEqual([
      "pipe",
      "socket",
    ]);
  });

  it("may hold all of these where they are ignored", () => {
    const root = folderOf({ ...DOCKERFILE, ".dockerignore": "tmp\n" });
    mkdirSync(join(root, "tmp"));
    execFileSync("mkfifo", [join(root, "tmp/pipe")]);
    symlinkSync("/etc/hostname", join(root, "tmp/out"));
    expect(readContext({ context: root, dockerfile: "Dockerfile" }).problems).toEqual([]);
  });

  it("has an ignore file with a line that is no pattern", () => {
    const { problems } = look({ ...DOCKERFILE, ".dockerignore": "ok\n!\n[a\n" });
    expect(problems.map((problem) => problem.replace(/^context "[^"]*": /, ""))).toEqual([
      '.dockerignore, line 2: "!" is no pattern',
      '.dockerignore, line 3: "[a" is no pattern',
    ]);
  });

  it("names everything that is wrong at once, and not more than a screen of it", () => {
    const root = folderOf();
    for (let index = 0; index < 30; index++) symlinkSync("/x", join(root, `link-${index}`));
    writeFileSync(join(root, ".dockerignore"), "[");
    const { problems } = readContext({ context: root, dockerfile: "Dockerfile" });
    expect(problems).toHaveLength(1 + 1 + 20 + 1);
    expect(problems.at(-1)).toContain("and 10 more like these");
  });
});
