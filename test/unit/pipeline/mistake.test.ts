import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { describe, expect, it } from "vitest";
import { Mistake, problemText, throwIfAny } from "../../../components/mistake";
import { assertValid } from "../../../components/problems";

describe("a user's mistake", () => {
  it("is one that Pulumi prints without a stack trace", () => {
    expect(RunError.isInstance(new Mistake("Checking", ["no"]))).toBe(true);
  });

  it("has no stack trace to print, also where Pulumi prints the stack of what fails after the program's end", () => {
    const mistake = new Mistake("Checking", ["no"]);
    expect(mistake.stack).toBe(mistake.message);
  });

  it("says what was tried and every problem below it, one a line", () => {
    const mistake = new Mistake("Reading the file", ["a is missing; add it", "b says\ntwo lines"]);
    expect(mistake.message).toBe("Reading the file:\n  - a is missing; add it\n  - b says\n    two lines");
    expect(mistake.problems).toHaveLength(2);
  });

  it("is thrown only when there is a problem", () => {
    expect(() => throwIfAny("Checking", [])).not.toThrow();
    expect(() => throwIfAny("Checking", ["no"])).toThrow(Mistake);
  });

  it("in a component's arguments is tied to the component, without a stack trace", () => {
    const component = { urn: pulumi.output("urn") } as unknown as pulumi.Resource;
    expect(() => assertValid(component, [])).not.toThrow();
    try {
      assertValid(component, ["no", "neither"]);
      expect.unreachable();
    } catch (error) {
      expect(pulumi.ResourceError.isInstance(error)).toBe(true);
      const { message, stack, hideStack, resource } = error as pulumi.ResourceError;
      expect({ message, stack, hideStack, resource }).toEqual({
        message: problemText("Invalid arguments", ["no", "neither"]),
        stack: problemText("Invalid arguments", ["no", "neither"]),
        hideStack: true,
        resource: component,
      });
    }
  });
});
