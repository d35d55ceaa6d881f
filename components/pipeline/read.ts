import type { StackSettings } from "./settings";

/** What is asked of `new pulumi.Config("delivery")`. */
export interface SettingsReader {
  get(key: string): string | undefined;
  getObject<T>(key: string): T | undefined;
}

/** The keys below `delivery:` that are whole blocks. */
const BLOCKS = [
  ...["release", "config", "hold", "override"],
  ...["pins", "retired", "rebuilt", "adopt", "allow"],
] as const;

/** What a stack's file says, but for the stack's name. */
export interface ReadSettings extends Omit<StackSettings, "stack"> {
  readonly registry?: string;
}

/**
 * Everything that a stack's file may say below `delivery:`. The program reads its own configuration and passes it here,
 * so that a key which a later version knows needs no change of the program.
 *
 * @example
 * const config = new pulumi.Config("delivery");
 * new Pipeline("shop", { pipeline, stack: pulumi.getStack(), root: pulumi.getRootDirectory(), ...stackSettings(config) });
 */
export function stackSettings(config: SettingsReader): ReadSettings {
  const blocks = BLOCKS.map((key) => [key, config.getObject<unknown>(key)] as const);
  const texts = (["registry", "ledger"] as const).map((key) => [key, config.get(key)] as const);
  return Object.fromEntries([...blocks, ...texts].filter(([, value]) => value !== undefined));
}
