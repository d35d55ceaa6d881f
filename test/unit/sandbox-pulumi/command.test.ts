import { describe, expect, it } from "vitest";
import { nodeArguments, programEnvironment } from "../../../sandbox/pulumi/language-host/index.ts";
import type { RunOrder } from "../../../sandbox/pulumi/language-host/index.ts";

const order: RunOrder = {
  project: "shop",
  stack: "dev",
  organization: "organization",
  rootDirectory: "/p",
  programDirectory: "/p/infra",
  entryPoint: "main.js",
  args: ["--for", "the program"],
  config: { "shop:word": "hush-hush" },
  configSecretKeys: ["shop:word"],
  dryRun: true,
  parallel: 7,
  monitorAddress: "127.0.0.1:2",
  options: { typescript: true, tsconfig: undefined, nodeargs: ["--no-deprecation"] },
};
const places = { engineAddress: "127.0.0.1:1", runner: "/h/run.ts", runModule: "/n/run.js" };

describe("the command of a run", () => {
  it("names both ends of the run, the stack, and the program with its arguments last", () => {
    expect(nodeArguments(order, places).join(" ")).toBe(
      "--no-deprecation /h/run.ts /n/run.js --monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization organization " +
        "--project shop --root-directory /p --stack dev --pwd /p/infra --parallel 7 --dry-run main.js --for the program",
    );
  });

  it("leaves out what the engine did not say, and runs the folder itself without an entry point", () => {
    const short = nodeArguments(
      { ...order, organization: "", entryPoint: "", args: [], dryRun: false },
      places,
    );
    expect(short).not.toContain("--organization");
    expect(short).not.toContain("--dry-run");
    expect(short.at(-1)).toBe(".");
  });

  it("has no value of the configuration in it", () => {
    expect(nodeArguments(order, places).join(" ")).not.toContain("hush-hush");
  });
});

describe("the environment of a run", () => {
  it("carries the configuration, which keys are secret, and that TypeScript is run", () => {
    expect(programEnvironment(order, { PATH: "/bin" })).toEqual({
      PATH: "/bin",
      PULUMI_CONFIG: `{"shop:word":"hush-hush"}`,
      PULUMI_CONFIG_SECRET_KEYS: `["shop:word"]`,
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
  });

  it("keeps the user's tsconfig path unless the project names one", () => {
    const inherited = { PULUMI_NODEJS_TSCONFIG_PATH: "mine.json", PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    expect(programEnvironment(order, inherited)).toMatchObject(inherited);
    const named = { ...order, options: { ...order.options, tsconfig: "theirs.json" } };
    expect(programEnvironment(named, inherited)["PULUMI_NODEJS_TSCONFIG_PATH"]).toBe("theirs.json");
  });

  it("forgets the run that started this one", () => {
    const outer = {
      PULUMI_NODEJS_DRY_RUN: "true",
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_STACK: "outer",
    };
    const plain = { ...order, options: { ...order.options, typescript: false } };
    expect(Object.keys(programEnvironment(plain, outer))).toEqual([
      "PULUMI_CONFIG",
      "PULUMI_CONFIG_SECRET_KEYS",
    ]);
  });
});
