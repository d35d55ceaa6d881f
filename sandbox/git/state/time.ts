/** Now, as GitHub writes times: UTC, whole seconds. */
export const timestamp = (at: Date = new Date()): string => `${at.toISOString().slice(0, 19)}Z`;
