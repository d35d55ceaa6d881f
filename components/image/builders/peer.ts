import { tryPeer } from "../../peer";
import { ImageProblem } from "../problem";

/**
 * Loads a package that only one builder needs.
 *
 * @throws ImageProblem that says what to install when it is not there.
 */
export function loadPeer<T>(builder: string, name: string, load: () => T): T {
  const peer = tryPeer(name, load);
  if (peer !== undefined) return peer;
  throw new ImageProblem(
    `builder ${builder} needs the package ${name}, which is not installed; run "npm install ${name}".`,
  );
}
