import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { CHECKOUT } from "../../../sandbox/paths.ts";

/**
 * Puts the library, compiled, into a folder's `node_modules`, as an installation would: for programs that run in
 * processes of their own. Types are not checked here.
 */
export function installLibrary(folder: string): void {
  if (existsSync(join(folder, "node_modules"))) return;
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  const library = join(modules, "pulumi-delivery");
  const sources = join(CHECKOUT, "components");
  for (const name of globSync("**/*.ts", { cwd: sources })) {
    const target = join(library, "dist", "components", name.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compiled(readFileSync(join(sources, name), "utf8")));
  }
  cpSync(join(CHECKOUT, "package.json"), join(library, "package.json"));
  for (const name of ["@pulumi", "yaml", "@balena", "tinyglobby"]) {
    symlinkSync(join(CHECKOUT, "node_modules", name), join(modules, name));
  }
}

function compiled(source: string): string {
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2023,
    esModuleInterop: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
