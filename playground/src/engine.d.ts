/** What `web/build.sh` makes. */
declare module "engine" {
  export class Session {
    constructor();
    put(path: string, text: string): void;
    remove(path: string): void;
    receive(message: string, last: boolean): string[];
    free(): void;
  }
  export default function init(options: { module_or_path: URL }): Promise<unknown>;
}

declare const EXAMPLES: { title: string; files: { path: string; text: string }[] }[];
