/** Which kind of object. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Which object; any manifest is one. Without `namespace`, an object of a namespaced kind is in `default`. */
export interface ObjectRef extends KindRef {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** An object as the API server has it. */
export interface KubeObject extends ObjectRef {
  readonly metadata: ObjectRef["metadata"] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly Readonly<Record<string, unknown>>[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** Which objects of a kind. */
export interface ListQuery {
  /** @default all namespaces */
  readonly namespace?: string;
  /** @example "app=web" */
  readonly labelSelector?: string;
}

/** The entry of a namespaced object's condition of that type that says "True", as `Ready` or `Complete`. */
export function isTrue(object: KubeObject | undefined, condition: string): boolean {
  const conditions = (object?.status?.["conditions"] ?? []) as readonly { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === condition && status === "True");
}
