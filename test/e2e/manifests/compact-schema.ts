/**
 * Makes the compact schema of `components/manifests/schema/kubernetes.ts` of what an API server says at
 * `/openapi/v2`. One letter stands for a simple type: `s` text, `i` whole number, `n` number, `b` truth value,
 * `q` text or number, `*` anything; `s(A|B)` is one of these texts, `[x` a list of x, `{x` an object with values x,
 * `#T` the type T. A field's name with `!` at its end has to be there.
 */
export function compactSchema({ definitions }: OpenApi): CompactSchema {
  const served = Object.entries(definitions).flatMap(([name, definition]) =>
    (definition["x-kubernetes-group-version-kind"] ?? []).map((kind) => ({ name, ...kind })),
  );
  const objects = served.filter(({ name }) => definitions[name]?.properties?.["metadata"]?.$ref === META);
  const kinds: Record<string, string> = {};
  for (const { name, group, version, kind } of objects)
    kinds[[...(group ? [group] : []), version, kind].join("/")] = shortName(name);
  const types: Record<string, Record<string, string>> = {};
  const visit = (name: string): void => {
    const short = shortName(name);
    if (types[short] !== undefined) return;
    types[short] = fieldsOf(definitions[name] ?? {}, definitions);
    for (const code of Object.values(types[short])) {
      const target = /#(.*)$/.exec(code)?.[1];
      const full =
        target === undefined
          ? undefined
          : PREFIXES.map((prefix) => prefix + target).find((one) => one in definitions);
      if (full !== undefined) visit(full);
    }
  };
  for (const { name } of objects) visit(name);
  return { kinds: sorted(kinds), types: sorted(types) };
}

export interface CompactSchema {
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface OpenApi {
  readonly definitions: Readonly<Record<string, Definition>>;
}

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
}

const META = "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
/** Taken off names, which stay unique. */
const PREFIXES = [
  "io.k8s.api.",
  "io.k8s.apimachinery.pkg.apis.",
  "io.k8s.apiextensions-apiserver.pkg.apis.",
  "io.k8s.kube-aggregator.pkg.apis.",
];
const TEXT_OR_NUMBER = [
  "io.k8s.apimachinery.pkg.api.resource.Quantity",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
];

function shortName(name: string): string {
  const prefix = PREFIXES.find((one) => name.startsWith(one)) ?? "";
  return name.slice(prefix.length);
}

function fieldsOf(
  { properties = {}, required = [] }: Definition,
  all: OpenApi["definitions"],
): Record<string, string> {
  const fields = Object.entries(properties).map(([name, definition]) => {
    const code = name === "status" || name === "managedFields" ? "*" : codeOf(definition, all);
    return [required.includes(name) ? `${name}!` : name, code];
  });
  return sorted(Object.fromEntries(fields) as Record<string, string>);
}

function codeOf(definition: Definition, all: OpenApi["definitions"]): string {
  const { $ref, type } = definition;
  if ($ref !== undefined) return codeOfRef($ref.replace("#/definitions/", ""), all);
  if (type === "array") return `[${codeOf(definition.items ?? {}, all)}`;
  if (type === "object" && definition.additionalProperties !== undefined)
    return `{${codeOf(definition.additionalProperties, all)}`;
  if (type === "string" && definition.enum !== undefined) return `s(${definition.enum.join("|")})`;
  if (definition.format === "int-or-string") return "q";
  return { string: "s", integer: "i", number: "n", boolean: "b" }[type ?? ""] ?? "*";
}

function codeOfRef(name: string, all: OpenApi["definitions"]): string {
  if (TEXT_OR_NUMBER.includes(name)) return "q";
  const definition = all[name] ?? {};
  return definition.properties === undefined ? codeOf(definition, all) : `#${shortName(name)}`;
}

function sorted<A>(record: Readonly<Record<string, A>>): Record<string, A> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The module's text. */
export function schemaModule(schema: CompactSchema, version: string): string {
  return [
    `/** Of Kubernetes ${version}, from \`/openapi/v2\` of its API server by test/e2e/manifests/schema.test.ts. */`,
    `export const SCHEMA_VERSION = "${version}";`,
    "",
    "/** JSON; `schema/types.ts` explains the codes. */",
    `export const SCHEMA_TEXT =\n  '${JSON.stringify(schema)}';`,
    "",
  ].join("\n");
}
