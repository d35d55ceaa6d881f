const DOCUMENTATION = "https://docs.github.com/rest";

export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
}

/** An answer of the GitHub API that is no success, in GitHub's shape. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];

  constructor(status: number, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function renderRefusal({ message, status, errors }: Refusal): Record<string, unknown> {
  const details = errors.length === 0 ? {} : { errors };
  return { message, ...details, documentation_url: DOCUMENTATION, status: String(status) };
}

export const badCredentials = (): Refusal => new Refusal(401, "Bad credentials");
export const authenticationRequired = (): Refusal => new Refusal(401, "Requires authentication");
export const notFound = (): Refusal => new Refusal(404, "Not Found");
export const forbidden = (message = "Resource not accessible by personal access token"): Refusal =>
  new Refusal(403, message);
export const conflict = (message: string): Refusal => new Refusal(409, message);
export const unprocessable = (message: string): Refusal => new Refusal(422, message);

/** GitHub's 422 for one field. */
export function invalid(resource: string, field: string, message: string): Refusal {
  return new Refusal(422, "Validation Failed", [{ resource, field, code: "custom", message }]);
}

export const missing = (field: string): Refusal =>
  unprocessable(`Invalid request.\n\n"${field}" wasn't supplied.`);
