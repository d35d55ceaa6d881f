const LAST_LINES = 40;
const TITLE_WIDTH = 20;

/** What the demo tells while it works: a line when a step begins, one when it has ended. */
export class Say {
  line(title: string, text: string): void {
    console.log(`${title.padEnd(TITLE_WIDTH)} ${text}`);
  }

  /** Runs a step. What it prints is shown only when it fails. */
  async during<T>(
    title: string,
    step: (onOutput: (text: string) => void) => Promise<{ readonly result: T; readonly said: string }>,
  ): Promise<T> {
    const begun = performance.now();
    const output: string[] = [];
    const stop = waiting(title);
    try {
      const { result, said } = await step((text) => output.push(text));
      stop();
      this.line(title, `${said} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      stop();
      const told = output.join("").trimEnd() || (error as Error).message;
      throw new Error(`${title} failed:\n${told.split("\n").slice(-LAST_LINES).join("\n")}`);
    }
  }
}

/** The step and its seconds on a terminal, one plain line elsewhere. Returns what ends it. */
function waiting(title: string): () => void {
  if (!process.stdout.isTTY) return () => {};
  const begun = performance.now();
  const draw = (): void => {
    process.stdout.write(
      `\r${title.padEnd(TITLE_WIDTH)} … ${Math.round((performance.now() - begun) / 1000)} s`,
    );
  };
  draw();
  const timer = setInterval(draw, 1000);
  return () => {
    clearInterval(timer);
    process.stdout.write("\r\u001b[K");
  };
}
