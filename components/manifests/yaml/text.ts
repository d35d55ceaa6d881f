/**
 * Text that every reader takes as text, plain: it begins with a letter or "/", holds no ": " and no " #", and is no
 * word that YAML 1.1 or 1.2 reads as a truth value, as nothing or as a number.
 */
const PLAIN = /^[A-Za-z/](?:[\w./@+=,-]|:(?=[\w./@+=,-])| (?=[\w./@+=,-]))*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?\d+)$/i;
/** Longest plain text, in characters: beyond it a line is read by machines, and quotes do not hurt. */
const MAX_PLAIN = 128;

/** What a double-quoted text has to escape beside what JSON does: line breaks of YAML 1.1, marks, controls. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Lines that every reader gives back as they are: printable, the first one not indented, none of blanks alone. */
const BLOCK =
  /^(?!\s)[\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]+$/u;
const BLANK_LINE = /\n[\t ]+(?:\n|$)/;

/** Whether a text has half of a surrogate pair alone, which is no character and has no bytes in UTF-8. */
export function hasLoneSurrogate(text: string): boolean {
  // Newer than the library's type definitions, older than the oldest Node that it runs on.
  return !(text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** A key, or a text on one line. */
export function lineText(text: string): string {
  return text.length <= MAX_PLAIN && PLAIN.test(text) && !WORDS.test(text) ? text : quoted(text);
}

/** A text as a value: lines in a block when they survive in one, else on one line. `indent` is that of its lines. */
export function valueText(text: string, indent: string): string {
  if (!text.includes("\n") || !fitsBlock(text)) return lineText(text);
  const ends = text.endsWith("\n");
  const lines = (ends ? text.slice(0, -1) : text).split("\n");
  return [ends ? "|" : "|-", ...lines.map((line) => (line === "" ? "" : indent + line))].join("\n");
}

function fitsBlock(text: string): boolean {
  return BLOCK.test(text) && !text.endsWith("\n\n") && !BLANK_LINE.test(text);
}

function quoted(text: string): string {
  const json = JSON.stringify(text);
  return json.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A number that readers of YAML 1.1 and 1.2 take as one: they want a point before an exponent. */
export function numberText(value: number): string {
  const text = JSON.stringify(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}
