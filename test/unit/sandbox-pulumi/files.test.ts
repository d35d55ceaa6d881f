import {
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { linkTo } from "../../../sandbox/pulumi/files.ts";

it("links to the program itself, also when it was found by the link of before", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sandbox-links-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [program, link, other] = ["program", "link", "other"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(program, "1");
  symlinkSync(program, other);
  for (const found of [program, link, other]) {
    linkTo(link, found);
    expect([readlinkSync(link), readFileSync(link, "utf8")]).toEqual([program, "1"]);
  }
});
