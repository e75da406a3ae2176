/** What `build.sh` makes. */
declare module "engine" {
  export class Session {
    constructor();
    put(path: string, text: string): void;
    remove(path: string): void;
    receive(message: string, last: boolean): string[];
  }
  export default function init(options: { module_or_path: Uint8Array | string }): Promise<unknown>;
}
