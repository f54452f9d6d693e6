/**
 * The TypeScript loader of the tests resolves no pattern with an ending (`"./src/*.js"` in the `exports` of hyparquet), which
 * Node itself does since 16.10: these go past it. Node asks the hook that was registered last first.
 */
import { register } from 'node:module';

const hook = `export function resolve(specifier, context, next) {
  const found = /^hyparquet\\/src\\/[a-z-]+\\.js$/.test(specifier);
  const url = new URL('../node_modules/' + specifier, ${JSON.stringify(import.meta.url)}).href;
  return found ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
