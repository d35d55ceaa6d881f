import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromProgramLine } from "../../../components/program-line";

describe("a resource that comes from the line of the program", () => {
  const { prepareStackTrace } = Error;
  const ours = (): string => "prepared by the program";
  beforeEach(() => (Error.prepareStackTrace = ours));
  afterEach(() => (Error.prepareStackTrace = prepareStackTrace));

  it("has its stack written by whoever writes the program's stacks, as a reader of source maps", () => {
    expect(fromProgramLine(() => new Error().stack)).toBe("prepared by the program");
  });

  it("leaves the stacks that come after it alone, also when it cannot be made", () => {
    const make = (): never => {
      throw new TypeError("no");
    };
    expect(() => fromProgramLine(make)).toThrow(TypeError);
    expect(Error.prepareStackTrace).toBe(ours);
  });

  it("has a stack as Node.js writes one where nobody else does", () => {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    const stack = fromProgramLine(() => new Error("why").stack)?.split("\n") ?? [];
    expect(stack[0]).toBe("Error: why");
    expect(stack[1]).toMatch(/^ {4}at .*program-line\.test\.ts:\d+:\d+\)?$/);
    expect(stack.filter((line) => line.includes("/components/"))).toHaveLength(1);
    expect(stack.join("\n")).not.toContain("node:");
  });
});
