import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hunks, lineDiff } from "../../../cli/preview/line-diff";
import { agentsText } from "../../../cli/preview/agents";
import { COMMENT_MARK, escaped, MAX_COMMENT, previewMarkdown } from "../../../cli/preview/markdown";
import { objectChanges } from "../../../cli/preview/objects";
import type { EnvironmentPreview } from "../../../cli/preview/environment";
import type { Manifest } from "../../../components/manifests";
import type { RenderedLists } from "../../../components/release";

const now = new Date("2026-11-25T12:00:00Z");
const map = (name: string, data: Record<string, string>, kind = "ConfigMap"): Manifest => ({
  ...{ apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, data },
});
const lists = (...clusters: [string, Manifest[]][]): RenderedLists =>
  new Map(clusters.map(([name, objects]) => [name, { objects, contentHash: "", by: "running code" }]));

describe("the difference of two texts", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 20 })
    .map((lines) => lines.join("\n"));
  it("has both texts in it, whole and in order", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const side = (sign: string): string =>
          lineDiff(before, after)
            .filter((line) => line.sign === " " || line.sign === sign)
            .map((line) => line.text)
            .join("\n");
        expect([side("-"), side("+")]).toEqual([before, after]);
      }),
    );
  });

  it("is empty of changes for equal texts, and leaves out what is far from them", () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(lineDiff(same, same).filter(({ sign }) => sign !== " ")).toEqual([]);
      }),
    );
    const long = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const shown = hunks(lineDiff(long.join("\n"), long.with(15, "other").join("\n")), 1);
    expect(shown).toEqual([" …", " line 14", "-line 15", "+other", " line 16", " …"]);
  });
});

describe("the objects of a preview", () => {
  it("are told once for clusters where they change in the same way, without the record", () => {
    const before = lists(
      ["eu", [map("web", { a: "1" }), map("shop-release", { release: "x" })]],
      ["us", [map("web", { a: "1" })]],
    );
    const after = lists(
      ["eu", [map("web", { a: "2" }), map("shop-release", { release: "y" })]],
      ["us", [map("web", { a: "2" })]],
    );
    const [change, ...others] = objectChanges("shop", before, after);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: "changed", title: "ConfigMap shop/web", clusters: ["eu", "us"] });
    expect(change!.lines.filter((line) => /^[-+]/.test(line))).toHaveLength(2);
  });

  it("are none whose fields only stand in another order, as those that the ledger has", () => {
    const before = lists(["eu", [map("web", { a: "1", b: "2" })]]);
    const { metadata } = map("web", {});
    const same: Manifest = { data: { b: "2", a: "1" }, metadata, kind: "ConfigMap", apiVersion: "v1" };
    expect(objectChanges("shop", before, lists(["eu", [same]]))).toEqual([]);
  });

  it("never show a value of a Secret, and still tell that it changed", () => {
    const secret = (value: string): RenderedLists => lists(["eu", [map("key", { token: value }, "Secret")]]);
    const changes = objectChanges("shop", secret("canary-one"), secret("canary-two"));
    expect(changes).toMatchObject([{ kind: "changed", lines: [" only values that are hidden"] }]);
    expect(JSON.stringify(changes)).not.toContain("canary");
  });
});

describe("a secret on its way to a comment", () => {
  const canary = "s3cret/canary+of=5?";
  const bytes = Buffer.from(canary);
  const forms = [
    ...[canary, encodeURIComponent(canary), bytes.toString("hex"), bytes.toString("hex").toUpperCase()],
    ...[bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("base64").replace(/=+$/, "")],
  ];
  const secret = (value: string, more: object = {}): Manifest => ({
    ...{
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "key", namespace: "shop" },
      stringData: { token: value },
    },
    data: { token: Buffer.from(value).toString("base64"), hex: Buffer.from(value).toString("hex") },
    ...more,
  });
  /** What `kubectl apply` leaves in an object that was exported from a cluster. */
  const applied = (value: string): Manifest => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(secret(value)) };
    return secret(value, { metadata: { name: "key", namespace: "shop", annotations } });
  };
  const textOf = (before: Manifest[], after: Manifest[]): string => {
    const changes = objectChanges("shop", lists(["eu", before]), lists(["eu", after]));
    expect(changes).toHaveLength(1);
    const base = { environment: "prod", cause: "file", plan: undefined, problem: undefined } as const;
    return previewMarkdown({ previews: [{ ...base, changes }] }, now) + JSON.stringify(changes);
  };

  it.each<[string, Manifest[], Manifest[]]>([
    ["is new", [], [secret(canary)]],
    ["changes", [secret("old")], [secret(canary)]],
    ["goes", [secret(canary)], []],
    ["was exported from a cluster", [secret("old")], [applied(canary)]],
  ])("is in none of its forms there when it %s", (_what, before, after) => {
    const text = textOf(before, after);
    for (const form of forms) expect(text).not.toContain(form);
    expect(text).toContain("Secret shop/key");
  });
});

describe("the comment of a pull request", () => {
  const preview = (lines: string[], count = 1): EnvironmentPreview => ({
    ...{ environment: "prod", cause: "file", plan: undefined, problem: undefined },
    changes: Array.from({ length: count }, (_, index) => ({
      kind: "changed",
      title: `ConfigMap shop/web-${index}`,
      clusters: ["eu"],
      lines,
    })),
  });

  it("begins with the mark by which it is found, and says when nothing changes", () => {
    const text = previewMarkdown({ previews: [] }, now);
    expect(text.startsWith(COMMENT_MARK)).toBe(true);
    expect(text).toContain("No environment changes");
  });

  it("is cut between sections, never within one, and never longer than the host takes", () => {
    const long = preview(
      Array.from({ length: 50 }, () => "+".padEnd(40, "x")),
      100,
    );
    const text = previewMarkdown({ previews: [long] }, now);
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text).toContain("The rest is left out");
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)!.length);
    expect(text.match(/^```/gm)!.length % 2).toBe(0);
  });

  it("tells of the agents before all environments, which need them", () => {
    const none = { isOther: true, told: [], problem: undefined };
    const agents = { clusters: ["eu-1"], before: "2.9.3", after: "2.9.4", ...none };
    const text = previewMarkdown({ previews: [], agents }, now);
    expect(text).toContain("agents in eu-1: 2.9.3 → 2.9.4");
    expect(agentsText({ ...agents, before: undefined })).toContain("none → 2.9.4");
    expect(agentsText({ ...agents, before: "2.9.4" })).toContain("the same version, with other settings");
  });

  it("lets nothing in an object end its block", () => {
    const text = previewMarkdown({ previews: [preview(["+````", "+</details>"])] }, now);
    expect(text).toContain("`````diff");
  });

  it("takes neither Markdown nor HTML nor names from a commit's subject", () => {
    const text = escaped("fix `x` <img src=x> [a](http://b) @everybody **bold**");
    expect(text).not.toMatch(/(?<!\\)[`[*]|<img|@everybody/);
  });
});
