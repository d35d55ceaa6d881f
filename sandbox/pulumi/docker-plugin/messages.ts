import type { CheckResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Problem } from "./inputs.ts";
import { asObject, changesBetween, propertyStruct } from "./properties.ts";
import type { Change, Properties } from "./properties.ts";

export function checkResponse(inputs: Properties, problems: readonly Problem[]): CheckResponse {
  const failures = problems.map(({ property, reason }) =>
    new providerPb.CheckFailure().setProperty(property).setReason(reason),
  );
  return new providerPb.CheckResponse().setInputs(propertyStruct(inputs)).setFailuresList(failures);
}

/** A login that changed builds nothing anew: tokens of registries are often good for minutes only. */
function withoutLogin(inputs: Properties): Properties {
  const { server } = asObject(inputs["registry"]);
  const others = Object.entries(inputs).filter(([name]) => name !== "registry");
  return { ...Object.fromEntries(others), ...(server === undefined ? {} : { registry: { server } }) };
}

/** What the engine is told about changed inputs: any change but a login's is an update, none replaces the image. */
export function diffResponse(before: Properties, after: Properties): DiffResponse {
  const changes = changesBetween(withoutLogin(before), withoutLogin(after));
  const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
  const response = new providerPb.DiffResponse()
    .setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME)
    .setHasdetaileddiff(true);
  for (const [path, change] of changes) {
    const difference = new providerPb.PropertyDiff().setKind(kindOf(change)).setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}

function kindOf(change: Change): 0 | 2 | 4 {
  const { ADD, DELETE, UPDATE } = providerPb.PropertyDiff.Kind;
  return { add: ADD, delete: DELETE, update: UPDATE }[change] as 0 | 2 | 4;
}
