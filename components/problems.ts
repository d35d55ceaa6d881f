import * as pulumi from "@pulumi/pulumi";
import { problemText } from "./mistake";

/**
 * Fails a component with every problem of its arguments at once, before its first child exists.
 *
 * @throws pulumi.ResourceError tied to the component and shown without a stack trace.
 */
export function assertValid(component: pulumi.Resource, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new pulumi.ResourceError(problemText("Invalid arguments", problems), component, true);
}
