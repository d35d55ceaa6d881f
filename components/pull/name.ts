/** Name of all that tells an agent of an application, in its namespace. */
export const pullName = (app: string): string => `${app}-delivery`;
