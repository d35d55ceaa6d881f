/**
 * What a plain word of YAML means to kubectl and helm, which read YAML 1.1 with `go.yaml.in/yaml/v2`: there `0644` is
 * 420, `yes` is true, `1:30` and dates are text. Source: its `resolve.go`.
 */
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, true] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const INTEGER = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;

/** The value of a plain scalar; undefined when it is a number that JSON cannot hold. */
export function plainScalar(text: string): string | number | boolean | null | undefined {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) return undefined;
  if (!/^[-+.\d]/.test(text)) return text;
  // Between digits, underscores are for people; a number that begins with a point has none.
  const digits = text.startsWith(".") ? text : text.replaceAll("_", "");
  return integerOf(digits) ?? (FLOAT.test(digits) ? finite(Number(digits)) : text);
}

function integerOf(digits: string): number | undefined {
  const match = INTEGER.exec(digits);
  if (match === null) return undefined;
  const [, sign, body = ""] = match;
  const size = Number(/^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body);
  return sign === "-" && size !== 0 ? -size : size;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
