import { freePort } from "../processes/index.ts";
import { kept } from "./files.ts";

/** A port for each name, the same ones at every call with this file. */
export async function keptPorts<N extends string>(
  file: string,
  names: readonly N[],
): Promise<Readonly<Record<N, number>>> {
  return kept(file, async () => {
    const ports = new Set<number>();
    while (ports.size < names.length) ports.add(await freePort());
    const numbers = [...ports];
    return Object.fromEntries(names.map((name, at) => [name, numbers[at]])) as Record<N, number>;
  });
}
