/** One word: any run of double-quoted, single-quoted, escaped and plain text. */
const WORD = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs;
const PART = /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|([^\s"'\\])/gs;

/**
 * Splits a line into words as a POSIX shell does, without expanding anything: blanks separate, quotes and
 * backslashes keep together. An unclosed quote separates like a blank.
 */
export function splitWords(line: string): string[] {
  return (line.match(WORD) ?? []).map((word) => word.replace(PART, unquote));
}

function unquote(_part: string, ...groups: (string | undefined)[]): string {
  const [double, single, escaped, plain] = groups;
  return double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? escaped ?? plain ?? "";
}
