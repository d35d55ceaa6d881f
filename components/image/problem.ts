/** Why an image cannot be had: a sentence for the user, with what to do, and without any secret. */
export class ImageProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ImageProblem";
  }
}
