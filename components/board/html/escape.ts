const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text in an element or a quoted attribute. Control characters, which HTML has no way to write, become a sign. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "\ufffd")
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** A moment, for people and for programs. */
export function timeElement(at: Date): string {
  const iso = at.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}
