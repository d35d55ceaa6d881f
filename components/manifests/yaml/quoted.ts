import type { CST } from "yaml";
import { libraries } from "../../libraries";
import { MAX_QUOTED_LENGTH } from "./limits";

/** Shorter ones take no more memory than their characters do. */
const MIN_LENGTH = 13;

/** What was read of quoted texts, by the token that stands for each. */
export type QuotedTexts = WeakMap<CST.Token, string>;

/** What is wrong with a quoted text, and where it stands. */
export interface QuotedProblem {
  readonly offset: number;
  readonly problem: string;
}

/**
 * Reads the quoted texts of a document one after the other, and leaves empty ones in their place. The parser makes a
 * quoted text character by character, and what V8 keeps of that takes 32 bytes for each: of all texts of a document at
 * once that is many times its size.
 *
 * @returns what is wrong with them, the first of each.
 */
export function takeQuoted(document: CST.Token, texts: QuotedTexts): QuotedProblem[] {
  const problems: QuotedProblem[] = [];
  for (const token of quotedTokens(document)) {
    if (token.source.length < MIN_LENGTH) continue;
    const { text, problem } = readQuoted(token);
    texts.set(token, text);
    if (problem !== undefined) problems.push(problem);
    // A key on several lines is refused by its line break.
    const quote = token.source.slice(0, 1);
    token.source = quote + (token.source.includes("\n") ? "\n" : "") + quote;
  }
  return problems;
}

function readQuoted(token: CST.FlowScalar): { readonly text: string; readonly problem?: QuotedProblem } {
  const { offset, source } = token;
  if (source.length > MAX_QUOTED_LENGTH) {
    const limit = `a quoted text has more than ${MAX_QUOTED_LENGTH} characters`;
    return { text: "", problem: { offset, problem: `${limit}; no cluster takes an object of that size` } };
  }
  const problems: QuotedProblem[] = [];
  const { value } = libraries.yaml.CST.resolveAsScalar(token, true, (place, _code, problem) => {
    if (problems.length === 0) problems.push({ offset: place, problem });
  });
  const [problem] = problems;
  return { text: inOnePiece(value), ...(problem === undefined ? {} : { problem }) };
}

type Tokens = (CST.Token | null | undefined)[];

/** In their order. Without recursion, since a text may be nested as deep as it is long. */
function* quotedTokens(document: CST.Token): Iterable<CST.FlowScalar> {
  const open: Tokens = [document];
  while (open.length > 0) {
    const token = open.pop();
    if (token?.type === "single-quoted-scalar" || token?.type === "double-quoted-scalar") yield token;
    else pushInside(open, token);
  }
}

/** The last one first. There may be more of them than a call takes arguments. */
function pushInside(open: Tokens, token: CST.Token | null | undefined): void {
  if (token?.type === "document") open.push(token.value);
  if (token === null || token === undefined || !("items" in token)) return;
  for (let index = token.items.length - 1; index >= 0; index--)
    open.push(token.items[index]!.value, token.items[index]!.key);
}

/** A copy: what else puts the pieces of a text together, an optimizing compiler may leave out. */
function inOnePiece(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
