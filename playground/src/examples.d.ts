/** What `build.mjs` puts in. */
declare const EXAMPLES: { title: string; files: { path: string; text: string }[] }[];
