/** A package that only some users need; undefined when it is not installed. */
export function tryPeer<T>(name: string, load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes(`'${name}'`)) throw error;
    return undefined;
  }
}
