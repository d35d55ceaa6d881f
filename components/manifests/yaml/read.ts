import type { Document, LineCounter } from "yaml";
import { throwIfAny } from "../../mistake";
import { ValueBuilder } from "./build";
import { MAX_YAML_BYTES, MAX_YAML_OBJECTS } from "./limits";
import { libraries } from "../../libraries";

/** Where a text came from, as messages name it. */
export interface YamlSource {
  /** A path, or the call that made it. */
  readonly origin: string;
}

/**
 * The documents of a text as kubectl and helm read them (see `plainScalar`); empty ones are left out.
 * Refused, quickly and with all problems at once: what is no YAML, keys given twice, tags, aliases in a circle or too
 * many, nesting and sizes beyond the limits.
 *
 * @throws Mistake that names origin, line and column of each problem.
 */
export function parseYaml(text: string, { origin }: YamlSource): unknown[] {
  const what = `Reading ${origin}`;
  throwIfAny(what, checkSize(text));
  const lines = new libraries.yaml.LineCounter();
  const documents: readonly Document.Parsed[] = [
    ...libraries.yaml.parseAllDocuments(text, { ...SYNTAX, lineCounter: lines }),
  ];
  throwIfAny(
    what,
    documents.flatMap((document) => syntaxProblems(document, lines)),
  );
  const build = new ValueBuilder(lines);
  const values = documents.map(({ contents }) => build.document(contents));
  throwIfAny(what, build.problems);
  const objects = values.filter((value) => value !== null);
  throwIfAny(what, checkCount(objects.length));
  return objects;
}

/** Words are resolved by {@link ValueBuilder}, and so is whether a key is given twice: here it takes quadratic time. */
const SYNTAX = { schema: "failsafe", uniqueKeys: false, logLevel: "error", prettyErrors: false } as const;

/** How many syntax errors of one document are named; most of them follow from the first. */
const MAX_SYNTAX_PROBLEMS = 3;

function syntaxProblems({ errors }: Document.Parsed, lines: LineCounter): string[] {
  return errors.slice(0, MAX_SYNTAX_PROBLEMS).map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `line ${line}, column ${col}: ${message}`;
  });
}

function checkSize(text: string): string[] {
  const size = Buffer.byteLength(text);
  return size <= MAX_YAML_BYTES
    ? []
    : [`it has ${size} bytes; split it into texts of ${MAX_YAML_BYTES} at most`];
}

function checkCount(count: number): string[] {
  if (count <= MAX_YAML_OBJECTS) return [];
  return [`it has ${count} objects; split it into texts of ${MAX_YAML_OBJECTS} at most`];
}
