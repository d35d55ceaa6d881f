import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Document, Node } from "yaml";
import { Mistake } from "../mistake";
import { libraries } from "../libraries";
import { replaceFile } from "../replace-file";

/** What a stack's file says of its environment, by the keys of its `config`. */
export const STACK_KEYS = {
  release: "delivery:release",
  settings: "delivery:config",
  pins: "delivery:pins",
  hold: "delivery:hold",
  override: "delivery:override",
  ledger: "delivery:ledger",
} as const;

/** New values by key; `undefined` removes the key. */
export type StackChanges = Readonly<Record<string, unknown>>;

/** What the file says under `config`, by key.
 *
 * @throws Mistake when there is no such file, or it is not YAML.
 */
export function readStackConfig(path: string): Readonly<Record<string, unknown>> {
  const { config } = (open(path, readStackText(path)).toJS() ?? {}) as {
    config?: Readonly<Record<string, unknown>> | null;
  };
  return config ?? {};
}

/**
 * Changes keys of `config` in the text of a stack's file. Comments, order and everything else stay. Texts that are
 * written are quoted, since a YAML 1.1 reader takes some for numbers or dates, and Pulumi rewrites bare dates.
 *
 * @throws Mistake when the text is not YAML.
 */
export function editStackText(text: string, changes: StackChanges, path = "the stack's file"): string {
  const document = open(path, text);
  const before = ((document.toJS() ?? {}) as { config?: Record<string, unknown> | null }).config ?? {};
  const differing = Object.entries(changes).filter(
    ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
  );
  if (differing.length === 0) return text;
  if (!libraries.yaml.isMap(document.get("config"))) document.set("config", document.createNode({}));
  const config = document.get("config");
  if (libraries.yaml.isMap(config)) config.flow = false;
  for (const [key, value] of differing) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], nodeOf(document, key, value));
  }
  return document.toString({ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}

/** A comment that stands before the old value stays before the new one. */
function nodeOf(document: Document, key: string, value: unknown): Node {
  const node = document.createNode(value) as Node;
  const before = document.getIn(["config", key], true) as Node | undefined;
  if (before?.commentBefore !== undefined) node.commentBefore = before.commentBefore;
  return node;
}

/**
 * Does the same with the file, which is replaced whole or not at all. Returns whether it changed.
 *
 * @throws Mistake when there is no such file, or it is not YAML; it is left as it is then.
 */
export function editStackFile(path: string, changes: StackChanges): boolean {
  const before = readStackText(path);
  const after = editStackText(before, changes, path);
  if (after === before) return false;
  replaceFile(path, after);
  return true;
}

function readStackText(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8");
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(basename(path))?.[1] ?? "NAME";
  throw new Mistake(`Reading ${path}`, [`it does not exist; make it with: pulumi stack init ${stack}`]);
}

function open(path: string, text: string): Document {
  const document = libraries.yaml.parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return document;
  throw new Mistake(`Reading ${path}`, [`it is not YAML: ${error.message}; correct it first`]);
}
