import * as pulumi from "@pulumi/pulumi";
import { hideStack, problemText } from "./mistake";

/**
 * Fails a component with every problem of its arguments at once, before its first child exists.
 *
 * @throws pulumi.ResourceError tied to the component and shown without a stack trace.
 */
export function assertValid(component: pulumi.Resource, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw tiedError(component, problemText("Invalid arguments", problems));
}

/** An error of a component that is for the user, who gets no stack trace. */
export function tiedError(component: pulumi.Resource, message: string): pulumi.ResourceError {
  const error = new pulumi.ResourceError(message, component, true);
  hideStack(error);
  return error;
}
