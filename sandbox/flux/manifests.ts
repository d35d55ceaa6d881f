import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "../processes/index.ts";
import { fluxManifests } from "../toolchain/index.ts";
import type { FluxController } from "../toolchain/index.ts";

/** The module that has what the controllers' own modules have not: accounts, roles, network policies. */
const DISTRIBUTION = "github.com/fluxcd/flux2/v2";
/** Where the published images are. Source: `manifests/install/kustomization.yaml` of flux2. */
const REGISTRY = "ghcr.io";

/**
 * Writes the install manifests of Flux, made of the modules' files in the way in which the published ones are.
 *
 * @param dir the sandbox's folder
 * @param controllers those to install; kustomize-controller has to be among them
 * @returns the path of the file
 */
export async function writeFluxManifests(
  dir: string,
  kubectl: string,
  controllers: readonly FluxController[],
): Promise<string> {
  const folder = join(dir, "flux", "manifests");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sources = fluxManifests(controllers);
  for (const name of controllers) cpSync(sources[name]!, join(folder, name), { recursive: true });
  const bases = join(folder, "kustomize-controller", DISTRIBUTION, "manifests");
  cpSync(bases, join(folder, "manifests"), { recursive: true });
  for (const name of controllers) writeBase(folder, name);
  write(join(folder, "manifests", "install"), installation(controllers));
  const made = await run(kubectl, ["kustomize", join(folder, "manifests", "install")], {
    env: { PATH: process.env["PATH"], HOME: folder },
  });
  const path = join(dir, "flux", "install.yaml");
  writeFileSync(path, made, { mode: 0o600 });
  return path;
}

/** One controller beside its account, with the patch and the labels that the distribution has for it. */
function writeBase(folder: string, name: FluxController): void {
  const base = join(folder, "manifests", "bases", name);
  cpSync(join(folder, name, "github.com/fluxcd", name, "config"), join(base, "config"), { recursive: true });
  write(join(base, "config", "crd"), { resources: crdFiles(folder, name) });
  const target = { group: "apps", version: "v1", kind: "Deployment", name };
  write(base, {
    resources: ["config/crd", "config/manager", "account.yaml"],
    transformers: ["labels.yaml"],
    patches: [{ target, path: "patch.yaml" }],
  });
}

function crdFiles(folder: string, name: FluxController): string[] {
  return readdirSync(join(folder, name, "github.com/fluxcd", name, "config", "crd", "bases")).map(
    (file) => `bases/${file}`,
  );
}

function installation(controllers: readonly FluxController[]): object {
  return {
    namespace: "flux-system",
    resources: ["namespace.yaml", ...controllers.map((name) => `../bases/${name}`), "../rbac", "../policies"],
    transformers: ["labels.yaml"],
    images: controllers.map((name) => {
      return { name: `fluxcd/${name}`, newName: `${REGISTRY}/fluxcd/${name}` };
    }),
  };
}

function write(folder: string, kustomization: object): void {
  const header = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
  writeFileSync(join(folder, "kustomization.yaml"), stringify({ ...header, ...kustomization }));
}
