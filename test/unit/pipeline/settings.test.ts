import { describe, expect, it } from "vitest";
import { definePipeline } from "../../../components/pipeline/define";
import { checkSettings, resolveConfig } from "../../../components/pipeline/settings";
import { example, release } from "./example";

const pipeline = definePipeline(example);
const check = (settings: object): string[] => checkSettings(pipeline, { stack: "dev", release, ...settings });

describe("a stack", () => {
  it("of an environment needs a release, that of the build does not", () => {
    expect(check({})).toEqual([]);
    expect(check({ stack: "build", release: undefined })).toEqual([]);
  });

  it.each(["qa", "constructor", "__proto__", ""])(
    "named %j is refused with the names that there are",
    (stack) => {
      expect(check({ stack })).toEqual([
        `stack ${JSON.stringify(stack)} is no environment of the pipeline; ` +
          'select one of "build", "dev", "staging", "prod"',
      ]);
    },
  );

  it("without a release says where to get one and how", () => {
    expect(check({ stack: "staging", release: undefined })).toEqual([
      'stacks/Pulumi.staging.yaml has no delivery:release; promote one from "dev" with: delivery promote staging',
    ]);
  });

  it.each([
    ["a malformed digest", { images: { shop: "r/shop@sha256:123" } }, "delivery:release.images.shop is"],
    ["a missing image", { images: {} }, "delivery:release.images.shop is missing"],
    ["a malformed commit", { commit: "main" }, "delivery:release.commit is"],
    ["a change by hand", { sources: "c".repeat(64) }, "delivery:release.id is"],
  ])("whose release has %s is refused with the file and the field", (_what, change, field) => {
    expect(check({ release: { ...release, ...change } })).toEqual([
      expect.stringContaining(`Pulumi.dev.yaml: ${field}`),
    ]);
  });

  it("whose ledger is no address that is taken is refused with the file, and no credentials are repeated", () => {
    expect(check({ ledger: "https://git.example.com/acme/deploy.git" })).toEqual([]);
    const [problem, ...more] = check({ ledger: "https://user:canary@git.example.com/deploy.git" });
    expect(more).toEqual([]);
    expect(problem).toMatch(/^stacks\/Pulumi\.dev\.yaml: delivery:ledger: repository has credentials in it/);
    expect(problem).not.toContain("canary");
  });

  it("has the problems of its release, its settings and its ledger said at once", () => {
    const settings = { config: { nothing: 1, replicas: "two" }, ledger: "file:///deploy" };
    expect(check({ release: "x", ...settings })).toHaveLength(4);
  });
});

describe("the settings of an environment", () => {
  it("are the pipeline's, with what the stack has otherwise", () => {
    const settings = { stack: "dev", config: { replicas: 3, debug: true } };
    expect(checkSettings(pipeline, { ...settings, release })).toEqual([]);
    expect(resolveConfig(pipeline, settings)).toEqual({ replicas: 3, greeting: "hello", debug: true });
    expect(resolveConfig(pipeline, { stack: "dev" })).toEqual(example.config);
  });

  it.each([
    ["no block", "text", "delivery:config is"],
    ["a list", [1], "delivery:config is"],
    ["nothing", null, "delivery:config is null"],
    [
      "an unknown setting",
      { replica: 3 },
      'delivery:config.replica is no setting of the pipeline, whose config has "rep',
    ],
    ["a text for a number", { replicas: "3" }, "delivery:config.replicas has to be a number"],
    ["a number for a text", { greeting: 3 }, "delivery:config.greeting has to be a string"],
    ["nothing for a setting", { debug: null }, "delivery:config.debug has to be a boolean"],
    ["a number that is none", { replicas: Number.NaN }, "delivery:config.replicas has to be a number"],
    ["a name that every object has", { toString: 1 }, "delivery:config.toString is no setting"],
  ])("are refused when they are %s", (_what, config, sentence) => {
    expect(check({ config })).toEqual([expect.stringContaining(`Pulumi.dev.yaml: ${sentence}`)]);
  });

  it("are refused without being shown: they may be secret", () => {
    expect(check({ config: { replicas: "canary-11aa" } }).join()).not.toContain("canary-11aa");
    expect(check({ config: "canary-11aa" }).join()).not.toContain("canary-11aa");
  });

  it("cannot reach what all objects share", () => {
    const config: unknown = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(check({ config })).toHaveLength(2);
    expect(resolveConfig(pipeline, { stack: "dev", config })).not.toHaveProperty("polluted");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
