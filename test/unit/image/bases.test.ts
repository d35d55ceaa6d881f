import { describe, expect, it } from "vitest";
import { baseReferences } from "../../../components/image/dockerfile";
import { referenceName } from "../../../components/image/reference";

const PIN = `sha256:${"b".repeat(64)}`;

function basesOf(dockerfile: string, args: Record<string, string> = {}): string[] {
  return baseReferences(dockerfile, args).images.map(referenceName);
}

describe("the base images of a Dockerfile", () => {
  it.each<[string, string, string[]]>([
    ["one image", "FROM alpine:3.20", ["docker.io/library/alpine:3.20"]],
    ["none for scratch", "FROM scratch\nCOPY a /a", []],
    ["lower-case keywords", "from alpine as build\nfrom build", ["docker.io/library/alpine"]],
    ["several stages, each image once", "FROM a.b/x AS one\nFROM one AS two\nFROM a.b/x", ["a.b/x"]],
    ["a stage by another case", "FROM a.b/x AS Build\nFROM BUILD", ["a.b/x"]],
    ["a platform flag", "FROM --platform=$BUILDPLATFORM a.b/x", ["a.b/x"]],
    ["a pinned image", `FROM a.b/x:1@${PIN}`, [`a.b/x:1@${PIN}`]],
    ["an image that files are copied from", "FROM scratch\nCOPY --from=a.b/tools:2 /t /t", ["a.b/tools:2"]],
    [
      "no image for a stage's name or number",
      "FROM a.b/x AS s\nFROM scratch\nCOPY --from=s a b\nCOPY --from=0 a b",
      ["a.b/x"],
    ],
    [
      "an image that is mounted",
      "FROM a.b/x\nRUN --mount=type=bind,from=a.b/m:1,target=/m make",
      ["a.b/x", "a.b/m:1"],
    ],
    ["no image for a mounted secret", "FROM a.b/x\nRUN --mount=type=secret,id=npm make", ["a.b/x"]],
    ["continued lines with comments between", "FROM \\\n# why\n\n  a.b/x \\\n AS y\nFROM y", ["a.b/x"]],
    ["another escape character", "# escape=`\nFROM a.b/x\nRUN dir c:\\\nFROM `\n a.b/y", ["a.b/x", "a.b/y"]],
    ["no instruction in a comment", "# FROM a.b/no\nFROM a.b/x", ["a.b/x"]],
    ["nothing in a heredoc", "FROM a.b/x\nRUN <<EOF\nFROM a.b/no\nEOF\nFROM a.b/y", ["a.b/x", "a.b/y"]],
    [
      "nothing in a quoted, indented heredoc",
      'FROM a.b/x\nCOPY <<-"E F" /f\nFROM a.b/no\n\tE F\nFROM a.b/y',
      ["a.b/x", "a.b/y"],
    ],
    [
      "nothing in the second of two heredocs",
      "FROM a.b/x\nCOPY <<A <<B /d\nA\nFROM a.b/no\nB\nFROM a.b/y",
      ["a.b/x", "a.b/y"],
    ],
    ["what looks like a heredoc in quotes", 'FROM a.b/x\nRUN echo "<<EOF"\nFROM a.b/y', ["a.b/x", "a.b/y"]],
    ["Windows line ends and a byte order mark", "\ufeffFROM a.b/x\r\nFROM a.b/y\r\n", ["a.b/x", "a.b/y"]],
  ])("has %s", (_, dockerfile, images) => {
    expect(basesOf(dockerfile)).toEqual(images);
    expect(baseReferences(dockerfile, {}).unknown).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["ARG V=1\nFROM a.b/x:$V", {}, ["a.b/x:1"]],
    ["ARG V=1\nFROM a.b/x:${V}", { V: "2" }, ["a.b/x:2"]],
    ["ARG V\nFROM a.b/x${V}", {}, ["a.b/x"]],
    ["FROM a.b/x:${V:-7}", {}, ["a.b/x:7"]],
    ["ARG V=\nFROM a.b/x:${V:-7}", {}, ["a.b/x:7"]],
    ["ARG V=\nFROM a.b/x${V-:7}", {}, ["a.b/x"]],
    ["ARG V=1\nFROM a.b/x${V:+:with}", {}, ["a.b/x:with"]],
    ['ARG A=a.b B="$A/x"\nFROM $B', {}, ["a.b/x"]],
    ["ARG STAGE=one\nFROM a.b/x AS one\nFROM $STAGE", {}, ["a.b/x"]],
    ["FROM a.b/x\nARG V=1\nFROM a.b/y:$V", {}, ["a.b/x"]],
    ["FROM a.b/x:$TARGETARCH", { TARGETARCH: "arm64" }, ["a.b/x:arm64"]],
  ])("fills in %j with %j", (dockerfile, args, images) => {
    expect(basesOf(dockerfile, args)).toEqual(images);
  });

  it.each([
    ["FROM a.b/x:$TARGETARCH", "a.b/x:$TARGETARCH"],
    ["ARG V=$TARGETOS\nFROM a.b/x:$V", "a.b/x:$V"],
    ["FROM a.b/x:${V#p}", "a.b/x:${V#p}"],
    ["ARG V\nFROM $V", "$V"],
    ["FROM a.b/x\nCOPY --from=$V a b", "$V"],
  ])("says that only the builder knows the image of %j", (dockerfile, unknown) => {
    expect(baseReferences(dockerfile, {}).unknown).toEqual([unknown]);
  });

  it("does not take a build argument's name from the object's prototype", () => {
    expect(basesOf("ARG constructor=a.b/x\nFROM $constructor")).toEqual(["a.b/x"]);
  });
});
