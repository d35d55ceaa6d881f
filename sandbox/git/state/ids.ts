import { readJson, writeJson } from "./json.ts";

/** Numbers that are never given twice, in whatever repository: GitHub's ids are of this kind. */
export class Ids {
  readonly #path: string;
  #last: number;

  constructor(path: string) {
    this.#path = path;
    this.#last = readJson(path, 1000);
  }

  next(): number {
    this.#last += 1;
    writeJson(this.#path, this.#last);
    return this.#last;
  }
}
