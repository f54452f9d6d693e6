/** Reads the TypeScript of the tests, and of what they start: `--import=tsx` itself would not in a worker. */
import { register } from 'tsx/esm/api';

register();
