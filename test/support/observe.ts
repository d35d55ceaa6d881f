import * as pulumi from "@pulumi/pulumi";

/** Every resource that a program would register, in the order in which the engine heard of it. */
export type World = pulumi.runtime.MockResourceArgs[];

export interface ObserveOptions {
  /** Whether ids and computed outputs are unknown, as in a preview. */
  readonly preview?: boolean;
  /** Outputs that a resource has beside its inputs. */
  readonly outputs?: (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
}

/** Runs a program under the fake engine and waits until all of it is registered. */
export async function observe(program: () => unknown, options: ObserveOptions = {}): Promise<World> {
  const { preview = false, outputs } = options;
  const world: World = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        world.push(args);
        const state = { ...args.inputs, ...outputs?.(args) };
        return { id: preview ? undefined : `${args.name}-id`, state };
      },
      call: (args) => {
        throw new Error(`unexpected call to ${args.token}`);
      },
    },
    "project",
    "stack",
    preview,
  );
  try {
    await program();
  } finally {
    await pulumi.runtime.disconnect();
  }
  return world;
}
