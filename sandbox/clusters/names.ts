/** RFC 1123, section 2.1, as Kubernetes has it: https://kubernetes.io/docs/concepts/overview/working-with-objects/names */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What is wrong with these names for clusters; empty when nothing is. They become contexts, file names and keys in etcd. */
export function checkClusterNames(names: readonly string[]): string[] {
  const malformed = names
    .filter((name) => !DNS_LABEL.test(name))
    .map(
      (name) =>
        `cluster name ${JSON.stringify(name)} is no DNS label; use 1 to 63 of a-z, 0-9 and "-", with a letter or digit at both ends`,
    );
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...malformed,
    ...[...repeated].map((name) => `cluster name ${JSON.stringify(name)} is given twice; leave one out`),
  ];
}

/** @throws with every problem of {@link checkClusterNames} */
export function assertClusterNames(names: readonly string[]): void {
  const problems = checkClusterNames(names);
  if (problems.length === 0) return;
  throw new Error(["No cluster was started:", ...problems.map((problem) => `  - ${problem}`)].join("\n"));
}
