import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isMap, parseDocument } from "yaml";
import type { Document } from "yaml";

/** The key under which a stack's file holds its release. */
export const RELEASE_KEY = "delivery:release";

/**
 * The file of a stack.
 *
 * @throws Error when there is none, with the command that makes it.
 */
export function stackFile(root: string, stack: string): string {
  const path = join(root, "stacks", `Pulumi.${stack}.yaml`);
  if (existsSync(path)) return path;
  throw new Error(`stacks/Pulumi.${stack}.yaml does not exist; make it with: pulumi stack init ${stack}`);
}

/** What the file says under `config`, by key; undefined for a key that it lacks. */
export function readConfig(path: string, key: string): unknown {
  return (open(path).toJS() as { config?: Record<string, unknown> } | null)?.config?.[key];
}

/**
 * Writes one key of `config`; comments, order and everything else stay. Texts are quoted, since a YAML 1.1 reader
 * takes some for numbers or dates. The file is replaced whole or not at all. Returns whether it changed.
 */
export function writeConfig(path: string, key: string, value: unknown): boolean {
  const before = readFileSync(path, "utf8");
  const document = open(path);
  if (JSON.stringify(readConfig(path, key)) === JSON.stringify(value)) return false;
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  const config = document.get("config");
  if (isMap(config)) config.flow = false;
  document.setIn(["config", key], document.createNode(value));
  const after = document.toString({
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
  if (after === before) return false;
  writeFileSync(`${path}.new`, after);
  renameSync(`${path}.new`, path);
  return true;
}

function open(path: string): Document {
  const document = parseDocument(readFileSync(path, "utf8"));
  const [error] = document.errors;
  if (error !== undefined)
    throw new Error(`${basename(path)} is not YAML: ${error.message}; correct it first`);
  return document;
}
