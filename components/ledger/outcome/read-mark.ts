/** What the file of a mark says, as far as later deliveries read it. */
export interface Mark {
  /** Content hash of what each cluster ran when all of it had succeeded. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Which cluster each name meant then. */
  readonly identities: Readonly<Record<string, string>>;
}

/** What a mark's file says; nothing when it is none. */
export function readMark(text: string | undefined): Mark {
  try {
    const { clusters = {}, identities = {} } = JSON.parse(text ?? "{}") as Partial<Mark>;
    return { clusters, identities };
  } catch {
    return { clusters: {}, identities: {} };
  }
}
