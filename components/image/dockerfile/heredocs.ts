/** The start of a heredoc: the line that ends it, and whether tabs before that are taken off. */
export interface Heredoc {
  readonly name: string;
  readonly stripsTabs: boolean;
}

/** `<<EOF`, `3<<-EOF`, `<<"EOF"`. Source: moby/buildkit, `frontend/dockerfile/parser`. */
const HEREDOC = /^\d*<<(-?)(?:([^<"'\s]+)|"([^"]+)"|'([^']+)')$/;
const WITH_HEREDOCS = new Set(["RUN", "COPY", "ADD"]);

/** The heredocs that an instruction's words begin, in order; only `RUN`, `COPY` and `ADD` have any. */
export function heredocNames([first = "", second = "", ...rest]: readonly string[]): Heredoc[] {
  const isTrigger = first.toUpperCase() === "ONBUILD";
  if (!WITH_HEREDOCS.has((isTrigger ? second : first).toUpperCase())) return [];
  return [second, ...rest].flatMap((word) => {
    const [, dash, bare, double, single] = HEREDOC.exec(word) ?? [];
    const name = bare ?? double ?? single;
    return name === undefined ? [] : [{ name, stripsTabs: dash === "-" }];
  });
}
