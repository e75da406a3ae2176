/** Files in the fragment of an address: it never leaves the browser. */

export interface File {
  path: string;
  text: string;
}

const KEY = "#files=";

export async function toFragment(files: File[]): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(files)), new CompressionStream("deflate-raw"));
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return KEY + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a fragment holds; `undefined` where it holds no files or is broken. */
export async function fromFragment(fragment: string): Promise<File[] | undefined> {
  if (!fragment.startsWith(KEY)) {
    return undefined;
  }
  try {
    const text = atob(fragment.slice(KEY.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const files: unknown = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
    if (Array.isArray(files) && files.length > 0 && files.every((it) => typeof it?.path === "string" && typeof it?.text === "string")) {
      return files.map(({ path, text }) => ({ path, text }));
    }
  } catch {
    // A link that was cut: the page starts as without it.
  }
  return undefined;
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const read = new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
  return new Uint8Array(await read);
}
