import { describe, expect, it } from "vitest";
import type { Credential } from "../../../components/ledger/access";
import { explain, readLimits } from "../../../components/ledger/git";
import { readHttpAnswer } from "../../../components/ledger/git/http-answer";

const credential: Credential = { kind: "none", advice: "do this" };
const result = (stderr: string, code = 128) => ({ code, stderr, stdout: Buffer.alloc(0), http: undefined });

describe("what Git said", () => {
  it.each([
    ["fatal: Authentication failed for 'https://x/'", "authentication"],
    ["fatal: could not read Username for 'https://x': terminal prompts disabled", "authentication"],
    ["git@github.com: Permission denied (publickey).", "authentication"],
    ["Host key verification failed.", "authentication"],
    ["ERROR: The key you are authenticating with has been marked as read only.", "permission"],
    ["remote: Write access to repository not granted.", "permission"],
    ["remote: Permission to a/b.git denied to c.", "permission"],
    ["ERROR: Repository not found.\nfatal: Could not read from remote repository.", "not-found"],
    ["fatal: unable to access 'https://x/': Could not resolve host: x", "unreachable"],
    ["ssh: connect to host x port 22: Connection refused", "unreachable"],
    ["fatal: unable to access 'https://x/': SSL certificate problem: self signed", "unreachable"],
    ["error: RPC failed; curl 56\nfatal: early EOF", "unreachable"],
    ["fatal: write error: No space left on device", "local"],
    ["error: unable to create temporary file: Too many open files", "local"],
    ["spawn git ENOENT", "local"],
    ["fatal: something new", "other"],
  ])("%j is understood as %s", (stderr, failure) => {
    expect(explain(result(stderr), credential).failure).toBe(failure);
  });

  it("is quoted on one line, in part when it is long, without hints", () => {
    const error = explain(result(`hint: do that\nfatal: ${"x".repeat(2000)}\n`), credential);
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toMatch(/hint|\n/);
  });

  it("counts less than the status that came over http, and a full disk counts more", () => {
    const http = { status: 404, retryAfterSeconds: undefined, limited: false };
    expect(explain({ ...result("fatal: Authentication failed"), http }, credential).failure).toBe(
      "not-found",
    );
    expect(explain({ ...result("No space left on device"), http }, credential).failure).toBe("local");
    const fine = { ...http, status: 200 };
    expect(explain({ ...result("fatal: early EOF"), http: fine }, credential).failure).toBe("unreachable");
  });

  it("about a process that was ended says so", () => {
    expect(explain(result("", -1), credential).message).toContain("ended before it was done");
  });
});

describe("an answer over http", () => {
  const trace = (...lines: string[]): string =>
    lines.map((line) => `10:00:00 http.c:1 <= Recv header: ${line}\n`).join("");

  it("is the last one of those that Git wrote down", () => {
    const said = trace(
      "HTTP/1.1 200 OK",
      "retry-after: 9",
      "HTTP/1.1 503 Service Unavailable",
      "Retry-After: 3",
    );
    expect(readHttpAnswer(said)).toEqual({ status: 503, retryAfterSeconds: 3, limited: false });
    expect(readHttpAnswer("")).toBeUndefined();
  });

  const now = Date.parse("2026-11-23T10:00:00Z");
  it.each([
    [429, {}, { retryAfterSeconds: undefined, limited: true }],
    [403, {}, { retryAfterSeconds: undefined, limited: false }],
    [403, { "retry-after": "60" }, { retryAfterSeconds: 60, limited: true }],
    [429, { "retry-after": "Mon, 23 Nov 2026 10:01:00 GMT" }, { retryAfterSeconds: 60, limited: true }],
    [429, { "retry-after": "Mon, 23 Nov 2026 09:00:00 GMT" }, { retryAfterSeconds: 0, limited: true }],
    [429, { "retry-after": "soon" }, { retryAfterSeconds: undefined, limited: true }],
    [
      403,
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 30) },
      { retryAfterSeconds: 30, limited: true },
    ],
    [
      403,
      { "x-ratelimit-remaining": "5", "x-ratelimit-reset": String(now / 1000 + 30) },
      { retryAfterSeconds: undefined, limited: false },
    ],
  ] as const)("%d with %j says how long to wait", (status, headers, wanted) => {
    expect(readLimits(status, (name) => (headers as Record<string, string>)[name], now)).toEqual(wanted);
  });
});
