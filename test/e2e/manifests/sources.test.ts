import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  helmTemplate,
  kustomize,
  originOf,
  overlaid,
  resolveManifests,
  yamlFiles,
} from "../../../components/manifests";
import type { HelmTemplateArgs, Manifest, ManifestEntry } from "../../../components/manifests";
import { canonicalJson } from "../../../components/manifests/canonical";
import { runTool } from "../../../components/manifests/sources/tool";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";

const EXAMPLE = join(import.meta.dirname, "../../../examples/existing-manifests");
const SHOP = `registry.example.com/acme/shop@sha256:${"a".repeat(64)}`;

let root: string;
let tools: string;
beforeAll(async () => {
  const { kubectl, helm } = await ensureTools(["kubectl", "helm"]);
  tools = [dirname(kubectl), dirname(helm)].join(delimiter);
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "delivery-sources-"));
  vi.stubEnv("PATH", [tools, process.env["PATH"]].join(delimiter));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});
afterAll(() => vi.unstubAllEnvs());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const resolve = (...entries: ManifestEntry[]): readonly Manifest[] =>
  resolveManifests(entries, { root, namespace: "shop", kubernetesVersion: "1.36", images: { shop: SHOP } });

const chart = (templates: Readonly<Record<string, string>>): void => {
  write("chart/Chart.yaml", "apiVersion: v2\nname: worker\nversion: 1.0.0\n");
  for (const [name, text] of Object.entries(templates)) write(`chart/templates/${name}`, text);
};
const helm = (args: Partial<HelmTemplateArgs> = {}): readonly Manifest[] =>
  resolve(...helmTemplate({ chart: "chart", ...args }));

describe("the example of existing manifests", () => {
  it("is read from plain files, a kustomization and a chart; every object knows where it is from", () => {
    cpSync(EXAMPLE, root, { recursive: true });
    const list = resolve(
      ...yamlFiles("deploy/plain/*.yaml"),
      ...kustomize("deploy/web/overlays/prod"),
      ...helmTemplate({ chart: "charts/worker", hooks: "drop" }),
    );
    expect(list.map((one) => [`${one.kind}/${one.metadata.name}`, originOf(one)])).toEqual([
      ["ConfigMap/settings", "deploy/plain/settings.yaml"],
      ["ServiceAccount/web", "deploy/plain/settings.yaml"],
      ["Service/web", 'kustomize("deploy/web/overlays/prod")'],
      ["Deployment/web", 'kustomize("deploy/web/overlays/prod")'],
      ["Deployment/worker", 'helmTemplate("charts/worker"): worker/templates/deployment.yaml'],
    ]);
    expect(JSON.stringify(list).match(/"image":"[^"]*"/g)).toEqual([
      `"image":"${SHOP}"`,
      `"image":"${SHOP}"`,
    ]);
    expect(list.at(-1)?.metadata).toMatchObject({
      namespace: "shop",
      labels: { "app.kubernetes.io/name": "worker" },
    });
    expect(list.at(-1)?.metadata.labels).not.toHaveProperty(["app.kubernetes.io/managed-by"]);
  });
});

describe("a kustomization", () => {
  it("fetches nothing, and no program that it names is started", () => {
    write(
      "k/kustomization.yaml",
      "resources: [https://example.com/a.yaml, github.com/a/b, ../../elsewhere]\n",
    );
    const text = "k/kustomization.yaml: resources has ";
    expect(() => resolve(...kustomize("k"))).toThrow(
      new RegExp(
        `${text}"https://example.com/a.yaml"[^]*${text}"github.com/a/b"[^]*${text}"../../elsewhere"`,
      ),
    );
    write("k/kustomization.yaml", "helmCharts: [{ name: a }]\n");
    expect(() => resolve(...kustomize("k"))).toThrow("helmCharts is not read; use helmTemplate()");
  });

  it("with a bomb in one of its files is refused before kubectl sees it", () => {
    const lines = Array.from(
      { length: 25 },
      (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
    );
    write("k/kustomization.yaml", "resources: [bomb.yaml]\n");
    write("k/bomb.yaml", `a0: &a0 [x]\n${lines.join("\n")}\n`);
    const begun = performance.now();
    expect(() => resolve(...kustomize("k"))).toThrow(/alias/);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it("has files of its own folder only: a link that leaves the root is refused, by way of a folder as well", () => {
    const outside = mkdtempSync(join(tmpdir(), "delivery-outside-"));
    writeFileSync(
      join(outside, "secret.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: canary }\n",
    );
    write("k/kustomization.yaml", "resources: [link.yaml, folder/secret.yaml]\n");
    symlinkSync(join(outside, "secret.yaml"), join(root, "k/link.yaml"));
    symlinkSync(outside, join(root, "k/folder"));
    expect(() => resolve(...kustomize("k"))).toThrow(
      /"link.yaml", which is no file[^]*"folder\/secret.yaml", which/,
    );
    rmSync(outside, { recursive: true });
  });

  it("merges what an overlay merges: kubectl and overlaid() give the same object", () => {
    const deployment = (containers: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers: ${containers}\n`;
    const base = deployment(
      '[{ name: web, image: "a:1", env: [{ name: A, value: "1" }, { name: B, value: "2" }], ports: [{ containerPort: 80, protocol: TCP }], resources: { limits: { cpu: "1" } } }]',
    );
    const patch = deployment(
      '[{ name: web, env: [{ name: B, value: "9" }, { name: A, $patch: delete }], ports: [{ containerPort: 80, protocol: TCP, name: http }], resources: null }]',
    );
    write("k/kustomization.yaml", "resources: [base.yaml]\npatches: [{ path: patch.yaml }]\n");
    write("k/base.yaml", base);
    write("k/patch.yaml", patch);
    const [merged] = resolve(...kustomize("k"));
    const [own, change] = [resolve(...yamlFiles("k/base.yaml")), resolve(...yamlFiles("k/patch.yaml"))];
    expect(canonicalJson(overlaid(own, change)[0])).toBe(canonicalJson(merged));
  });
});

describe("a chart", () => {
  const hook =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: h\n  annotations: { "helm.sh/hook": pre-install, a: b }\n';
  const map = (text: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { text: ${text} }\n`;

  it("gets its values from files and from values, which hold before them, and every text unchanged", () => {
    chart({ "a.yaml": map('{{ printf "%s %s" .Values.one .Values.two | quote }}') });
    write("chart/values.yaml", "one: default\ntwo: default\n");
    write("more.yaml", "one: file\ntwo: file\n");
    const [made] = helm({ valueFiles: ["more.yaml"], values: { two: "no: # 1e3 {{ .x }}" } });
    expect(made?.["data"]).toEqual({ text: "file no: # 1e3 {{ .x }}" });
  });

  it("with hooks is refused until it is said what becomes of them", () => {
    chart({ "hook.yaml": hook, "a.yaml": map("x") });
    expect(() => helm()).toThrow(/has hooks, which nothing runs here: ConfigMap h .*"pre-install"/);
    expect(helm({ hooks: "drop" }).map(({ metadata }) => metadata.name)).toEqual(["a"]);
    const kept = helm({ hooks: "keep" }).find(({ metadata }) => metadata.name === "h");
    expect(kept?.metadata.annotations).toEqual({ a: "b" });
  });

  it("that gives something else each time is refused: a release has to be the same bytes", () => {
    chart({ "a.yaml": map("{{ randAlphaNum 12 }}") });
    expect(() => helm()).toThrow(
      /ConfigMap a \(helmTemplate\("chart"\): worker\/templates\/a.yaml\) is another one each time/,
    );
  });

  it("has its CRDs, unless they are left out", () => {
    chart({ "a.yaml": map("x") });
    write(
      "chart/crds/a.yaml",
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: a.b.c }\n",
    );
    expect(helm().map(({ kind }) => kind)).toEqual(["CustomResourceDefinition", "ConfigMap"]);
    expect(helm({ includeCrds: false }).map(({ kind }) => kind)).toEqual(["ConfigMap"]);
  });

  it("that fails says what helm says, with paths from the root", () => {
    chart({ "a.yaml": '{{ fail "no region" }}' });
    expect(() => helm()).toThrow(/helmTemplate\("chart"\): helm failed \(exit code 1\): .*no region/);
  });

  it("of a registry, or with a link that leaves the root, is refused before helm is started", () => {
    expect(() => helm({ chart: "oci://example.com/a" })).toThrow("keep the chart in the repository");
    expect(() => helm({ chart: "../chart" })).toThrow("leaves the root");
    chart({ "a.yaml": map("x") });
    symlinkSync("/etc", join(root, "chart/files"));
    expect(() => helm()).toThrow("chart/files is a link, or behind one, that leaves the root");
  });

  it("that takes too much memory is ended, and one that refers to itself fails", () => {
    chart({ "a.yaml": map('{{ repeat 2000000000 "x" }}') });
    expect(() => helm()).toThrow("helm took more than 1024 MiB of memory");
    chart({ "a.yaml": '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' });
    expect(() => helm()).toThrow("helm failed");
  });
});

describe("a tool", () => {
  it("that never comes to an end is ended in time", () => {
    write("bin/helm", "#!/bin/sh\nwhile :; do :; done\n");
    chmodSync(join(root, "bin/helm"), 0o755);
    vi.stubEnv("PATH", [join(root, "bin"), process.env["PATH"]].join(delimiter));
    expect(() => runTool({ tool: "helm", root, args: () => [], seconds: 1 })).toThrow(
      "helm took more than 1 s and was ended",
    );
  });

  it("that is not there is named, with what to do", () => {
    chart({});
    vi.stubEnv("PATH", root);
    expect(() => helm()).toThrow("helm is not on PATH; install it");
  });

  it("gets none of this process's environment, and no shell reads its arguments", () => {
    write("bin/helm", "#!/bin/sh\nexport -p >&2; printf '%s\\n' \"$@\" >&2; exit 3\n");
    chmodSync(join(root, "bin/helm"), 0o755);
    vi.stubEnv("PATH", [join(root, "bin"), process.env["PATH"]].join(delimiter));
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "canary-71aa");
    chart({});
    let said = "";
    try {
      helm({ valueFiles: [] });
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain("helm failed (exit code 3)");
    expect(said).not.toContain("canary-71aa");
  });
});
