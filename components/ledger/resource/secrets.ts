import * as pulumi from "@pulumi/pulumi";
import { Mistake } from "../../mistake";

/**
 * The same value, if it is no secret. What is in Git stays there for everybody who can read the repository, so a
 * secret is refused by the name of its field and never by its value. A plain value cannot be marked secret.
 */
function notSecret(field: string, value: pulumi.Input<string>): pulumi.Input<string> {
  return typeof value === "string" ? value : pulumi.output(unlessSecret(field, pulumi.output(value)));
}

/** @throws Mistake when it is a secret. */
export async function unlessSecret<T>(field: string, output: pulumi.Output<T>): Promise<pulumi.Output<T>> {
  if (!(await pulumi.isSecret(output))) return output;
  throw new Mistake("Publication", [
    `${field} is a secret, and would be readable in Git; refer to it by name, or encrypt it before`,
  ]);
}

/** The same record, if nothing in it is a secret. */
export function noneSecret(
  field: string,
  record: Readonly<Record<string, pulumi.Input<string> | undefined>>,
): Record<string, pulumi.Input<string>> {
  const given = Object.entries(record).filter(
    (pair): pair is [string, pulumi.Input<string>] => pair[1] !== undefined,
  );
  return Object.fromEntries(
    given.map(([name, value]) => [name, notSecret(`${field}[${JSON.stringify(name)}]`, value)]),
  );
}
