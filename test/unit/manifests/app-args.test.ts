import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import type { AppArgs } from "../../../components/manifests";
import { Mistake } from "../../../components/mistake";

const image = `r/web@sha256:${"a".repeat(64)}`;
const good: AppArgs = { name: "web", image, port: 8080 };

function mistakeOf(args: object): Mistake {
  try {
    app({ ...good, ...args } as AppArgs);
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
  throw new Error("app() took the arguments");
}

describe("app() refuses", () => {
  it.each([
    ["a name with capitals", { name: "Web" }, /^name is "Web", which is no DNS-1123 label/],
    ["a name with dots", { name: "a.b" }, /^name is "a.b"/],
    ["no name", { name: undefined }, /^name is undefined/],
    [
      "a name that no Service may have before Kubernetes 1.36",
      { name: "9lives" },
      /^name is "9lives".*letter/,
    ],
    ["no image", { image: undefined }, /^image is missing; give repository@sha256:…/],
    ["an empty image", { image: "" }, /^image is missing/],
    ["port 0", { port: 0 }, /^port is 0; give a whole number from 1 to 65535/],
    ["a port above 65535", { port: 65_536 }, /^port is 65536/],
    ["a port that is text", { port: "8080" }, /^port is "8080"/],
    ["half a replica", { replicas: 1.5 }, /^replicas is 1.5; give a whole number/],
    ["fewer replicas than none", { replicas: -1 }, /^replicas is -1/],
    ["more replicas than Kubernetes can count", { replicas: 2 ** 31 }, /^replicas is 2147483648/],
    ["a relative health path", { healthPath: "healthz" }, /^healthPath is "healthz"; begin it with "\/"/],
    ["root", { user: 0 }, /^user is 0; give a whole number .*root/],
    ["a user above what Kubernetes takes", { user: 2 ** 31 }, /^user is 2147483648/],
    ["a variable with a space", { config: { "A B": "x" } }, /^config has "A B"/],
    ["a variable that begins with a digit", { env: { "1A": "x" } }, /^env has "1A"/],
    ["a number as a setting", { config: { RETRIES: 3 } }, /^config\.RETRIES is of type number; give text/],
    ["a setting that is undefined", { config: { A: undefined } }, /^config\.A is undefined; give text/],
    ["a variable that is undefined", { env: { A: undefined } }, /^env\.A is undefined/],
    ["a variable that is a number", { env: { A: 7 } }, /^env\.A is of type number/],
    ["a label that Kubernetes refuses", { labels: { "a b": "c" } }, /^labels.*"a b"/],
    ["a label's value that Kubernetes refuses", { labels: { a: "x y" } }, /^labels.*"a"/],
  ])("%s", (_what, args, sentence) => {
    const { problems } = mistakeOf(args);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
  });

  it("everything at once, under a heading that says of what", () => {
    const mistake = mistakeOf({ name: "Web", port: 0, user: 0, config: { "A B": "x" } });
    expect(mistake.problems).toHaveLength(4);
    expect(mistake.message).toMatch(/^app\("Web"\):\n {2}- name is "Web"/);
  });

  it("a wrong value without saying it, for it may be a secret", () => {
    const canary = "canary-7f3c";
    const args = { config: { A: [canary] }, env: { B: { value: canary } } };
    expect(mistakeOf(args).message).not.toContain(canary);
  });
});

describe("app() takes", () => {
  it.each([
    { port: 1 },
    { port: 65_535 },
    { replicas: 0 },
    { user: 1 },
    { healthPath: "/" },
    { name: "a".repeat(63) },
  ])("%j", (args) => {
    expect(() => app({ ...good, ...args })).not.toThrow();
  });

  it("settings named __proto__ and constructor as data", () => {
    const config = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const configMap = app({ ...good, config }).find(({ kind }) => kind === "ConfigMap");
    expect(Object.entries(configMap?.data as object)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
