import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRAILERS, checkPublish, messageText } from "../../../components/ledger/publish";
import type { CommitMessage, PublishArgs } from "../../../components/ledger/publish";

const args = (rest: Partial<PublishArgs>): PublishArgs => ({
  repository: "https://github.com/acme/deploy.git",
  branch: "deploy/shop/prod",
  prefixes: ["clusters/eu"],
  files: new Map([["clusters/eu/a.yaml", "a: 1\n"]]),
  message: { subject: "Deploy", stack: "shop/prod" },
  ...rest,
});

const problemsOf = (rest: Partial<PublishArgs>): string => checkPublish(args(rest)).join("\n");

describe("a commit's message", () => {
  it("is subject, empty line and trailers", () => {
    const message = {
      subject: "Deploy shop-1",
      stack: "shop/prod",
      release: "shop-1",
      contentHash: "abc",
      sourceCommit: "def",
    };
    expect(messageText(message)).toBe(
      "Deploy shop-1\n\nDelivery-Release: shop-1\nDelivery-Stack: shop/prod\nDelivery-Content-Hash: abc\nDelivery-Source-Commit: def\n",
    );
  });

  it("gives Git back the trailers that went in, whatever the texts are", { timeout: 60_000 }, () => {
    const line = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .filter((text) => /^[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*$/u.test(text) && text.trim() === text);
    fc.assert(
      fc.property(line, line, line, (subject, stack, release) => {
        const message: CommitMessage = { subject, stack, release };
        if (problemsOf({ message }) !== "") return;
        const said = execFileSync("git", ["interpret-trailers", "--parse"], {
          input: messageText(message),
          encoding: "utf8",
        });
        expect(said).toBe(`${TRAILERS.release}: ${release}\n${TRAILERS.stack}: ${stack}\n`);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [{ subject: "", stack: "s" }, "message.subject is empty"],
    [{ subject: "x", stack: " " }, "message.stack is empty"],
    [{ subject: "x\n\nDelivery-Release: evil", stack: "s" }, "message.subject is no text of one line"],
    [
      { subject: "x", stack: "s", release: "a\nDelivery-Stack: other" },
      "message.release is no text of one line",
    ],
    [{ subject: "x\u2028y", stack: "s" }, "message.subject"],
    [{ subject: "x".repeat(501), stack: "s" }, "message.subject"],
  ])("is refused: %j", (message, words) => {
    expect(problemsOf({ message })).toContain(words);
  });
});

describe("a publication's arguments", () => {
  it("are fine", () => expect(checkPublish(args({}))).toEqual([]));

  it.each<[Partial<PublishArgs>, string]>([
    [{ author: { name: "A <b>", email: "a@b" } }, "author.name"],
    [{ author: { name: "A", email: "a\nb" } }, "author.email"],
    [{ allow: ["everything" as never] }, 'allow has "everything"'],
    [{ signing: { kind: "gpg", key: "$(id)", home: "relative" } }, "signing.key"],
    [{ signing: { kind: "gpg", key: "A".repeat(40), home: "relative" } }, "signing.home"],
    [{ signing: { kind: "x" as never } as never }, "signing.kind"],
    [{ pullRequest: { host: "gitlab" as never } }, "pullRequest.host"],
    [{ pullRequest: { host: "github", api: "http://example.com" } }, "pullRequest.api"],
  ])("are refused: %j", (rest, words) => {
    expect(problemsOf(rest)).toContain(words);
  });

  it("need a token for pull requests when Git itself goes by ssh", () => {
    const knownHosts = "github.com ssh-ed25519 AAAA";
    const ssh = {
      repository: "ssh://git@github.com/acme/deploy.git",
      access: { kind: "ssh-agent", knownHosts },
    } as const;
    expect(problemsOf({ ...ssh, pullRequest: { host: "github" } })).toContain("pullRequest.token is missing");
    expect(problemsOf({ ...ssh, pullRequest: { host: "github", token: { variable: "T" } } })).toBe("");
  });

  it("are refused by the file's name when its content is none, and the content is not shown", () => {
    const files = new Map<string, string>([
      ["clusters/eu/a", `canary Calling [toString] on an [Output<T>] is not supported.`],
      ["clusters/eu/b", "canary \ud800"],
      ["clusters/eu/c", { canary: 1 } as never],
      ["clusters/eu/d", "canary: [object Object]"],
    ]);
    const problems = problemsOf({ files });
    for (const name of ["a", "b", "c", "d"]) expect(problems).toContain(`"clusters/eu/${name}"`);
    expect(problems).not.toContain("canary");
  });
});
