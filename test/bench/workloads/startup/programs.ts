import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../../../sandbox/paths.ts";
import { KUBECONFIG } from "../kubeconfig.ts";

const IMAGE = `registry.example.com/acme/web@sha256:${"5".repeat(64)}`;

/** The smallest program with the library, as its README has it. */
const OURS = `
new PushDelivery("web", {
  clusters: [{ name: "eu", kubeconfig: ${JSON.stringify(KUBECONFIG)} }],
  manifests: app({ name: "web", image: "${IMAGE}", port: 8080 }),
});
`;

/** The same with the bare SDKs. */
const BARE = `
const provider = new k8s.Provider("eu", { kubeconfig: ${JSON.stringify(KUBECONFIG)} });
const metadata = { name: "web", namespace: "web" };
const labels = { "app.kubernetes.io/name": "web" };
const namespace = new k8s.core.v1.Namespace("web", { metadata: { name: "web" } }, { provider });
const opts = { provider, dependsOn: namespace };
new k8s.core.v1.ServiceAccount("web", { metadata, automountServiceAccountToken: false }, opts);
new k8s.core.v1.Service("web", { metadata, spec: { selector: labels, ports: [{ port: 8080 }] } }, opts);
new k8s.apps.v1.Deployment("web", {
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: "web",
        containers: [{ name: "web", image: "${IMAGE}", ports: [{ containerPort: 8080 }] }],
      },
    },
  },
}, opts);
`;

const MOCKS = `
const pulumi = require("@pulumi/pulumi");
const mocks = {
  newResource: (args) => ({ id: args.name, state: args.inputs }),
  call: () => ({}),
};
`;

/** What is imported, by what is compared. */
const IMPORTS = {
  ours: 'require("pulumi-delivery");',
  "bare SDKs": 'require("@pulumi/pulumi"); require("@pulumi/kubernetes");',
  "@pulumi/pulumi alone": 'require("@pulumi/pulumi");',
} as const;
export type Imported = keyof typeof IMPORTS;

const PROGRAMS = {
  ours: `const { app, PushDelivery } = require("pulumi-delivery");${OURS}`,
  "bare SDKs": `const k8s = require("@pulumi/kubernetes");${BARE}`,
} as const;
export type Program = keyof typeof PROGRAMS;

const TYPED = {
  ours: `import { app, PushDelivery } from "pulumi-delivery";${OURS}`,
  "bare SDKs": `import * as k8s from "@pulumi/kubernetes";${BARE}`,
} as const;

const TELL =
  "process.stdout.write(JSON.stringify({ ms: performance.now() - begun, peakMiB: process.resourceUsage().maxRSS / 1024 }));";

/** A script that imports, and tells how long that took. */
export function writeImport(dir: string, what: Imported): string {
  return write(
    dir,
    `import-${slug(what)}.cjs`,
    `const begun = performance.now();\n${IMPORTS[what]}\n${TELL}\n`,
  );
}

/** A script that runs a program under the fake engine, and tells how long that took, imports included. */
export function writeProgram(dir: string, what: Program): string {
  const main = `async function main() {
    await pulumi.runtime.setMocks(mocks);
    ${PROGRAMS[what]}
    await pulumi.runtime.disconnect();
    ${TELL}
  }`;
  return write(
    dir,
    `program-${slug(what)}.cjs`,
    `const begun = performance.now();\n${MOCKS}\n${main}\nmain();\n`,
  );
}

/** A TypeScript project with that program. Returns its `tsconfig.json`. */
export function writeProject(dir: string, what: Program): string {
  const folder = join(dir, `types-${slug(what)}`);
  mkdirSync(folder, { recursive: true });
  linkPackages(folder);
  write(folder, "index.ts", TYPED[what]);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, target: "es2022", module: "node16" },
    ...{ moduleResolution: "node16", types: ["node"] },
  };
  return write(folder, "tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
}

const slug = (name: string): string => name.replace(/\W+/g, "-");

function write(dir: string, name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

/** The packages of the checkout, as an installation would have them. */
export function linkPackages(folder: string): void {
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
}
