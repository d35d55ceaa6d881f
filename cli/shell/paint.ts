import { styleText } from "node:util";

/** Colours and weights that a terminal can show. */
export const STYLES = ["bold", "dim", "red", "green", "yellow", "blue", "cyan"] as const;
export type Style = (typeof STYLES)[number];

/** Gives a text a style; without colours it is the text itself. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/**
 * Whether a stream gets colours: a terminal does, unless `NO_COLOR` is set or the terminal is a dumb one. `FORCE_COLOR`
 * gives them to any stream. Source: no-color.org; Node.js, "tty".
 */
export function hasColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
