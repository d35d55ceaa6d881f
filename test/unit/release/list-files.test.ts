import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { manifestFiles } from "../../../components/manifests/files";
import { Mistake } from "../../../components/mistake";
import { makeRelease, renderList } from "../../../components/release";
import type { Rendered } from "../../../components/release";
import { isListOf, readList } from "../../../components/release/older/files";

const image = `r/web@sha256:${"a".repeat(64)}`;
const release = makeRelease("shop", {
  commit: "1".repeat(40),
  sources: "b".repeat(64),
  images: { web: image },
});
/** The objects are of many forms here, not such as a cluster takes. */
const placement = { app: "shop", namespace: "shop", clusterScope: ["ClusterRole"], checks: "sink" } as const;
const request = { root: "/", app: "shop", release, environment: "dev", clusters: ["eu"], namespace: "shop" };

const kinds = ["ConfigMap", "Service", "Job", "ClusterRole"] as const;
const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/).filter((text) => text !== "shop-release");
const object = fc
  .record({ kind: fc.constantFrom(...kinds), name, text: fc.string() })
  .map(({ kind, name: called, text }): Manifest => ({
    apiVersion: kind === "ClusterRole" ? "rbac.authorization.k8s.io/v1" : "v1",
    kind,
    metadata: { name: called },
    data: { text },
  }));
const objects = fc.uniqueArray(object, {
  minLength: 1,
  selector: (one) => `${one.kind}/${one.metadata.name}`,
});

const rendered = (settings?: unknown): Rendered =>
  renderList(app({ name: "web", image, port: 8080 }), placement, release, settings);
const filesOf = (list: Rendered): Map<string, string> => manifestFiles(list.objects);
const reread = (files: Iterable<readonly [string, string]>): Rendered => readList("shop", files)!;

describe("the files of a list", () => {
  it("give the list back, in its order and with its hash, whatever is in it", () => {
    fc.assert(
      fc.property(objects, (manifests) => {
        const list = renderList(manifests, placement, release);
        expect(reread(filesOf(list))).toEqual(list);
      }),
    );
  });

  it("are the same ones however the objects were ordered when they were declared", () => {
    fc.assert(
      fc.property(objects, (manifests) => {
        const turned = renderList([...manifests].reverse(), placement, release);
        expect(turned).toEqual(renderList(manifests, placement, release));
      }),
    );
  });

  it("are a list of the release that made them, and of no other one", () => {
    const list = reread(filesOf(rendered()));
    expect(isListOf(request, list)).toBe(true);
    const others = [
      { ...release, commit: "2".repeat(40) },
      { ...release, id: "shop-000000000000" },
      { ...release, images: { web: image.replace("r/", "elsewhere/") } },
    ];
    for (const other of others) expect(isListOf({ ...request, release: other }, list)).toBe(false);
  });

  it("are a list of the settings that they were made with, and of no other ones", () => {
    const list = reread(filesOf(rendered({ replicas: 2, text: "a" })));
    expect(isListOf({ ...request, settings: { text: "a", replicas: 2 } }, list)).toBe(true);
    for (const settings of [undefined, {}, { replicas: 2 }, { replicas: 2, text: "b" }]) {
      expect(isListOf({ ...request, settings }, list)).toBe(false);
    }
  });

  it("say nothing of settings when there are none, so their record is what it was", () => {
    expect(rendered({})).toEqual(rendered());
    expect(rendered().objects.at(-1)?.data).not.toHaveProperty("settings");
  });

  it("are no list of the release once somebody has edited any of them", () => {
    const files = filesOf(rendered());
    for (const [file, text] of files) {
      const edited = new Map(files).set(file, text.replace(/8080|pulumi-delivery|shop/, "9090"));
      const list = readList("shop", edited);
      expect(list !== undefined && isListOf(request, list), file).toBe(false);
    }
  });

  it("are no list when the record, or an object's name, is missing", () => {
    const files = filesOf(rendered());
    const record = [...files.keys()].find((file) => file.includes("shop-release"))!;
    const without = new Map([...files].filter(([file]) => file !== record));
    expect(readList("shop", without)).toBeUndefined();
    expect(readList("cart", files)).toBeUndefined();
    expect(readList("shop", [...files, ["more.yaml", "kind: ConfigMap\n"]])).toBeUndefined();
    expect(readList("shop", [...files, ["more.yaml", "- 1\n"]])).toBeUndefined();
    expect(readList("shop", [])).toBeUndefined();
  });

  it("that are no YAML are refused by their name", () => {
    expect(() => readList("shop", [["web.yaml", "a: [1"]])).toThrow(Mistake);
    expect(() => readList("shop", [["web.yaml", "a: [1"]])).toThrow(/Reading web\.yaml/);
  });
});
