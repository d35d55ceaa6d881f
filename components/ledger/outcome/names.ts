/** The folder of a ledger's branch that says what has succeeded last. */
export const VERIFIED_FOLDER = "verified";

/** The trailer `Delivery-Outcome` of a mark: everything that was told before it has succeeded. */
export const VERIFIED = "verified";

/** The trailer of a mark after which some clusters had failed their checks and were let through: nothing has succeeded yet. */
export const PARTIAL = "partial";

/** The file in it. */
export const MARK_FILE = `${VERIFIED_FOLDER}/release.json`;
