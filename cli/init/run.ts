import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { checkDnsLabel } from "../../components/manifests/names";
import { throwIfAny } from "../../components/mistake";
import type { Context, Input, Result } from "../shell/contract";
import { projectFiles } from "./files";

/**
 * Without one in the project, Pulumi compiles programs with TypeScript 3.8, which knows neither the options nor the types;
 * it takes none from 7 on. Source: `@pulumi/pulumi`, `peerDependencies` and `tsutils.js`.
 */
const TYPESCRIPT = "typescript@6";

/** `delivery init` */
export async function init(input: Input, { folder }: Context): Promise<Result> {
  const root = resolve(folder);
  const app = input.optionalArgument("APP") ?? basename(root).toLowerCase();
  throwIfAny("A new project", checkDnsLabel("APP", app));
  const files = projectFiles({
    app,
    repository: input.text("repository") ?? `registry.example.com/acme/${app}`,
    context: input.text("context") ?? "app",
    ledger: input.text("ledger"),
  });
  const [there, missing] = [files.filter(isThere(root)), files.filter((file) => !isThere(root)(file))];
  for (const { path, text } of missing) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // "wx": what has come meanwhile is not overwritten either.
    writeFileSync(join(root, path), text, { flag: "wx" });
  }
  const lines = [
    ...missing.map(({ path }) => `written  ${path}`),
    ...there.map(({ path }) => `kept     ${path}: it was there`),
    "",
    `Next: npm install pulumi-delivery @pulumi/pulumi @pulumi/kubernetes @pulumi/docker ${TYPESCRIPT}`,
    "      name your clusters and environments in infra/pipeline.ts",
    "      commit all of it, since a release names the commit that it is made from",
    "      pulumi stack init build && npx delivery up build",
  ];
  const written = missing.map(({ path }) => path);
  return { value: { root, written, kept: there.map(({ path }) => path) }, text: lines.join("\n") };
}

const isThere =
  (root: string) =>
  ({ path }: { readonly path: string }): boolean =>
    existsSync(join(root, path));
