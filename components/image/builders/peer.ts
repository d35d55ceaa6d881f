import { ImageProblem } from "../problem";

/**
 * Loads a package that only one builder needs.
 *
 * @throws ImageProblem that says what to install when it is not there.
 */
export function loadPeer<T>(builder: string, name: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes(`'${name}'`)) throw error;
    throw new ImageProblem(
      `builder ${builder} needs the package ${name}, which is not installed; run "npm install ${name}".`,
    );
  }
}
