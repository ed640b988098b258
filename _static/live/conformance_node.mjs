/* node conformance_node.mjs [FILE]: runs the conformance file; exit code 1 if a case fails. */
import { readFileSync } from "node:fs";
import { run } from "./conformance.mjs";

const place = process.argv[2] ?? new URL("conformance.json", import.meta.url);
const { cases, passed, failed } = run(JSON.parse(readFileSync(place)));
console.log(`${passed} of ${cases} cases pass`);
failed.slice(0, 20).forEach(line => console.log(line.slice(0, 400)));
process.exitCode = failed.length ? 1 : 0;
