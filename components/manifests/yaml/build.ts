import type { LineCounter, Node, Pair, Scalar, YAMLMap } from "yaml";
import { libraries } from "../../libraries";
import { shown } from "../names";
import { tooDeep } from "./depth";
import { MAX_ALIASED_NODES, MAX_DEPTH } from "./limits";
import type { QuotedTexts } from "./quoted";
import { plainScalar } from "./scalar";

/** How many problems of one text are named. */
const MAX_PROBLEMS = 20;
const MERGE = "<<";
/** What may be said of a value's type: it only repeats what quotes, brackets or words say. */
const SAID_TYPES = [undefined, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"];
const TEXT = "tag:yaml.org,2002:str";

/** Where a value stands in a text: how deep, and whether an alias led there. */
interface Place {
  readonly depth: number;
  readonly aliased: boolean;
}

/**
 * Makes plain data of parsed nodes. Work and memory are bounded by the text's length plus {@link MAX_ALIASED_NODES};
 * keys become own fields, also `__proto__`.
 */
export class ValueBuilder {
  readonly problems: string[] = [];
  readonly #yaml = libraries.yaml;
  readonly #lines: LineCounter;
  readonly #quoted: QuotedTexts;
  #anchors = new Map<string, Node>();
  #open = new Set<Node>();
  #aliasedLeft = MAX_ALIASED_NODES;

  /** @param quoted texts that were read before */
  constructor(lines: LineCounter, quoted: QuotedTexts) {
    this.#lines = lines;
    this.#quoted = quoted;
  }

  /** The value of a document; null for an empty one. Anchors hold inside one document. */
  document(contents: Node | null): unknown {
    this.#anchors = new Map();
    return this.#value(contents, { depth: 0, aliased: false });
  }

  #value(node: unknown, place: Place): unknown {
    if (node === null || node === undefined || this.problems.length >= MAX_PROBLEMS) return null;
    if (this.#yaml.isAlias(node)) return this.#alias(node, place);
    if (!this.#mayEnter(node as Node, place)) return null;
    if (this.#yaml.isScalar(node)) return this.#scalar(node);
    if (!this.#yaml.isMap(node) && !this.#yaml.isSeq(node)) return null;
    const inner = { ...place, depth: place.depth + 1 };
    this.#open.add(node);
    const value = this.#yaml.isMap(node)
      ? this.#map(node, inner)
      : node.items.map((item) => this.#value(item, inner));
    this.#open.delete(node);
    return value;
  }

  /** Notes the anchor, and refuses what is too deep, too much or of a type of its own. */
  #mayEnter(node: Node & { anchor?: string; tag?: string }, { depth, aliased }: Place): boolean {
    if (node.anchor !== undefined && !aliased) this.#anchors.set(node.anchor, node);
    if (depth > MAX_DEPTH) return this.#refuse(node, tooDeep(MAX_DEPTH));
    if (aliased && (this.#aliasedLeft -= 1) < 0) {
      return this.#refuse(
        node,
        `its aliases stand for more than ${MAX_ALIASED_NODES} values; write them out`,
      );
    }
    if (SAID_TYPES.includes(node.tag) || (this.#yaml.isScalar(node) && node.tag === TEXT)) return true;
    return this.#refuse(
      node,
      `the tag ${shown(node.tag)} is not read by every reader; leave it out, or quote the text`,
    );
  }

  #alias(node: Node & { readonly source: string }, place: Place): unknown {
    const target = this.#anchors.get(node.source);
    if (target === undefined) return this.#fail(node, `the alias *${node.source} has no anchor before it`);
    if (this.#open.has(target))
      return this.#fail(node, `the alias *${node.source} stands inside what it stands for`);
    return this.#value(target, { ...place, aliased: true });
  }

  #scalar(node: Scalar): unknown {
    const { srcToken } = node;
    const text = (srcToken && this.#quoted.get(srcToken)) ?? String(node.value ?? "");
    if (node.type !== "PLAIN" || node.tag === TEXT || node.tag === "!") return text;
    const value = plainScalar(text);
    return value === undefined
      ? this.#fail(node, `${shown(text)} is no number that JSON can hold; quote it`)
      : value;
  }

  #map({ items }: YAMLMap, place: Place): Record<string, unknown> {
    const fields = new Map<string, unknown>();
    const merged: [string, unknown][] = [];
    for (const pair of items) {
      if (isMerge(pair)) merged.unshift(...this.#merged(pair, place));
      else this.#field(fields, pair, place);
    }
    return Object.fromEntries([...merged, ...fields]);
  }

  #field(fields: Map<string, unknown>, pair: Pair, place: Place): void {
    const key = this.#key(pair, place);
    if (fields.has(key)) this.#refuse(pair.key as Node, `the key ${shown(key)} is given twice`);
    fields.set(key, this.#value(pair.value, place));
  }

  #key({ key }: Pair, place: Place): string {
    const value = this.#value(key, place);
    if (typeof value !== "object" && value !== undefined) return String(value);
    this.#refuse(key as Node, "a key is a list, an object or nothing; give text");
    return "";
  }

  /** What `<<: *name` brings along, the last one first: of two objects in a list, the first one wins. */
  #merged({ value }: Pair, place: Place): [string, unknown][] {
    const known = this.problems.length;
    const found = this.#value(value, place);
    const all = Array.isArray(found) ? [...(found as unknown[])] : [found];
    return all.reverse().flatMap((one) => {
      if (typeof one === "object" && one !== null && !Array.isArray(one)) return Object.entries(one);
      if (this.problems.length === known)
        this.#refuse(value as Node, `"<<" takes an object, or a list of objects`);
      return [];
    });
  }

  #fail(node: Node, problem: string): null {
    this.#refuse(node, problem);
    return null;
  }

  #refuse(node: Node | null, problem: string): false {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(`line ${line}, column ${col}: ${problem}`);
    return false;
  }
}

function isMerge({ key }: Pair): boolean {
  return libraries.yaml.isScalar(key) && key.type === "PLAIN" && key.value === MERGE;
}
