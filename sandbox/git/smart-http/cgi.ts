export interface CgiHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What came after the empty line. */
  readonly rest: Buffer;
}

/** More than `git http-backend` ever writes before its body. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Splits what a CGI program wrote (RFC 3875, section 6) into head and body; undefined when the head has not ended.
 *
 * @throws when the head is longer than any that Git writes.
 */
export function parseCgiHead(bytes: Buffer): CgiHead | undefined {
  const crlf = bytes.indexOf("\r\n\r\n");
  const lf = bytes.indexOf("\n\n");
  const [end, gap] = crlf >= 0 && (lf < 0 || crlf < lf) ? [crlf, 4] : [lf, 2];
  if (end < 0) {
    if (bytes.length > MAX_HEAD_BYTES) throw new Error("git http-backend wrote a head without an end.");
    return undefined;
  }
  const lines = bytes.subarray(0, end).toString("latin1").split(/\r?\n/);
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(":")),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  const { Status: status = "200", ...headers } = Object.fromEntries(pairs) as Record<string, string>;
  return { status: Number.parseInt(status, 10), headers, rest: bytes.subarray(end + gap) };
}
