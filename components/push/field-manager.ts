/**
 * Who applies, as `metadata.managedFields` shows it. It never changes, and its prefix is what a Flux agent takes
 * over by (`--override-manager=pulumi-kubernetes`).
 */
export const FIELD_MANAGER = "pulumi-kubernetes-delivery";
