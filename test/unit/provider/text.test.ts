import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import * as implementations from "../../../components/provider";
import { providerText } from "../../../components/provider/text";

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

const inputs = {
  ...{ app: "shop", wave: "all", release: "shop-1", clusters: { eu: "h1" }, namespace: "shop" },
  ...{ access: {}, workloads: {}, checks: {}, earlier: {}, maxFailures: 0 },
  timeout: "10m",
  bake: "0s",
} as const;

/** Runs the text as the engine's plugin does, with a `require` that knows the library alone. */
function load(text: string): { methods: Methods; required: string[] } {
  const required: string[] = [];
  const exported = { handler: (): Methods => ({}) };
  const require = (name: string): unknown => {
    required.push(name);
    return implementations;
  };
  runInContext(text, createContext({ exports: exported, require }));
  return { methods: exported.handler(), required };
}

describe("the program that a state keeps of a gate", () => {
  it("looks its implementation up by the path that is promised, and only when it is called", async () => {
    const { methods, required } = load(providerText("gate"));
    expect(required).toEqual([]);
    expect(await methods.create?.(inputs)).toEqual(await implementations.gate.create(inputs));
    expect(required).toEqual(["pulumi-delivery/provider"]);
  });

  it("has every method that the implementation has, each with its arguments", async () => {
    const { methods } = load(providerText("gate"));
    expect(Object.keys(methods).sort()).toEqual(Object.keys(implementations.gate).sort());
    expect(await methods.diff?.("id", {}, inputs)).toEqual({ changes: true });
  });

  it("is the same in every version: a changed text is a change of every gate that was ever made", () => {
    const call = (method: string): string =>
      `${method}: async (...args) => require("pulumi-delivery/provider").gate.${method}(...args)`;
    const methods = ["check", "diff", "create", "update", "delete"].map(call).join(", ");
    expect(providerText("gate")).toBe(`exports.handler = () => ({ ${methods} });`);
  });
});
