export * from "./actor.ts";
export * from "./git-hooks.ts";
export * from "./protection.ts";
export * from "./rulesets.ts";
