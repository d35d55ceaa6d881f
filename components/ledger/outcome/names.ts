/** The folder of a ledger's branch that says what has succeeded last. */
export const VERIFIED_FOLDER = "verified";

/** The trailer `Delivery-Outcome` of a mark: everything that was told before it has succeeded. */
export const VERIFIED = "verified";

/** The trailer of a mark with clusters that failed their checks and were let through, were not seen to run it, or were brought back: not verified. */
export const PARTIAL = "partial";

/** The file in it. */
export const MARK_FILE = `${VERIFIED_FOLDER}/release.json`;
