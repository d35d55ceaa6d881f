import { describe, expect, it } from "vitest";
import { stackSettings } from "../../../components/pipeline";
import { STACK_KEYS } from "../../../components/promotion";

describe("the settings of a stack", () => {
  const reader = (all: Readonly<Record<string, unknown>>) => ({
    get: (key: string) => all[key] as string | undefined,
    getObject: <T>(key: string) => all[key] as T | undefined,
  });

  it("are all that the command line writes into its file", () => {
    const names = Object.values(STACK_KEYS).map((key) => key.replace("delivery:", ""));
    const all = Object.fromEntries(names.map((name) => [name, { name }]));
    expect(stackSettings(reader(all))).toEqual(all);
  });

  it("leave out what the file does not say", () => {
    const said = { ledger: "http://127.0.0.1:3000/acme/deploy.git", registry: "127.0.0.1:5000" };
    expect(stackSettings(reader(said))).toEqual(said);
    expect(stackSettings(reader({ other: 1 }))).toEqual({});
  });
});
