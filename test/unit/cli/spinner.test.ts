import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plainLines, SPIN_AFTER_MS, startSpinner } from "../../../cli/shell/spinner";

const CLEAR_LINE = "\r\u001b[K";
let said = "";
const stream = { write: (text: string) => void (said += text) };
beforeEach(() => {
  said = "";
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("what is seen while a command works", () => {
  it("moves at a terminal once nothing was said for a second, and leaves nothing behind", () => {
    const spinner = startSpinner(stream, "delivery up");
    vi.advanceTimersByTime(SPIN_AFTER_MS - 1);
    expect(said).toBe("");
    vi.advanceTimersByTime(2_100);
    expect(said).toMatch(/\r\u001b\[K. delivery up \(1 s\)\r\u001b\[K. delivery up/);
    expect(said).toContain("(3 s)");
    said = "";
    spinner.stop();
    vi.advanceTimersByTime(5_000);
    expect(said).toBe(CLEAR_LINE);
  });

  it("stays below the lines that are told, each of which begins the wait anew", () => {
    const spinner = startSpinner(stream, "delivery up");
    vi.advanceTimersByTime(SPIN_AFTER_MS + 200);
    said = "";
    spinner.line("✓ eu-1: 3 of 4 objects changed");
    expect(said).toBe(`${CLEAR_LINE}✓ eu-1: 3 of 4 objects changed\n`);
    said = "";
    vi.advanceTimersByTime(SPIN_AFTER_MS - 100);
    expect(said).toBe("");
    spinner.stop();
  });

  it("is lines alone elsewhere", () => {
    const lines = plainLines(stream);
    lines.line("✓ eu-1");
    vi.advanceTimersByTime(60_000);
    lines.stop();
    expect(said).toBe("✓ eu-1\n");
  });
});
